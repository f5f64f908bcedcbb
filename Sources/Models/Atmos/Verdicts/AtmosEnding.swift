internal import Children

/// How a run of one of the two programs ended.
enum AtmosEnding: Sendable, Equatable {
    /// Why a program was stopped.
    enum Stop: Sendable, Equatable {
        /// Its state was not finite.
        case notFinite
        /// It exceeded its time limit.
        case timeLimit
        /// Model time no longer grew.
        case noGrowth
        /// It reached the step limit of the experiment.
        case stepLimit
        /// It exceeded the output limit (64 MiB).
        case outputLimitExceeded
    }

    /// The program ended by itself.
    case ended(ExitStatus)
    /// The program was stopped.
    case stopped(Stop)

    /// The status as a shell reports it: the exit code, or 128 plus the signal number.
    var code: Int16 {
        switch self {
        case .ended(let status): status.code
        case .stopped: 128 + 15
        }
    }
}
