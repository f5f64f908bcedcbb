public import Atmospheres
public import Exploration

/// Points for a worker to evaluate, in this order: the form in which they travel.
public struct Assignments: Equatable, Sendable {
    /// A solved neighbour to start from.
    public struct ParentSolution: Equatable, Sendable {
        public var position: Position
        /// What the model kept of the parent.
        public var solution: [UInt8]

        public init(position: Position, solution: [UInt8]) {
            self.position = position
            self.solution = solution
        }
    }

    public struct Row: Equatable, Sendable, BitwiseCopyable {
        /// The place on the lattice, which gives the composition.
        public let position: Position
        /// The number under which the master waits for the result.
        public let id: PointID
        /// So that no byte is left to chance.
        private let padding: UInt32 = 0
    }

    public internal(set) var rows: [Row] = []
    /// See ``parent(_:)``; no element at all where no row has one.
    var parents: [ParentSolution?] = []

    public init() {}

    public var count: Int { rows.count }
    public var isEmpty: Bool { rows.isEmpty }

    /// What row `row` parents from: `nil` for a model that needs nothing, and at the origin.
    public func parent(_ row: Int) -> ParentSolution? { parents.isEmpty ? nil : parents[row] }

    /// Appends a row without a start.
    @inline(__always)
    public mutating func append(_ id: PointID, _ position: Position) {
        rows.append(Row(position: position, id: id))
        if !parents.isEmpty { parents.append(nil) }
    }

    /// Gives the last row a start.
    public mutating func setParent(_ parent: ParentSolution) {
        if parents.isEmpty { parents = Array(repeating: nil, count: count) }
        parents[count - 1] = parent
    }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        // One is taken out sooner than all.
        if rows.count == 1 { rows.removeLast() } else { rows.removeAll(keepingCapacity: true) }
        if !parents.isEmpty { parents.removeAll() }
    }
}
