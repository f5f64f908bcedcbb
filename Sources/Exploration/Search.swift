package import Atmospheres

/// A search of the stable region by any strategy: what a master asks and tells.
///
/// Pure: no clock, no random source, no input or output. Given the same answers in the same order it asks the same
/// questions.
package protocol Search: AnyObject {
    /// Every point met, by its number.
    var table: PointTable { get }

    /// Opens the origin. Called once, after every ``recall(_:outcome:attempts:row:value:)``.
    func start()

    /// The next point to evaluate, now pending; `nil` when none can be asked now.
    ///
    /// The search has ended when there is none and nothing is pending.
    func ask() -> PointID?

    /// Settles a point.
    ///
    /// - Parameter value: what the model answered for a quantity, by row.
    /// - Returns: `false` when there is nothing to record: the number, which came in a message, is that of no point, or
    ///   the point was settled before, or it goes back to be asked again.
    func tell(_ id: PointID, _ outcome: Outcome, value: (Int) -> Double) -> Bool

    /// Puts back pending points whose worker was lost.
    func forget(_ ids: [PointID])

    /// Takes in a result of an earlier run, before ``start()``. The search does not ask this point again: when it
    /// comes to it, it goes on as if it had just been told.
    func recall(_ position: Position, outcome: Outcome, attempts: Int, row: Int, value: (Int) -> Double)

    /// Allows points to be asked ahead of their turn, where that keeps workers busy and changes nothing, or forbids it.
    func allowLookAhead(_ isAllowed: Bool)

    /// Points asked and not told.
    var pendingCount: Int { get }
    /// Points opened and not asked.
    var openCount: Int { get }
    /// Settled points with this outcome.
    func settledCount(_ outcome: Outcome) -> Int
    /// Settled points.
    var settledCount: Int { get }

    /// Has the processor fetch what settling a point will look at: a hint, without effect on results.
    func prepare(_ id: PointID)

    // Here, and not in the extension alone, so that they are compiled for each strategy.
    func position(_ id: PointID) -> Position
    func parent(_ id: PointID) -> PointID?
    func row(_ id: PointID) -> Int?
    func ask(_ count: Int, _ take: (PointID, Position) throws -> Void) rethrows
    func record(_ id: PointID, in row: Int, worker: Int) -> Provenance
    func settle(
        _ range: Range<Int>, of evaluations: Evaluations, by worker: Int, in rows: inout FileRows,
        into provenance: inout [Provenance]
    ) -> [Int]
}

extension Search {
    /// So many points before its turn one is prepared.
    private static var ahead: Int { 4 }

    /// A strategy without turns has nothing to allow.
    package func allowLookAhead(_ isAllowed: Bool) {}

    package func prepare(_ id: PointID) {}

    package func position(_ id: PointID) -> Position { Position(key: table[id].key) }

    /// Steps from the origin along parents.
    package func generation(_ id: PointID) -> Int32 { table[id].generation }

    /// Evaluations told so far.
    package func attempts(_ id: PointID) -> Int { Int(table[id].attempts) }

    /// The stable point that `id` is started from; `nil` for the origin.
    package func parent(_ id: PointID) -> PointID? {
        let parent = table[id].parent
        return parent == PointTable.Entry.none ? nil : PointID(parent)
    }

    /// Row of the results file; `nil` until ``record(_:in:worker:)``.
    package func row(_ id: PointID) -> Int? {
        let row = table[id].row
        return row == PointTable.Entry.none ? nil : Int(row)
    }

    /// Gives a settled point its row, unless it has one.
    ///
    /// - Returns: what is recorded with its result.
    @inline(__always)
    package func record(_ id: PointID, in row: Int, worker: Int) -> Provenance {
        if table[id].row == PointTable.Entry.none { table[id].row = UInt32(row) }
        let entry = table[id]
        return Provenance(
            row: Int(entry.row), position: Position(key: entry.key),
            parentRow: parent(id).flatMap { self.row($0) } ?? -1, generation: entry.generation,
            attempt: Int8(clamping: entry.attempts), worker: Int32(worker))
    }

    /// Asks `count` points, or as many as can be asked now, and hands each to `take`.
    package func ask(_ count: Int, _ take: (PointID, Position) throws -> Void) rethrows {
        for _ in 0..<count {
            guard let id = ask() else { return }
            try take(id, position(id))
        }
    }

    /// Settles the points of some evaluations in turn, gives those a row that have none, and appends what is recorded with
    /// each result.
    ///
    /// - Returns: the evaluations that are not to be recorded: where ``tell(_:_:value:)`` is `false`.
    package func settle(
        _ range: Range<Int>, of evaluations: Evaluations, by worker: Int, in rows: inout FileRows,
        into provenance: inout [Provenance]
    ) -> [Int] {
        var refused: [Int] = []
        for i in range {
            if i + Self.ahead < range.upperBound { prepare(PointID(evaluations.rows[i + Self.ahead].id)) }
            let result = evaluations.rows[i]
            let id = PointID(result.id)
            let isToRecord = tell(id, result.outcome) { evaluations.values[i * evaluations.valueCount + $0] }
            guard isToRecord else {
                refused.append(i)
                continue
            }
            let settled = record(id, in: rows.next, worker: worker)
            if settled.row == rows.next { rows.takeNext() }
            provenance.append(settled)
        }
        return refused
    }

    /// Points met so far.
    package var count: Int { table.count }

    /// Bytes of memory for each point met, in the table of points.
    package var bytesPerPoint: Double { table.bytesPerPoint }
}

/// A strategy with its rules.
public enum SearchRules: Sendable, Equatable {
    case flood(Frontier.Rules)
    case refine(Refinement.Rules)

    package func search(on lattice: Lattice) -> any Search {
        switch self {
        case .flood(let rules): Frontier(lattice, rules: rules)
        case .refine(let rules): Refinement(lattice, rules: rules)
        }
    }
}
