internal import Atmospheres

/// The error of a run without a usable result.
struct AtmosFailure: Error, Sendable, Equatable {
    /// The reason, for the results file.
    let reason: Reason
    /// The details, for the log.
    let detail: String

    /// Creates a failure.
    init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    /// The outcome of the point.
    var outcome: Outcome { AtmosReason.outcome(of: reason) }
}
