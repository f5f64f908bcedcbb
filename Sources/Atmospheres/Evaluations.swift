/// The evaluations of many points, row by row: the form in which they travel and wait to be written.
///
/// Shapes: ``values`` is (count, valueCount), ``profiles`` is (count, profileLength), both row-major.
public struct Evaluations: Sendable, Equatable {
    /// What every evaluation has, whatever the model.
    public struct Row: Sendable, Equatable, BitwiseCopyable {
        /// Start of the evaluation, seconds since 1970-01-01T00:00:00Z on the worker's clock.
        public let startedAt: Double
        /// The id under which the master waits for the result.
        public let id: UInt32
        /// Time that the evaluation took, s.
        public let wallTime: Float
        /// See ``Evaluation/exitCode``.
        public let exitCode: Int16
        /// What became of the point.
        public let outcome: Outcome
        /// Code of the ``Reason``.
        public let reason: UInt8
        /// Makes every byte of a message defined.
        private let padding: UInt32 = 0

        /// Offset of the outcome in a row, bytes.
        package static let outcomeOffset = MemoryLayout<Row>.offset(of: \Row.outcome)!
    }

    /// Number of quantities per row.
    public let valueCount: Int
    /// Number of profile levels per row, all profiles together.
    public let profileLength: Int

    /// What every evaluation has.
    public package(set) var rows: [Row] = []
    /// The quantities, row by row.
    public package(set) var values: [Double] = []
    /// The profiles, row by row.
    public package(set) var profiles: [Float] = []
    /// See ``Evaluation/solution``; empty if no row has one.
    public package(set) var solutions: [[UInt8]] = []
    /// See ``Evaluation/log``; empty if no row has one.
    public package(set) var logs: [[UInt8]] = []

    /// Creates evaluations of this shape, without rows.
    public init(valueCount: Int, profileLength: Int) {
        self.valueCount = valueCount
        self.profileLength = profileLength
    }

    /// Creates evaluations of a model's shape, without rows.
    public init(of description: ModelDescription) {
        self.init(valueCount: description.quantities.count, profileLength: description.profileLength)
    }

    /// Number of rows.
    public var count: Int { rows.count }
    /// Whether there are no rows.
    public var isEmpty: Bool { rows.isEmpty }

    /// Returns what the model kept in row `row` for the point's children; empty if nothing.
    public func solution(_ row: Int) -> [UInt8] { solutions.isEmpty ? [] : solutions[row] }

    /// Returns the log of row `row`; empty if there is none.
    public func log(_ row: Int) -> [UInt8] { logs.isEmpty ? [] : logs[row] }

    /// Appends one evaluation.
    ///
    /// - Parameters:
    ///   - id: see ``Row/id``.
    ///   - evaluation: the model's answer, of this shape.
    ///   - startedAt: see ``Row/startedAt``.
    ///   - wallTime: see ``Row/wallTime``.
    public mutating func append(
        _ id: UInt32, _ evaluation: borrowing Evaluation, startedAt: Double, wallTime: Float
    ) {
        precondition(
            evaluation.values.count == valueCount && evaluation.profiles.count == profileLength, "shapes agree")
        Self.append(evaluation.solution, to: &solutions, row: count)
        Self.append(evaluation.log, to: &logs, row: count)
        rows.append(
            Row(
                startedAt: startedAt, id: id, wallTime: wallTime, exitCode: evaluation.exitCode,
                outcome: evaluation.outcome, reason: evaluation.reason.code))
        values.append(0..<valueCount, ofColumn: evaluation.values)
        profiles.append(0..<profileLength, ofColumn: evaluation.profiles)
    }

    /// Appends a range of rows of `other`, which has the same shape.
    public mutating func append(_ range: Range<Int>, of other: borrowing Evaluations) {
        precondition(other.valueCount == valueCount && other.profileLength == profileLength, "shapes agree")
        if range.isEmpty { return }
        if !solutions.isEmpty || !other.solutions.isEmpty {
            for (i, row) in range.enumerated() { Self.append(other.solution(row), to: &solutions, row: count + i) }
        }
        if !logs.isEmpty || !other.logs.isEmpty {
            for (i, row) in range.enumerated() { Self.append(other.log(row), to: &logs, row: count + i) }
        }
        rows.append(range, ofColumn: other.rows)
        values.append(Self.elements(of: range, valueCount), ofColumn: other.values)
        profiles.append(Self.elements(of: range, profileLength), ofColumn: other.profiles)
    }

    /// Appends all rows of `other`, which has the same shape.
    public mutating func append(contentsOf other: borrowing Evaluations) { append(0..<other.count, of: other) }

    /// Removes row `row`.
    package mutating func remove(_ row: Int) {
        rows.remove(at: row)
        values.removeSubrange(Self.elements(of: row..<row + 1, valueCount))
        profiles.removeSubrange(Self.elements(of: row..<row + 1, profileLength))
        if !solutions.isEmpty { solutions.remove(at: row) }
        if !logs.isEmpty { logs.remove(at: row) }
    }

    /// Removes the rows from `count` on, even if the columns have different lengths.
    package mutating func truncate(to count: Int) {
        rows.removeLast(max(0, rows.count - count))
        values.removeLast(max(0, values.count - count * valueCount))
        profiles.removeLast(max(0, profiles.count - count * profileLength))
        solutions.removeLast(max(0, solutions.count - count))
        logs.removeLast(max(0, logs.count - count))
    }

    /// Removes all rows and keeps the memory.
    public mutating func removeAll() {
        rows.emptyColumn()
        values.emptyColumn()
        if !profiles.isEmpty { profiles.emptyColumn() }
        if !solutions.isEmpty { solutions.removeAll() }
        if !logs.isEmpty { logs.removeAll() }
    }

    /// Returns the elements of some rows in a column with `width` elements per row.
    @inline(__always)
    private static func elements(of rows: Range<Int>, _ width: Int) -> Range<Int> {
        rows.lowerBound * width..<rows.upperBound * width
    }

    /// Appends the bytes of row `row` to a column that has an element for every row or none at all.
    @inline(__always)
    private static func append(_ bytes: [UInt8], to column: inout [[UInt8]], row: Int) {
        if column.isEmpty {
            if bytes.isEmpty { return }
            column = Array(repeating: [], count: row)
        }
        column.append(bytes)
    }
}
