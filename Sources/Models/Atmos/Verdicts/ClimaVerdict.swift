/// Whether a climate run came to its end, and how settled its answer is.
enum ClimaVerdict {
    /// What is there of the climate model's outputs.
    struct Outputs: Sendable {
        /// `clima_allout.tab`; `nil` when missing, older than the run or unreadable.
        var table: ClimaTable?
        /// `TempOut.dat`; `nil` when missing, older than the run or unreadable.
        var profile: TemperatureProfile?
        /// What could not be read, for the log.
        var complaint: String?
    }

    /// Judges a run that has ended.
    ///
    /// - Parameters:
    ///   - progress: finished, having seen both streams.
    ///   - steps: NSTEPS of its input.
    /// - Returns: the run's table and end profile, complete and finite. How settled they are is another question:
    ///   ``ClimaSettling``.
    /// - Throws: why there is no answer.
    static func judge(
        _ ending: AtmosEnding, _ progress: ClimaProgress, steps: Int, outputs: Outputs
    ) throws(AtmosFailure) -> (table: ClimaTable, profile: TemperatureProfile) {
        let at = "step \(progress.step) of \(steps)"
        switch ending {
        case .stopped(.timeLimit): throw AtmosFailure(AtmosReason.climaTimeout, "stopped at its time limit, \(at)")
        case .stopped(.notFinite): throw AtmosFailure(AtmosReason.climaCrash, "stopped at \(at): not a number")
        case .stopped(.noGrowth), .stopped(.stepLimit):
            throw AtmosFailure(AtmosReason.climaTimeout, "given up at \(at)")
        case .stopped(.endlessOutput): throw AtmosFailure(AtmosReason.climaError, "wrote without end, \(at)")
        case .signalled(let signal):
            throw AtmosFailure(
                AtmosReason.climaCrash, "ended by \(progress.reportedSignal ?? "signal \(signal)"), \(at)")
        case .exited: break
        }
        if let signal = progress.reportedSignal { throw AtmosFailure(AtmosReason.climaCrash, "\(signal), \(at)") }
        if case .exited(let code) = ending, code != 0 {
            throw AtmosFailure(
                AtmosReason.climaError, "exit code \(code), \(at): \(progress.runtimeError ?? "no message")")
        }
        if let error = progress.runtimeError { throw AtmosFailure(AtmosReason.climaError, error) }
        guard let table = outputs.table, let profile = outputs.profile else {
            throw AtmosFailure(AtmosReason.climaError, outputs.complaint ?? "outputs were not written")
        }
        guard table.steps.count == steps, table.steps.last?.number == steps else {
            throw AtmosFailure(AtmosReason.climaError, "has rows of \(table.steps.count) steps, not \(steps)")
        }
        guard let last = table.last, last.carbonDioxide.count == ClimaTable.levelCount,
            last.fluxes.divergence.count == ClimaTable.levelCount
        else { throw AtmosFailure(AtmosReason.climaError, "its last tables are missing or cut short") }
        guard progress.saysCompleted else {
            throw AtmosFailure(AtmosReason.climaError, "ended before its end, \(at)")
        }
        guard last.isFinite, table.steps.allSatisfy(\.isFinite), progress.firstNotFinite == nil else {
            throw AtmosFailure(AtmosReason.climaError, "its outputs hold numbers that are not finite")
        }
        // Both are the surface of the last step, five digits against fifteen.
        guard let printed = last.temperature.last, abs(printed - profile.surfaceTemperature) < 0.02 else {
            throw AtmosFailure(
                AtmosReason.climaError,
                "TempOut.dat ends at \(profile.surfaceTemperature) K, and the last table at "
                    + "\(last.temperature.last ?? .nan) K")
        }
        return (table, profile)
    }
}
