internal import Children

/// Decides whether a climate run has finished with usable outputs.
enum ClimaVerdict {
    /// The outputs of the climate model, as far as they exist.
    struct Outputs: Sendable {
        /// `clima_allout.tab`; `nil` if missing or unreadable.
        var table: ClimaTable?
        /// `TempOut.dat`; `nil` if missing or unreadable.
        var profile: TemperatureProfile?
        /// Why an output could not be read, for the log.
        var complaint: String?
    }

    /// Judges a run that has ended.
    ///
    /// - Parameters:
    ///   - ending: how it ended.
    ///   - progress: what it reported in both streams.
    ///   - steps: NSTEPS of its input.
    ///   - outputs: its outputs.
    /// - Returns: the table and the final profile, complete and finite; ``ClimaSettling`` tells whether they are settled.
    /// - Throws: the reason why there is no result.
    static func judge(
        _ ending: AtmosEnding, _ progress: ClimaProgress, steps: Int, outputs: Outputs
    ) throws(AtmosFailure) -> (table: ClimaTable, profile: TemperatureProfile) {
        let at = "step \(progress.step) of \(steps)"
        switch ending {
        case .stopped(.timeLimit): throw AtmosFailure(AtmosReason.climaTimeout, "stopped at its time limit, \(at)")
        case .stopped(.notFinite): throw AtmosFailure(AtmosReason.climaCrash, "stopped at \(at): not finite")
        case .stopped(.noGrowth), .stopped(.stepLimit):
            throw AtmosFailure(AtmosReason.climaTimeout, "stopped at \(at)")
        case .stopped(.outputLimitExceeded):
            throw AtmosFailure(AtmosReason.climaError, "exceeded the output limit, \(at)")
        case .ended(.signalled(let signal)):
            throw AtmosFailure(
                AtmosReason.climaCrash, "terminated by \(progress.reportedSignal ?? "signal \(signal)"), \(at)")
        case .ended(.exited): break
        }
        if let signal = progress.reportedSignal { throw AtmosFailure(AtmosReason.climaCrash, "\(signal), \(at)") }
        if case .ended(.exited(let code)) = ending, code != 0 {
            throw AtmosFailure(
                AtmosReason.climaError, "exit code \(code), \(at): \(progress.runtimeError ?? "no message")")
        }
        if let error = progress.runtimeError { throw AtmosFailure(AtmosReason.climaError, error) }
        guard let table = outputs.table, let profile = outputs.profile else {
            throw AtmosFailure(AtmosReason.climaError, outputs.complaint ?? "outputs were not written")
        }
        guard table.steps.count == steps, table.steps.last?.number == steps else {
            throw AtmosFailure(AtmosReason.climaError, "clima_allout.tab has \(table.steps.count) steps, not \(steps)")
        }
        guard let last = table.last, last.carbonDioxide.count == ClimaTable.levelCount,
            last.fluxes.divergence.count == ClimaTable.levelCount
        else { throw AtmosFailure(AtmosReason.climaError, "its last tables are missing or truncated") }
        guard progress.saysCompleted else {
            throw AtmosFailure(AtmosReason.climaError, "ended prematurely, \(at)")
        }
        guard last.isFinite, table.steps.allSatisfy(\.isFinite), progress.firstNotFinite == nil else {
            throw AtmosFailure(AtmosReason.climaError, "its outputs have numbers that are not finite")
        }
        // Both are the surface temperature after the last step, with five and with fifteen digits.
        guard let printed = last.temperature.last, abs(printed - profile.surfaceTemperature) < 0.02 else {
            throw AtmosFailure(
                AtmosReason.climaError,
                "TempOut.dat ends at \(profile.surfaceTemperature) K, but the last table at "
                    + "\(last.temperature.last ?? .nan) K")
        }
        return (table, profile)
    }
}
