/// How the master deals with its workers. Times in seconds.
public struct MasterSettings: Sendable {
    /// Work that a batch of points should be.
    public var batchTime = 1e-3
    public var largestBatch = 4096
    /// A second batch waits at the worker when a batch takes less than this; a slower one would wait behind another
    /// while a worker is free.
    public var prefetchBelow = 0.05
    /// Between signs of life to the workers.
    public var heartbeat = 5.0
    /// A worker is lost when it is silent for longer than the model's time limit and this: time for a network that
    /// comes back, with its retransmissions.
    public var workerGrace = 20.0
    /// A worker is lost when it is silent for longer; `nil`: as ``workerGrace`` says.
    public var workerTimeout: Double?
    /// Whether a process of rank 0's own host has ended: its worker need not be waited for.
    public var isGone: @Sendable (_ processID: Int32) -> Bool = { _ in false }
    /// With fewer the master stops in order.
    public var minWorkers = 1
    /// How long the start waits for workers that have not said hello.
    public var startLimit = 30.0
    /// How long an ordered stop waits for points under way.
    public var stopGrace = 10.0
    /// What the end takes when the last point is in: goodbyes, and the closing of the results file.
    public var closingTime = 3.0
    /// Share of recent evaluations that may fail before the job ends instead of burning its allocation.
    public var failureLimit = 0.5
    /// How long the end waits for the workers' goodbye.
    public var goodbyeLimit = 5.0
    /// How often a point may lose its worker before it counts as failed.
    public var lossesPerPoint = 3

    public init() {}
}
