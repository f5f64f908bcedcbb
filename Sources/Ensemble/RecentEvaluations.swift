import Atmospheres

/// The last evaluations that came in: how long they took, and how many of them failed.
struct RecentEvaluations {
    private static let window = 128
    /// Fewer say nothing about a rate.
    private static let enough = 32

    private var wallTimes: [Float] = []
    private var failures: [Bool] = []
    private var next = 0
    private(set) var failedCount = 0

    mutating func add(_ evaluations: Evaluations) {
        for row in max(0, evaluations.count - Self.window)..<evaluations.count {
            add(wallTime: evaluations.wallTimes[row], failed: evaluations.outcomes[row] == .failed)
        }
    }

    /// - Parameter wallTime: seconds; NaN where it is not known.
    mutating func add(wallTime: Float, failed: Bool) {
        let wallTime = wallTime.isNaN ? 0 : wallTime
        if wallTimes.count < Self.window {
            wallTimes.append(wallTime)
            failures.append(failed)
        } else {
            if failures[next] { failedCount -= 1 }
            wallTimes[next] = wallTime
            failures[next] = failed
            next = (next + 1) % Self.window
        }
        if failed { failedCount += 1 }
    }

    var count: Int { wallTimes.count }

    /// Seconds that the slowest of them took.
    var slowest: Double { Double(wallTimes.max() ?? 0) }

    /// The share of them that failed; `nil` while they are too few.
    var failedShare: Double? { count < Self.enough ? nil : Double(failedCount) / Double(count) }
}
