/// How the master treats its workers. Times are in seconds.
public struct MasterSettings: Sendable {
    /// Work in one batch of points.
    public var batchTime = 1e-3
    /// Points in one batch at most.
    public var largestBatch = 4096
    /// A second batch waits at the worker if a batch takes less than this; a slower one might wait behind another while
    /// a worker is free.
    public var prefetchBelow = 0.05
    /// Between heartbeats to the workers.
    public var heartbeat = 5.0
    /// A worker is lost when it is silent for longer than the model's time limit plus this: time for a network that
    /// recovers, with its retransmissions.
    public var workerGrace = 20.0
    /// A worker is lost when it is silent for longer than this; `nil`: see ``workerGrace``.
    public var workerTimeout: Double?
    /// Returns whether a process of rank 0's own host has ended: its worker is then lost at once.
    public var isGone: @Sendable (_ processID: Int32) -> Bool = { _ in false }
    /// With fewer workers the master stops orderly.
    public var minWorkers = 1
    /// How long the start waits for workers that have not said hello.
    public var startLimit = 30.0
    /// How long an orderly stop waits for points in progress.
    public var stopGrace = 10.0
    /// What the end takes after the last result: goodbyes, and closing the results file.
    public var closingTime = 3.0
    /// Share of recent evaluations that may fail before the job ends, instead of spending its allocation on failures.
    public var failureLimit = 0.5
    /// How long the end waits for the workers' goodbye.
    public var goodbyeLimit = 5.0
    /// How often a point may lose its worker before it counts as failed.
    public var lossesPerPoint = 3

    /// Creates the default settings.
    public init() {}
}
