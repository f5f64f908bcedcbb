package import Atmospheres

/// A search of the stable region by any strategy: what a master asks and tells.
///
/// Pure: no clock, no random source, no input or output. Given the same answers in the same order it asks the same
/// questions.
///
/// The owner of a search may keep a 32-bit *tag* with each settled point, which the search gives back and does not look
/// at; the master keeps the row of the results file there.
package protocol Search: AnyObject {
    /// Every point met, by its id.
    var table: PointTable { get }

    /// Opens the origin. Called once, after every ``recall(_:outcome:attempts:tag:value:)``.
    func start()

    /// Returns the next point to evaluate, now pending; `nil` if none can be asked now.
    ///
    /// The search has ended when there is none and nothing is pending.
    func ask() -> PointID?

    /// Asks up to `count` points and passes each to `take`.
    ///
    /// A requirement, though one implementation serves all strategies, so that the loop is compiled for each of them.
    func ask(_ count: Int, _ take: (PointID, Position) throws -> Void) rethrows

    /// Settles a point.
    ///
    /// - Parameters:
    ///   - id: the point.
    ///   - outcome: what became of it.
    ///   - value: returns the model's answer for the quantity with this index.
    /// - Returns: `false` if there is nothing to record: no point has this id, which came in a message; or the point was
    ///   settled before; or it is to be asked again.
    func tell(_ id: PointID, _ outcome: Outcome, value: (Int) -> Double) -> Bool

    /// Settles the points of some evaluations in turn.
    ///
    /// A requirement, so that the loop is compiled for each strategy, which may look ahead in it.
    ///
    /// - Parameters:
    ///   - rows: which evaluations.
    ///   - evaluations: where they are.
    ///   - record: called for each point with something to record; returns the tag to keep with it.
    /// - Returns: the rows with nothing to record: see ``tell(_:_:value:)``.
    func tell(_ rows: Range<Int>, of evaluations: Evaluations, _ record: (SettledPoint) -> UInt32) -> [Int]

    /// Puts back pending points whose worker was lost.
    func forget(_ ids: [PointID])

    /// Takes in a result of an earlier run, before ``start()``.
    ///
    /// The search does not ask this point again: when it reaches it, it continues as if it had just been told.
    func recall(_ position: Position, outcome: Outcome, attempts: Int, tag: UInt32, value: (Int) -> Double)

    /// Allows or forbids asking points ahead of their turn where that keeps workers busy and changes no result.
    func allowLookAhead(_ isAllowed: Bool)

    /// Number of points asked and not told.
    var pendingCount: Int { get }
    /// Number of points opened and not asked.
    var openCount: Int { get }
    /// Returns the number of settled points with this outcome.
    func settledCount(_ outcome: Outcome) -> Int
}

extension Search {
    package func ask(_ count: Int, _ take: (PointID, Position) throws -> Void) rethrows {
        for _ in 0..<count {
            guard let id = ask() else { return }
            try take(id, position(id))
        }
    }

    package func tell(
        _ rows: Range<Int>, of evaluations: Evaluations, _ record: (SettledPoint) -> UInt32
    ) -> [Int] {
        tellInTurn(rows, of: evaluations, record) { _, _ in }
    }

    /// Settles the points of some evaluations in turn; calls `begin` with each row before it is told.
    @inline(__always)
    func tellInTurn(
        _ rows: Range<Int>, of evaluations: Evaluations, _ record: (SettledPoint) -> UInt32,
        _ begin: (Int, Range<Int>) -> Void
    ) -> [Int] {
        var refused: [Int] = []
        for row in rows {
            begin(row, rows)
            let result = evaluations.rows[row]
            let id = PointID(result.id)
            guard tell(id, result.outcome, value: { evaluations.values[row * evaluations.valueCount + $0] }) else {
                refused.append(row)
                continue
            }
            let entry = table[id]
            let tag = record(
                SettledPoint(
                    position: Position(key: entry.key), tag: entry.tag == PointTable.Entry.none ? nil : entry.tag,
                    parentTag: parent(id).flatMap { self.tag($0) }, generation: entry.generation,
                    attempts: entry.attempts))
            if entry.tag == PointTable.Entry.none { table[id].tag = tag }
        }
        return refused
    }

    /// Does nothing: a strategy without turns has nothing to allow.
    package func allowLookAhead(_ isAllowed: Bool) {}

    /// Returns the position of a point.
    package func position(_ id: PointID) -> Position { Position(key: table[id].key) }

    /// Returns the steps from the origin along parents.
    package func generation(_ id: PointID) -> Int32 { table[id].generation }

    /// Returns the evaluations told so far.
    package func attempts(_ id: PointID) -> Int { Int(table[id].attempts) }

    /// Returns the parent of a point; `nil` for the origin.
    package func parent(_ id: PointID) -> PointID? {
        let parent = table[id].parent
        return parent == PointTable.Entry.none ? nil : PointID(parent)
    }

    /// Returns the tag of a point; `nil` until it is settled.
    package func tag(_ id: PointID) -> UInt32? {
        let tag = table[id].tag
        return tag == PointTable.Entry.none ? nil : tag
    }

    /// Number of settled points.
    package var settledCount: Int { Outcome.allCases.reduce(0) { $0 + settledCount($1) } }

    /// Number of points met so far.
    package var count: Int { table.count }

    /// Bytes of memory for each point met, in the table of points.
    package var bytesPerPoint: Double { table.bytesPerPoint }
}
