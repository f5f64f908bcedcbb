package import Atmospheres

/// Why a point has no settled Atmos solution: the codes and words of `reason` in the results file.
package enum AtmosReason {
    /// The chemistry used all its steps, or was given up, before 1e17 s of model time.
    package static let photoNonconverged = Reason(code: 40, name: "photo_nonconverged")
    /// The chemistry stopped with an error, or its outputs are missing or cut short.
    package static let photoError = Reason(code: 41, name: "photo_error")
    /// The chemistry's state is not a number.
    package static let photoNaN = Reason(code: 42, name: "photo_nan")
    /// The chemistry ran longer than its limit.
    package static let photoTimeout = Reason(code: 43, name: "photo_timeout")
    /// The climate model stopped with an error, or its outputs are missing or cut short.
    package static let climaError = Reason(code: 44, name: "clima_error")
    /// The climate model died by a signal: a floating-point exception.
    package static let climaCrash = Reason(code: 45, name: "clima_crash")
    /// The climate model ran longer than its limit.
    package static let climaTimeout = Reason(code: 46, name: "clima_timeout")
    /// The climate model ran to its end, and its surface temperature was still on its way.
    package static let climaUnsettled = Reason(code: 47, name: "clima_unsettled")

    /// All of them, by code.
    package static let all: [Reason] = [
        photoNonconverged, photoError, photoNaN, photoTimeout, climaError, climaCrash, climaTimeout, climaUnsettled,
    ]

    /// Whether it was the climate model, and not the chemistry.
    static func isClimate(_ reason: Reason) -> Bool {
        [climaError, climaCrash, climaTimeout, climaUnsettled].contains(reason)
    }

    /// What becomes of a point with this reason: without an answer to trust, or not run to an end.
    package static func outcome(of reason: Reason) -> Outcome {
        reason == photoNonconverged || reason == climaUnsettled ? .notConverged : .failed
    }
}
