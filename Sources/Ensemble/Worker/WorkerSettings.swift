/// How a worker treats its master. Times are in seconds.
public struct WorkerSettings: Sendable {
    /// Results are sent after this long even if the batch continues.
    public var longestSilence = 0.05
    /// Time without a message from the master after which it counts as lost.
    public var masterLimit = 45.0
    /// Between heartbeats to the master.
    public var heartbeat = 5.0

    /// Creates the default settings.
    public init() {}
}
