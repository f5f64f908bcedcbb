/// How a child ended.
public enum ExitStatus: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)

    /// As a shell has it: the exit code, or 128 and the signal.
    public var code: Int16 {
        switch self {
        case .exited(let code): Int16(clamping: code)
        case .signalled(let signal): Int16(clamping: 128 + signal)
        }
    }
}
