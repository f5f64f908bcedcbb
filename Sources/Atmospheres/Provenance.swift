/// Where a result belongs and where it came from: what is recorded of a point beside its evaluation.
public struct Provenance: Sendable, Equatable {
    /// Row of the results file. An existing row is overwritten: the point was tried again.
    public var row: Int
    /// Position of the point.
    public var position: Position
    /// Row of the parent; -1 for the origin.
    public var parentRow: Int
    /// Steps from the origin along parents.
    public var generation: Int32
    /// Attempts made, this one included: 1 for the first.
    public var attempt: Int8
    /// Rank that evaluated the point.
    public var worker: Int32

    /// Creates the provenance of one row.
    public init(row: Int, position: Position, parentRow: Int, generation: Int32, attempt: Int8, worker: Int32) {
        self.row = row
        self.position = position
        self.parentRow = parentRow
        self.generation = generation
        self.attempt = attempt
        self.worker = worker
    }
}
