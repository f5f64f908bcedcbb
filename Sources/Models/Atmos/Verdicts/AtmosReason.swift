internal import Atmospheres

/// The reasons why a point has no settled solution: the codes and names of `reason` in the results file.
enum AtmosReason {
    /// The chemistry used all its steps, or was stopped, before 1e17 s of model time.
    static let photoNonconverged = Reason(code: 40, name: "photo_nonconverged")
    /// The chemistry stopped with an error, or its outputs are missing or truncated.
    static let photoError = Reason(code: 41, name: "photo_error")
    /// The chemistry's state is not finite.
    static let photoNaN = Reason(code: 42, name: "photo_nan")
    /// The chemistry exceeded its time limit.
    static let photoTimeout = Reason(code: 43, name: "photo_timeout")
    /// The climate model stopped with an error, or its outputs are missing or truncated.
    static let climaError = Reason(code: 44, name: "clima_error")
    /// The climate model was terminated by a signal: a floating-point exception.
    static let climaCrash = Reason(code: 45, name: "clima_crash")
    /// The climate model exceeded its time limit.
    static let climaTimeout = Reason(code: 46, name: "clima_timeout")
    /// The climate model finished, but its surface temperature was still changing.
    static let climaUnsettled = Reason(code: 47, name: "clima_unsettled")

    /// All reasons, in order of code.
    static let all: [Reason] = [
        photoNonconverged, photoError, photoNaN, photoTimeout, climaError, climaCrash, climaTimeout, climaUnsettled,
    ]

    /// Returns whether the climate model failed, rather than the chemistry.
    static func isClimate(_ reason: Reason) -> Bool {
        [climaError, climaCrash, climaTimeout, climaUnsettled].contains(reason)
    }

    /// Returns the outcome of a point: `notConverged` if a model finished without a solution, otherwise `failed`.
    static func outcome(of reason: Reason) -> Outcome {
        reason == photoNonconverged || reason == climaUnsettled ? .notConverged : .failed
    }
}
