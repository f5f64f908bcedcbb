public import Atmospheres

/// The state of a running job in one line.
public struct ProgressLine: CustomStringConvertible, Sendable {
    /// The number of settled points of each outcome.
    public var settled: [(outcome: Outcome, count: Int)]
    /// Points opened and not yet given to a worker.
    public var open: Int
    /// Points that workers have.
    public var pending: Int
    /// Workers that have a point.
    public var busyWorkers: Int
    /// Workers that are ready for points, the busy ones included.
    public var readyWorkers: Int
    /// Points settled per second since the last line.
    public var rate: Double
    /// The slow point whose model has reported progress the longest: the rank that evaluates it, and the report.
    public var underWay: (rank: Int, progress: Progress)?

    /// Creates the line from its numbers.
    public init(
        settled: [(outcome: Outcome, count: Int)], open: Int, pending: Int, busyWorkers: Int, readyWorkers: Int,
        rate: Double, underWay: (rank: Int, progress: Progress)? = nil
    ) {
        self.underWay = underWay
        self.settled = settled
        self.open = open
        self.pending = pending
        self.busyWorkers = busyWorkers
        self.readyWorkers = readyWorkers
        self.rate = rate
    }

    /// "912 points (812 stable, 100 unstable), 40 open, 3 pending; 3 of 3 workers busy; 12.5 points/s".
    public var description: String {
        let total = settled.reduce(0) { $0 + $1.count }
        return "\(total) points (\(settled.countsText)), \(open) open, \(pending) pending; "
            + "\(busyWorkers) of \(readyWorkers) workers busy; \(rate.significant(3)) points/s"
            + (underWay.map { "; rank \($0.rank) at " + Self.text($0.progress) } ?? "")
    }

    /// Describes a model's progress: "step 240, model time 1.2e+09 s".
    private static func text(_ progress: Progress) -> String {
        guard progress.modelTime.isFinite else { return "step \(progress.step)" }
        return "step \(progress.step), model time \(progress.modelTime) s"
    }
}

extension [(outcome: Outcome, count: Int)] {
    /// The counts that are not 0, in the order of the outcomes' codes: "812 stable, 44 unstable".
    var countsText: String {
        let counts = filter { $0.count > 0 }.map { "\($0.count) \($0.outcome.name)" }
        return counts.isEmpty ? "none yet" : counts.joined(separator: ", ")
    }
}
