/// The evaluations of many points, a column for each field: the form in which they travel and are written.
///
/// Row `i` of every column belongs to `points[i]`. Shapes: `values` is (count, valueCount), `profiles` is
/// (count, profileLength), both row-major.
public struct Evaluations: Sendable, Equatable {
    public let valueCount: Int
    public let profileLength: Int

    /// The master's number of the point.
    public package(set) var points: [UInt32] = []
    public package(set) var outcomes: [Outcome] = []
    /// Codes of ``Reason``.
    public package(set) var reasons: [UInt8] = []
    public package(set) var exitCodes: [Int16] = []
    /// Start of the evaluation, seconds since 1970-01-01T00:00:00Z on the worker's clock.
    public package(set) var startedAt: [Double] = []
    /// Seconds that the evaluation took.
    public package(set) var wallTimes: [Float] = []
    public package(set) var values: [Double] = []
    public package(set) var profiles: [Float] = []
    /// See ``Evaluation/solution``; no element at all where no row has one.
    public package(set) var solutions: [[UInt8]] = []
    /// See ``Evaluation/log``; no element at all where no row has one.
    public package(set) var logs: [[UInt8]] = []

    public init(valueCount: Int, profileLength: Int) {
        self.valueCount = valueCount
        self.profileLength = profileLength
    }

    public init(of description: ModelDescription) {
        self.init(valueCount: description.quantities.count, profileLength: description.profileLength)
    }

    public var count: Int { points.count }
    public var isEmpty: Bool { points.isEmpty }

    /// What row `row` left for its neighbours; empty where there is nothing.
    public func solution(_ row: Int) -> [UInt8] { solutions.isEmpty ? [] : solutions[row] }

    /// What is to be read of row `row`; empty where there is nothing.
    public func log(_ row: Int) -> [UInt8] { logs.isEmpty ? [] : logs[row] }

    public mutating func append(_ point: UInt32, _ evaluation: Evaluation, startedAt: Double, wallTime: Float) {
        precondition(evaluation.values.count == valueCount && evaluation.profiles.count == profileLength)
        Self.append(evaluation.solution, to: &solutions, row: count)
        Self.append(evaluation.log, to: &logs, row: count)
        points.append(point)
        outcomes.append(evaluation.outcome)
        reasons.append(evaluation.reason.code)
        exitCodes.append(evaluation.exitCode)
        self.startedAt.append(startedAt)
        wallTimes.append(wallTime)
        values.append(contentsOf: evaluation.values)
        profiles.append(contentsOf: evaluation.profiles)
    }

    /// Appends `rows` of `other`, which has the same shape.
    public mutating func append(_ rows: Range<Int>, of other: borrowing Evaluations) {
        precondition(other.valueCount == valueCount && other.profileLength == profileLength, "shapes agree")
        if rows.isEmpty { return }
        if !solutions.isEmpty || !other.solutions.isEmpty {
            for (i, row) in rows.enumerated() { Self.append(other.solution(row), to: &solutions, row: count + i) }
        }
        if !logs.isEmpty || !other.logs.isEmpty {
            for (i, row) in rows.enumerated() { Self.append(other.log(row), to: &logs, row: count + i) }
        }
        points.append(contentsOf: other.points[rows])
        outcomes.append(contentsOf: other.outcomes[rows])
        reasons.append(contentsOf: other.reasons[rows])
        exitCodes.append(contentsOf: other.exitCodes[rows])
        startedAt.append(contentsOf: other.startedAt[rows])
        wallTimes.append(contentsOf: other.wallTimes[rows])
        values.append(contentsOf: other.values[rows.lowerBound * valueCount..<rows.upperBound * valueCount])
        profiles.append(
            contentsOf: other.profiles[rows.lowerBound * profileLength..<rows.upperBound * profileLength])
    }

    /// Appends all rows of `other`, which has the same shape.
    public mutating func append(contentsOf other: borrowing Evaluations) { append(0..<other.count, of: other) }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        points.removeAll(keepingCapacity: true)
        outcomes.removeAll(keepingCapacity: true)
        reasons.removeAll(keepingCapacity: true)
        exitCodes.removeAll(keepingCapacity: true)
        startedAt.removeAll(keepingCapacity: true)
        wallTimes.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        profiles.removeAll(keepingCapacity: true)
        if !solutions.isEmpty { solutions.removeAll() }
        if !logs.isEmpty { logs.removeAll() }
    }

    /// Makes `bytes` those of row `row`, in a column that has an element for every row or none at all.
    private static func append(_ bytes: [UInt8], to column: inout [[UInt8]], row: Int) {
        if column.isEmpty {
            if bytes.isEmpty { return }
            column = Array(repeating: [], count: row)
        }
        column.append(bytes)
    }
}
