/// A search whose points are numbered by a table: what it knows of each of them.
protocol TabledSearch {
    var table: PointTable { get set }
}

extension TabledSearch {
    func point(_ id: PointID) -> GridPoint { GridPoint(key: table[id].key) }

    /// Steps from the origin along parents.
    func generation(_ id: PointID) -> Int32 { table[id].generation }

    /// Evaluations told so far.
    func attempts(_ id: PointID) -> Int { Int(table[id].attempts) }

    /// The stable point that `id` is started from; `nil` for the origin.
    func parent(_ id: PointID) -> PointID? {
        let parent = table[id].parent
        return parent == PointTable.Entry.none ? nil : PointID(parent)
    }

    /// Row of the results file; `nil` until ``setRow(_:_:)``.
    func row(_ id: PointID) -> Int? {
        let row = table[id].row
        return row == PointTable.Entry.none ? nil : Int(row)
    }

    mutating func setRow(_ id: PointID, _ row: Int) { table[id].row = UInt32(row) }

    /// What is recorded with the result of a point that has its row.
    func provenance(_ id: PointID, worker: Int) -> Provenance {
        let entry = table[id]
        let parentRow = parent(id).flatMap { row($0) } ?? -1
        return Provenance(
            row: Int(entry.row), point: GridPoint(key: entry.key), parentRow: parentRow, generation: entry.generation,
            attempt: Int8(clamping: entry.attempts), worker: Int32(worker))
    }

    /// Points met so far.
    var count: Int { table.count }

    /// Whether a number that came in a message is the number of a point.
    func contains(_ id: PointID) -> Bool { id.index < table.count }

    /// Bytes of memory for each point met, in the table of points.
    var bytesPerPoint: Double { table.bytesPerPoint }
}
