internal import Atmospheres

/// What is to be said of a run that gave no answer to use.
struct AtmosFailure: Error, Sendable, Equatable {
    let reason: Reason
    /// In words, for the log.
    let detail: String

    init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    var outcome: Outcome { AtmosReason.outcome(of: reason) }
}
