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
        /// It took as many steps as the experiment allows.
        case stepLimit
        /// It wrote and wrote.
        case endlessOutput
    }

    case exited(Int32)
    case signalled(Int32)
    case stopped(Stop)

    /// As a shell has it: the exit code, or 128 and the signal.
    var code: Int16 {
        switch self {
        case .exited(let code): Int16(clamping: code)
        case .signalled(let signal): Int16(clamping: 128 + signal)
        case .stopped: 128 + 15
        }
    }
}
