public import Atmospheres

/// A search by either strategy: what a master asks and tells.
public struct Search: Sendable {
    public enum Rules: Sendable, Equatable {
        case flood(Frontier.Rules)
        case refine(Refinement.Rules)
    }

    /// Exactly one of the two is there. Both stay where they are when they change: a case of an enumeration would be
    /// taken out and put back for every point.
    private var frontier: Frontier?
    private var refinement: Refinement?

    public init(_ frontier: Frontier) { self.frontier = frontier }

    public init(_ refinement: Refinement) { self.refinement = refinement }

    public init(_ lattice: Lattice, rules: Rules) {
        switch rules {
        case .flood(let rules): frontier = Frontier(lattice, rules: rules)
        case .refine(let rules): refinement = Refinement(lattice, rules: rules)
        }
    }

    /// Opens the origin. Called once, after every ``recall(_:outcome:attempts:row:value:)``.
    public mutating func start() { frontier?.start() ?? refinement!.start() }

    /// The next point to evaluate, now pending; `nil` when none can be asked now.
    ///
    /// The search has ended when there is none and nothing is pending.
    public mutating func ask() -> PointID? { frontier != nil ? frontier!.ask() : refinement!.ask() }

    /// See ``Frontier/mayLookAhead``.
    public mutating func setMayLookAhead(_ may: Bool) { frontier?.mayLookAhead = may }

    /// Settles a point.
    ///
    /// - Parameter value: what the model answered for a quantity, by row.
    /// - Returns: `false` when there is nothing to record: the point was settled before, or it goes back to be asked
    ///   again.
    public mutating func tell(_ id: PointID, _ outcome: Outcome, value: (Int) -> Double) -> Bool {
        frontier != nil ? frontier!.tell(id, outcome) : refinement!.tell(id, outcome, value: value)
    }

    /// Puts back pending points whose worker was lost.
    public mutating func forget(_ ids: some Sequence<PointID>) {
        frontier != nil ? frontier!.forget(ids) : refinement!.forget(ids)
    }

    /// Takes in a result of an earlier run, before ``start()``.
    public mutating func recall(_ point: GridPoint, outcome: Outcome, attempts: Int, row: Int, value: (Int) -> Double) {
        if frontier != nil {
            frontier!.recall(point, outcome: outcome, attempts: attempts, row: row)
        } else {
            refinement!.recall(point, outcome: outcome, attempts: attempts, row: row, value: value)
        }
    }

    public func point(_ id: PointID) -> GridPoint { frontier?.point(id) ?? refinement!.point(id) }

    /// The stable point that `id` is started from; `nil` for the origin.
    public func parent(_ id: PointID) -> PointID? { frontier != nil ? frontier!.parent(id) : refinement!.parent(id) }

    /// Row of the results file; `nil` until ``setRow(_:_:)``.
    public func row(_ id: PointID) -> Int? { frontier != nil ? frontier!.row(id) : refinement!.row(id) }

    public mutating func setRow(_ id: PointID, _ row: Int) {
        frontier != nil ? frontier!.setRow(id, row) : refinement!.setRow(id, row)
    }

    /// What is recorded with the result of a point that has its row.
    public func provenance(_ id: PointID, worker: Int) -> Provenance {
        frontier?.provenance(id, worker: worker) ?? refinement!.provenance(id, worker: worker)
    }

    /// Whether a number that came in a message is the number of a point.
    public func contains(_ id: PointID) -> Bool { frontier?.contains(id) ?? refinement!.contains(id) }

    /// Bytes of memory for each point met, in the table of points.
    public var bytesPerPoint: Double { frontier?.bytesPerPoint ?? refinement!.bytesPerPoint }

    /// Points asked and not told.
    public var pendingCount: Int { frontier?.pendingCount ?? refinement!.pendingCount }

    /// Points opened and not asked.
    public var openCount: Int { frontier?.openCount ?? refinement!.openCount }

    /// Settled points with this outcome.
    public func settledCount(_ outcome: Outcome) -> Int {
        frontier?.settledCount(outcome) ?? refinement!.settledCount(outcome)
    }

    /// Settled points.
    public var settledCount: Int { frontier?.settledCount ?? refinement!.settledCount }
}
