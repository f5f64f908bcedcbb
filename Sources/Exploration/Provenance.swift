/// Rows of the results file that are to be filled: those that were left without a result, then new ones.
package struct FileRows: Sendable {
    /// Rows so far, those without a result included.
    package private(set) var count: Int
    private var empty: [Int]

    package init(count: Int = 0, empty: [Int] = []) {
        self.count = count
        self.empty = empty
    }

    var next: Int { empty.last ?? count }

    mutating func takeNext() {
        if empty.popLast() == nil { count += 1 }
    }
}

/// Where a result belongs and where it came from: what the search knows of a point when its result is recorded.
public struct Provenance: Sendable, Equatable {
    /// Row of the results file. A row that is already there is written anew (a point tried again).
    public var row: Int
    public var position: Position
    /// Row of the stable point that this one was started from; -1 for the origin.
    public var parentRow: Int
    /// Steps from the origin along parents.
    public var generation: Int32
    /// Attempts made, this one included: 1 for the first.
    public var attempt: Int8
    /// Rank that evaluated it.
    public var worker: Int32

    public init(row: Int, position: Position, parentRow: Int, generation: Int32, attempt: Int8, worker: Int32) {
        self.row = row
        self.position = position
        self.parentRow = parentRow
        self.generation = generation
        self.attempt = attempt
        self.worker = worker
    }
}
