/// How a child process ended.
public enum ExitStatus: Sendable, Equatable {
    /// The process exited with this code.
    case exited(Int32)
    /// The process was terminated by this signal.
    case signalled(Int32)

    /// The status as a shell reports it: the exit code, or 128 plus the signal number.
    public var code: Int16 {
        switch self {
        case .exited(let code): Int16(clamping: code)
        case .signalled(let signal): Int16(clamping: 128 + signal)
        }
    }
}
