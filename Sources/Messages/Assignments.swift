public import Exploration

/// Points for a worker to evaluate, in this order: a column for each field, the form in which they travel.
public struct Assignments: Equatable, Sendable {
    /// A solved neighbour to start from.
    public struct Start: Equatable, Sendable {
        public var parent: GridPoint
        /// What the model kept of the parent.
        public var solution: [UInt8]

        public init(parent: GridPoint, solution: [UInt8]) {
            self.parent = parent
            self.solution = solution
        }
    }

    /// The numbers under which the master waits for the results.
    public internal(set) var ids: [PointID] = []
    /// The places on the lattice, which give the compositions.
    public internal(set) var points: [GridPoint] = []
    /// See ``start(_:)``; no element at all where no row has one.
    var starts: [Start?] = []

    public init() {}

    public var count: Int { ids.count }
    public var isEmpty: Bool { ids.isEmpty }

    /// What row `row` starts from: `nil` for a model that needs nothing, and at the origin.
    public func start(_ row: Int) -> Start? { starts.isEmpty ? nil : starts[row] }

    public mutating func append(_ id: PointID, _ point: GridPoint, start: Start? = nil) {
        append(start)
        ids.append(id)
        points.append(point)
    }

    public mutating func append(contentsOf other: Assignments) {
        for row in 0..<other.count { append(other.ids[row], other.points[row], start: other.start(row)) }
    }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        points.removeAll(keepingCapacity: true)
        if !starts.isEmpty { starts.removeAll() }
    }

    private mutating func append(_ start: Start?) {
        if starts.isEmpty {
            if start == nil { return }
            starts = Array(repeating: nil, count: count)
        }
        starts.append(start)
    }
}
