public import Atmospheres
public import Exploration

/// Points for a worker to evaluate, in this order: the form in which they travel.
public struct Assignments: Equatable, Sendable {
    /// What the model kept of a point's parent, for the model to start from.
    public struct ParentSolution: Equatable, Sendable {
        /// The parent's position.
        public var position: Position
        /// What the model kept of the parent, byte for byte.
        public var solution: [UInt8]

        /// Creates the solution of the parent at `position`.
        public init(position: Position, solution: [UInt8]) {
            self.position = position
            self.solution = solution
        }
    }

    /// One point.
    public struct Row: Equatable, Sendable, BitwiseCopyable {
        /// Position on the lattice, which determines the composition.
        public let position: Position
        /// The id under which the master waits for the result.
        public let id: PointID
        /// Makes every byte of a message defined.
        private let padding: UInt32 = 0
    }

    /// The points, in the order in which they are to be evaluated.
    public internal(set) var rows: [Row] = []
    /// See ``parent(_:)``; empty if no row has one.
    var parents: [ParentSolution?] = []

    /// Creates assignments without rows.
    public init() {}

    /// Number of rows.
    public var count: Int { rows.count }
    /// Whether there are no rows.
    public var isEmpty: Bool { rows.isEmpty }

    /// Returns what row `row` starts from: `nil` at the origin, and for a model that does not use parents.
    public func parent(_ row: Int) -> ParentSolution? { parents.isEmpty ? nil : parents[row] }

    /// Appends a row without a parent.
    @inline(__always)
    public mutating func append(_ id: PointID, _ position: Position) {
        rows.append(Row(position: position, id: id))
        if !parents.isEmpty { parents.append(nil) }
    }

    /// Gives the last row a parent.
    public mutating func setParent(_ parent: ParentSolution) {
        if parents.isEmpty { parents = Array(repeating: nil, count: count) }
        parents[count - 1] = parent
    }

    /// Removes all rows and keeps the memory.
    public mutating func removeAll() {
        rows.emptyColumn()
        if !parents.isEmpty { parents.removeAll() }
    }
}
