internal import Children

/// Decides whether a chemistry run has converged; neither its exit code nor its report of completion is sufficient.
enum PhotoVerdict {
    /// The model time at which the program considers its state steady, s.
    static let steadyAfter = 1e17

    /// Judges a run that has ended.
    ///
    /// - Parameters:
    ///   - ending: how it ended.
    ///   - progress: what it reported in both streams.
    ///   - dist: the condition of `out.dist`.
    /// - Throws: the reason why it did not converge.
    static func judge(
        _ ending: AtmosEnding, _ progress: PhotoProgress, dist: DistFile.Condition
    ) throws(AtmosFailure) {
        let at = progress.last.map { "step \($0.number), model time \($0.time) s" } ?? "no step"
        switch ending {
        case .stopped(.notFinite): throw AtmosFailure(AtmosReason.photoNaN, "stopped at \(at): not finite")
        case .stopped(.timeLimit): throw AtmosFailure(AtmosReason.photoTimeout, "stopped at its time limit, \(at)")
        case .stopped(.noGrowth):
            throw AtmosFailure(AtmosReason.photoNonconverged, "stopped because model time does not grow, \(at)")
        case .stopped(.stepLimit):
            throw AtmosFailure(AtmosReason.photoNonconverged, "stopped at the experiment's step limit, \(at)")
        case .stopped(.outputLimitExceeded):
            throw AtmosFailure(AtmosReason.photoError, "exceeded the output limit, \(at)")
        case .ended(.signalled(let signal)):
            throw AtmosFailure(AtmosReason.photoError, "terminated by signal \(signal), \(at)")
        case .ended(.exited): break
        }
        if let step = progress.firstNotFinite {
            throw AtmosFailure(AtmosReason.photoNaN, "not finite from step \(step) on")
        }
        if case .ended(.exited(let code)) = ending, code != 0 {
            throw AtmosFailure(
                AtmosReason.photoError, "exit code \(code), \(at): \(progress.runtimeError ?? "no message")")
        }
        if let error = progress.inputError ?? progress.runtimeError {
            throw AtmosFailure(AtmosReason.photoError, error)
        }
        // This is how a singular matrix ends the program, with exit code 0.
        guard progress.saysCompleted, let last = progress.last else {
            throw AtmosFailure(AtmosReason.photoError, "ended prematurely, \(at)")
        }
        guard last.time > steadyAfter else {
            throw AtmosFailure(AtmosReason.photoNonconverged, "out of steps, \(at)")
        }
        switch dist {
        case .good: break
        case .missing: throw AtmosFailure(AtmosReason.photoError, "out.dist was not written")
        case .incomplete(let lines, let expected):
            throw AtmosFailure(AtmosReason.photoError, "out.dist is incomplete: \(lines) of \(expected) lines")
        case .notFinite(let line): throw AtmosFailure(AtmosReason.photoNaN, "out.dist, line \(line): not finite")
        }
    }
}
