internal import Atmospheres

/// How a process of Atmos ended.
enum AtmosEnding: Sendable, Equatable {
    /// Why the driver ended it.
    enum Stop: Sendable, Equatable {
        /// Its state was not a number.
        case notFinite
        /// It ran longer than its limit.
        case timeLimit
        /// Model time no longer grew.
        case noGrowth
    }

    case exited(Int32)
    case signalled(Int32)
    case stopped(Stop)
}

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
