/// The evaluations of many points, one row after the other: the form in which they travel and wait to be written.
///
/// Shapes: ``values`` is (count, valueCount), ``profiles`` is (count, profileLength), both row-major.
public struct Evaluations: Sendable, Equatable {
    /// What every evaluation has, whatever the model.
    public struct Row: Sendable, Equatable, BitwiseCopyable {
        /// Start of the evaluation, seconds since 1970-01-01T00:00:00Z on the worker's clock.
        public let startedAt: Double
        /// The running number under which the master waits for the result.
        public let id: UInt32
        /// Seconds that the evaluation took.
        public let wallTime: Float
        /// See ``Evaluation/exitCode``.
        public let exitCode: Int16
        public let outcome: Outcome
        /// Code of ``Reason``.
        public let reason: UInt8
        /// So that no byte is left to chance.
        private let padding: UInt32 = 0

        /// Where a row has its outcome, bytes.
        package static let outcomeOffset = MemoryLayout<Row>.offset(of: \Row.outcome)!
    }

    public let valueCount: Int
    public let profileLength: Int

    public package(set) var rows: [Row] = []
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

    public var count: Int { rows.count }
    public var isEmpty: Bool { rows.isEmpty }

    /// What row `row` left for its neighbours; empty where there is nothing.
    public func solution(_ row: Int) -> [UInt8] { solutions.isEmpty ? [] : solutions[row] }

    /// What is to be read of row `row`; empty where there is nothing.
    public func log(_ row: Int) -> [UInt8] { logs.isEmpty ? [] : logs[row] }

    public mutating func append(
        _ id: UInt32, _ evaluation: borrowing Evaluation, startedAt: Double, wallTime: Float
    ) {
        precondition(evaluation.values.count == valueCount && evaluation.profiles.count == profileLength)
        Self.append(evaluation.solution, to: &solutions, row: count)
        Self.append(evaluation.log, to: &logs, row: count)
        rows.append(
            Row(
                startedAt: startedAt, id: id, wallTime: wallTime, exitCode: evaluation.exitCode,
                outcome: evaluation.outcome, reason: evaluation.reason.code))
        Self.append(0..<valueCount, of: evaluation.values, to: &values)
        Self.append(0..<profileLength, of: evaluation.profiles, to: &profiles)
    }

    /// Appends `rows` of `other`, which has the same shape.
    public mutating func append(_ range: Range<Int>, of other: borrowing Evaluations) {
        precondition(other.valueCount == valueCount && other.profileLength == profileLength, "shapes agree")
        if range.isEmpty { return }
        if !solutions.isEmpty || !other.solutions.isEmpty {
            for (i, row) in range.enumerated() { Self.append(other.solution(row), to: &solutions, row: count + i) }
        }
        if !logs.isEmpty || !other.logs.isEmpty {
            for (i, row) in range.enumerated() { Self.append(other.log(row), to: &logs, row: count + i) }
        }
        Self.append(range, of: other.rows, to: &rows)
        Self.append(range, times: valueCount, of: other.values, to: &values)
        Self.append(range, times: profileLength, of: other.profiles, to: &profiles)
    }

    /// Appends all rows of `other`, which has the same shape.
    public mutating func append(contentsOf other: borrowing Evaluations) { append(0..<other.count, of: other) }

    /// Removes row `row`.
    package mutating func remove(_ row: Int) {
        rows.remove(at: row)
        values.removeSubrange(row * valueCount..<(row + 1) * valueCount)
        profiles.removeSubrange(row * profileLength..<(row + 1) * profileLength)
        if !solutions.isEmpty { solutions.remove(at: row) }
        if !logs.isEmpty { logs.remove(at: row) }
    }

    /// Removes the rows from `count` on, also when columns have different lengths.
    package mutating func truncate(to count: Int) {
        rows.removeLast(max(0, rows.count - count))
        values.removeLast(max(0, values.count - count * valueCount))
        profiles.removeLast(max(0, profiles.count - count * profileLength))
        solutions.removeLast(max(0, solutions.count - count))
        logs.removeLast(max(0, logs.count - count))
    }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        Self.removeAll(&rows)
        Self.removeAll(&values)
        if !profiles.isEmpty { Self.removeAll(&profiles) }
        if !solutions.isEmpty { solutions.removeAll() }
        if !logs.isEmpty { logs.removeAll() }
    }

    /// Appends the elements of `rows`, so many for each.
    @inline(__always)
    private static func append<T: BitwiseCopyable>(
        _ rows: Range<Int>, times width: Int = 1, of other: [T], to column: inout [T]
    ) {
        let range = rows.lowerBound * width..<rows.upperBound * width
        if range.count <= few {
            for i in range { column.append(other[i]) }
        } else {
            // As they are in memory: a slice would be taken hold of.
            other.withUnsafeBufferPointer { column.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
        }
    }

    /// So many are appended sooner one by one.
    private static var few: Int { 4 }

    @inline(__always)
    private static func removeAll<T>(_ column: inout [T]) {
        if column.count == 1 { column.removeLast() } else { column.removeAll(keepingCapacity: true) }
    }

    /// Makes `bytes` those of row `row`, in a column that has an element for every row or none at all.
    @inline(__always)
    private static func append(_ bytes: [UInt8], to column: inout [[UInt8]], row: Int) {
        if column.isEmpty {
            if bytes.isEmpty { return }
            column = Array(repeating: [], count: row)
        }
        column.append(bytes)
    }
}
