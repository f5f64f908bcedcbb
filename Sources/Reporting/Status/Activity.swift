internal import Results

/// How fast points come, and from whom, as the times in a results file tell.
public struct Activity: Sendable, Codable, Equatable {
    public struct Worker: Sendable, Codable, Equatable {
        /// MPI rank.
        public var rank: Int
        public var host: String
        /// Seconds since its last result; `nil` when it has returned none.
        public var silentFor: Double?
    }

    /// Points a second in the window.
    public var rate: Double
    /// Seconds of the window: the last minute, longer where points are slow.
    public var window: Double
    /// Ranks that evaluate points, in the last launch that has left a point.
    public var workers: Int
    /// Those that returned a result lately: in a minute, or in three times the longest evaluation.
    public var activeWorkers: Int
    /// The others. A lost worker is among them, and one with a point that takes longer than any before.
    public var silentWorkers: [Worker]
    /// Share of the window that workers spent on evaluations that have ended.
    public var busyShare: Double?
    /// Workers known to be lost in the last launch, once the file is closed.
    public var lostWorkers: Int?

    /// Points that the window has at least, if there are so many.
    private static let leastPoints = 20

    /// - Parameters:
    ///   - isRunning: whether silence up to `time` counts, or only up to the last result.
    ///   - time: the moment of looking, seconds since 1970-01-01T00:00:00Z.
    init(of reader: borrowing ResultsReader, isRunning: Bool, at time: Double) throws {
        let (started, finished) = (try reader.startedAt(), try reader.finishedAt())
        let (ranks, table) = (try reader.hostRows(), try reader.hostTable())
        // The ranks of a launch stand together in the table; the newest row tells where the last launch begins.
        let newestRank = try reader.workers().last ?? 0
        let base = max(0, (ranks.last ?? 0) - max(newestRank, 0))
        lostWorkers = try reader.lostWorkers()
        let newest = finished.max() ?? time
        // Workers' clocks may be ahead of this one.
        let end = isRunning ? max(time, newest) : newest
        // Rows are in order of completion, as the master saw it.
        let recent = finished.suffix(Self.leastPoints).min() ?? end
        let begin = max(started.min() ?? end, min(end - 60, recent))
        window = max(end - begin, 1e-9)

        var last: [Int32: Double] = [:]
        var busy: [Int32: Double] = [:]
        var (longest, inWindow) = (0.0, 0)
        var (rank, isFirst) = (Int32(-1), true)
        var (lastOfRank, busyOfRank) = (0.0, 0.0)
        func note() {
            guard !isFirst else { return }
            last[rank] = max(last[rank] ?? lastOfRank, lastOfRank)
            busy[rank, default: 0] += busyOfRank
        }
        for i in finished.indices {
            // Rows of one worker come in batches: the tables are touched when the worker changes.
            if isFirst || ranks[i] != rank {
                note()
                (rank, isFirst, lastOfRank, busyOfRank) = (ranks[i], false, finished[i], 0)
            }
            lastOfRank = max(lastOfRank, finished[i])
            longest = max(longest, finished[i] - started[i])
            if finished[i] >= begin {
                inWindow += 1
                busyOfRank += finished[i] - max(started[i], begin)
            }
        }
        note()
        rate = finished.isEmpty ? 0 : Double(inWindow) / window

        // Rank 0 keeps the file; alone it evaluates too.
        last = last.filter { $0.key >= base }
        busy = busy.filter { $0.key >= base }
        var members = Set(last.keys)
        if table.count - Int(base) > 1 { members.formUnion(base + 1..<Int32(table.count)) }
        if members.isEmpty { members = [base] }
        workers = members.count
        let patience = max(60, 3 * longest)
        silentWorkers = members.sorted().compactMap { rank in
            if let last = last[rank], end - last <= patience { return nil }
            return Worker(
                rank: Int(rank - base), host: table.indices.contains(Int(rank)) ? table[Int(rank)] : "?",
                silentFor: last[rank].map { end - $0 })
        }
        activeWorkers = workers - silentWorkers.count
        // What a worker does after its last result is not known.
        let watched = last.values.reduce(0) { $0 + max(0, $1 - begin) }
        busyShare = watched > 0 ? min(1, busy.values.reduce(0, +) / watched) : nil
    }
}
