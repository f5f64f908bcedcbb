/// Whether a worker works, and why not.
public enum WorkerState: Equatable, Sendable {
    /// It works, or waits for work.
    case working
    /// The master said stop.
    case stopped
    /// The master has been silent for longer than the limit.
    case abandoned
}
