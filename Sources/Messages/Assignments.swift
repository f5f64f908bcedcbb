public import Exploration

/// Points for a worker to evaluate, in this order: the form in which they travel.
public struct Assignments: Equatable, Sendable {
    /// A solved neighbour to start from.
    public struct Start: Equatable, Sendable {
        public var parent: Position
        /// What the model kept of the parent.
        public var solution: [UInt8]

        public init(parent: Position, solution: [UInt8]) {
            self.parent = parent
            self.solution = solution
        }
    }

    public struct Row: Equatable, Sendable, BitwiseCopyable {
        /// The place on the lattice, which gives the composition.
        public let point: Position
        /// The number under which the master waits for the result.
        public let id: PointID
        /// So that no byte is left to chance.
        private let padding: UInt32 = 0
    }

    public internal(set) var rows: [Row] = []
    /// See ``start(_:)``; no element at all where no row has one.
    var starts: [Start?] = []

    public init() {}

    public var count: Int { rows.count }
    public var isEmpty: Bool { rows.isEmpty }

    /// What row `row` starts from: `nil` for a model that needs nothing, and at the origin.
    public func start(_ row: Int) -> Start? { starts.isEmpty ? nil : starts[row] }

    /// Appends a row without a start.
    @inline(__always)
    public mutating func append(_ id: PointID, _ point: Position) {
        rows.append(Row(point: point, id: id))
        if !starts.isEmpty { starts.append(nil) }
    }

    /// Gives the last row a start.
    public mutating func setStart(_ start: Start) {
        if starts.isEmpty { starts = Array(repeating: nil, count: count) }
        starts[count - 1] = start
    }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        // One is taken out sooner than all.
        if rows.count == 1 { rows.removeLast() } else { rows.removeAll(keepingCapacity: true) }
        if !starts.isEmpty { starts.removeAll() }
    }
}
