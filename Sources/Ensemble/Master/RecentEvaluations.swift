import Atmospheres

/// The most recent evaluations: how long they took, and how many of them failed.
struct RecentEvaluations {
    /// Number of evaluations remembered.
    private static let window = 128
    /// With fewer evaluations a rate means nothing.
    private static let fewestForRate = 32

    private struct Entry {
        let wallTime: Float
        let failed: Bool
    }

    private var entries = InlineArray<128, Entry>(repeating: Entry(wallTime: 0, failed: false))
    private(set) var count = 0
    private var next = 0
    private(set) var failedCount = 0
    /// Time of the slowest of them, s.
    private(set) var slowest = 0.0

    /// Adds some rows.
    ///
    /// - Parameters:
    ///   - rows: which rows.
    ///   - evaluations: where they are.
    /// - Returns: the mean time of these rows, s; `nil` without rows.
    mutating func add(_ rows: Range<Int>, of evaluations: borrowing Evaluations) -> Double? {
        if rows.isEmpty { return nil }
        var sum = 0.0
        for row in rows {
            let result = evaluations.rows[row]
            sum += Double(result.wallTime)
            guard row >= rows.upperBound - Self.window else { continue }
            add(wallTime: result.wallTime, failed: result.outcome == .failed)
        }
        return sum / Double(rows.count)
    }

    /// Adds one evaluation.
    ///
    /// - Parameters:
    ///   - wallTime: s; NaN if it is not known.
    ///   - failed: whether it failed.
    mutating func add(wallTime: Float, failed: Bool) {
        let (old, new) = (entries[next], Entry(wallTime: wallTime.isNaN ? 0 : wallTime, failed: failed))
        entries[next] = new
        next = (next + 1) % Self.window
        count = min(count + 1, Self.window)
        failedCount += (new.failed ? 1 : 0) - (old.failed ? 1 : 0)
        if Double(new.wallTime) >= slowest {
            slowest = Double(new.wallTime)
        } else if Double(old.wallTime) == slowest {
            slowest = entries.indices.reduce(0) { max($0, Double(entries[$1].wallTime)) }
        }
    }

    /// The share of them that failed; `nil` while there are too few for a rate.
    var failedShare: Double? { count < Self.fewestForRate ? nil : Double(failedCount) / Double(count) }
}
