internal import Results

/// The recent rate of evaluations and the workers behind it, derived from the times in a results file.
public struct Activity: Sendable, Codable, Equatable {
    /// A worker without a recent result.
    public struct SilentWorker: Sendable, Codable, Equatable {
        /// Its MPI rank.
        public var rank: Int
        /// The name of its host; "?" where the file does not have it.
        public var host: String
        /// Seconds since its last result; `nil` when it has returned none.
        public var silentFor: Double?
    }

    /// Evaluations per second in the window.
    public var rate: Double
    /// The length of the window in seconds: the last minute, or longer when evaluations are slow.
    public var window: Double
    /// The number of ranks that evaluate points, in the last launch that left a point.
    public var workers: Int
    /// Workers with a result in the last minute, or in three times the longest evaluation.
    public var activeWorkers: Int
    /// The other workers: lost ones, and those whose current point takes longer than any before.
    public var silentWorkers: [SilentWorker]
    /// The share of the window, 0...1, that workers spent on evaluations that have ended; `nil` without any.
    public var busyShare: Double?
    /// The number of workers lost in the last launch; `nil` until the file is closed.
    public var lostWorkers: Int?

    /// Measures the activity that a results file shows.
    ///
    /// - Parameters:
    ///   - reader: the file.
    ///   - isRunning: whether a job writes the file, so that silence counts up to `time` and not only up to the last
    ///     result.
    ///   - time: now, in seconds since 1970-01-01T00:00:00Z.
    /// - Throws: an error of reading the file.
    init(of reader: borrowing ResultsReader, isRunning: Bool, at time: Double) throws {
        let evaluations = EvaluationTimes(
            started: try reader.startedAt(), finished: try reader.finishedAt(), hostRows: try reader.hostRows())
        let hosts = try reader.hostTable()
        let base = evaluations.firstHostRowOfLastLaunch(newestRank: try reader.workers().last ?? 0)
        let (begin, end) = evaluations.window(isRunning: isRunning, at: time)
        let tally = evaluations.tally(since: begin)
        window = max(end - begin, 1e-9)
        rate = Double(tally.finishedInWindow) / window

        let lastResults = tally.lastResults.filter { $0.key >= base }
        let members = Self.workers(hostCount: hosts.count, base: base, lastResults)
        let patience = max(60, 3 * tally.longest)
        silentWorkers = members.compactMap { hostRow in
            if let last = lastResults[hostRow], end - last <= patience { return nil }
            return SilentWorker(
                rank: Int(hostRow - base), host: hosts.indices.contains(Int(hostRow)) ? hosts[Int(hostRow)] : "?",
                silentFor: lastResults[hostRow].map { end - $0 })
        }
        workers = members.count
        activeWorkers = workers - silentWorkers.count
        // The file does not tell what a worker does after its last result, so that time does not count.
        let observed = lastResults.values.reduce(0) { $0 + max(0, $1 - begin) }
        let busy = tally.busySeconds.reduce(0) { $0 + ($1.key >= base ? $1.value : 0) }
        busyShare = observed > 0 ? min(1, busy / observed) : nil
        lostWorkers = try reader.lostWorkers()
    }

    /// Returns the host rows of the last launch's workers, ascending.
    private static func workers(hostCount: Int, base: Int32, _ lastResults: [Int32: Double]) -> [Int32] {
        var members = Set(lastResults.keys)
        // Rank 0 writes the file; it evaluates points only when it is alone.
        if hostCount - Int(base) > 1 { members.formUnion(base + 1..<Int32(hostCount)) }
        if members.isEmpty { members = [base] }
        return members.sorted()
    }
}

/// The times of all evaluations in a results file, in order of completion as the master saw it.
private struct EvaluationTimes {
    /// What the evaluations of a file add up to. Workers are named by their row in the host table.
    struct Tally {
        /// When each worker returned its last result, in seconds since 1970.
        var lastResults: [Int32: Double] = [:]
        /// The seconds of the window that each worker spent on evaluations.
        var busySeconds: [Int32: Double] = [:]
        /// Evaluations that finished in the window.
        var finishedInWindow = 0
        /// The longest evaluation, in seconds.
        var longest = 0.0
    }

    /// Start of each evaluation, seconds since 1970-01-01T00:00:00Z.
    let started: [Double]
    /// End of each evaluation, seconds since 1970-01-01T00:00:00Z.
    let finished: [Double]
    /// The worker of each evaluation, as a row of the host table.
    let hostRows: [Int32]

    /// The number of evaluations that the window contains at least, if there are that many.
    private static let leastEvaluations = 20

    /// The first row of the host table that belongs to the last launch: the ranks of a launch are adjacent there.
    func firstHostRowOfLastLaunch(newestRank: Int32) -> Int32 {
        max(0, (hostRows.last ?? 0) - max(newestRank, 0))
    }

    /// The time that the rate is measured over, in seconds since 1970.
    func window(isRunning: Bool, at time: Double) -> (begin: Double, end: Double) {
        let newest = finished.max() ?? time
        // Workers' clocks may be ahead of this one.
        let end = isRunning ? max(time, newest) : newest
        let recent = finished.suffix(Self.leastEvaluations).min() ?? end
        return (max(started.min() ?? end, min(end - 60, recent)), end)
    }

    /// Adds up the evaluations, those of each worker in the window that starts at `begin`.
    func tally(since begin: Double) -> Tally {
        var tally = Tally()
        var batch = (hostRow: Int32(-1), last: 0.0, busy: 0.0)
        func close(_ tally: inout Tally) {
            tally.lastResults[batch.hostRow] = max(tally.lastResults[batch.hostRow] ?? batch.last, batch.last)
            tally.busySeconds[batch.hostRow, default: 0] += batch.busy
        }
        for i in finished.indices {
            // Rows of one worker come in batches, so the dictionaries are updated only when the worker changes.
            if i == 0 || hostRows[i] != batch.hostRow {
                if i > 0 { close(&tally) }
                batch = (hostRows[i], finished[i], 0)
            }
            batch.last = max(batch.last, finished[i])
            tally.longest = max(tally.longest, finished[i] - started[i])
            if finished[i] >= begin {
                tally.finishedInWindow += 1
                batch.busy += finished[i] - max(started[i], begin)
            }
        }
        if !finished.isEmpty { close(&tally) }
        return tally
    }
}
