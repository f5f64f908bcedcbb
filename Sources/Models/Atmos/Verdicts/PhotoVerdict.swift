/// Whether a chemistry run converged. Neither its exit code nor its word for it is enough.
enum PhotoVerdict {
    /// Model time at which the program calls its state steady, s.
    static let steadyAfter = 1e17

    /// Judges a run that has ended.
    ///
    /// - Parameters:
    ///   - progress: finished, having seen both streams.
    ///   - dist: what is there of `out.dist`.
    /// - Throws: why it did not converge.
    static func judge(
        _ ending: AtmosEnding, _ progress: PhotoProgress, dist: DistFile.Condition
    ) throws(AtmosFailure) {
        let at = progress.last.map { "step \($0.number), model time \($0.time) s" } ?? "no step"
        switch ending {
        case .stopped(.notFinite): throw AtmosFailure(AtmosReason.photoNaN, "stopped at \(at): not a number")
        case .stopped(.timeLimit): throw AtmosFailure(AtmosReason.photoTimeout, "stopped at its time limit, \(at)")
        case .stopped(.noGrowth):
            throw AtmosFailure(AtmosReason.photoNonconverged, "given up: model time does not grow, \(at)")
        case .stopped(.stepLimit):
            throw AtmosFailure(AtmosReason.photoNonconverged, "stopped at the experiment's limit of steps, \(at)")
        case .stopped(.endlessOutput): throw AtmosFailure(AtmosReason.photoError, "wrote without end, \(at)")
        case .signalled(let signal): throw AtmosFailure(AtmosReason.photoError, "ended by signal \(signal), \(at)")
        case .exited: break
        }
        if let step = progress.firstNotFinite {
            throw AtmosFailure(AtmosReason.photoNaN, "not a number from step \(step) on")
        }
        if case .exited(let code) = ending, code != 0 {
            throw AtmosFailure(
                AtmosReason.photoError, "exit code \(code), \(at): \(progress.runtimeError ?? "no message")")
        }
        if let complaint = progress.complaint ?? progress.runtimeError {
            throw AtmosFailure(AtmosReason.photoError, complaint)
        }
        // A singular matrix ends the program so, with exit code 0.
        guard progress.saysCompleted, let last = progress.last else {
            throw AtmosFailure(AtmosReason.photoError, "ended before its end, \(at)")
        }
        guard last.time > steadyAfter else {
            throw AtmosFailure(AtmosReason.photoNonconverged, "out of steps, \(at)")
        }
        switch dist {
        case .good: break
        case .missing: throw AtmosFailure(AtmosReason.photoError, "out.dist was not written")
        case .stale: throw AtmosFailure(AtmosReason.photoError, "out.dist is that of an earlier run")
        case .incomplete(let lines, let expected):
            throw AtmosFailure(AtmosReason.photoError, "out.dist is incomplete: \(lines) lines of \(expected)")
        case .notFinite(let line): throw AtmosFailure(AtmosReason.photoNaN, "not a number in out.dist, line \(line)")
        }
    }
}
