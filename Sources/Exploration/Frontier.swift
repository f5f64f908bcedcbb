public import Atmospheres
import DequeModule

/// The search for the stable region: which points are opened, asked and settled.
///
/// Pure: no clock, no random source, no input or output. Given the same answers in the same order it asks the same
/// questions. The strategy is *flood*: a stable point opens its neighbours, so that every stable point that can be
/// reached from the origin is visited, with the rim around it.
///
/// In the order ``Order/generations`` points are asked layer by layer, and a point is asked only when the layer before
/// it can no longer change its parent. Parents, generations and the set of points then do not depend on the order of
/// the answers, and so not on the number of workers.
public struct Frontier: Sendable {
    public enum Order: String, CaseIterable, Sendable {
        /// Layer by layer, outward from the origin: the same parents whatever the timing.
        case generations
        /// As soon as a point is opened, from the nearest stable neighbour known by then.
        case arrival
    }

    public struct Rules: Sendable, Equatable {
        public var neighbourhood = Neighbourhood()
        public var order = Order.generations
        /// Evaluations that a point may have before its outcome stands.
        public var attempts = 1
        /// Whether another parent may change the outcome of a point that did not converge.
        public var parentMatters = false
        /// Whether a point keeps the first parent that opens it, however far. Only in the order `arrival`.
        public var keepsFirstParent = false
        /// Points to ask at most. In the order `generations` the set asked is then the same for any timing.
        public var pointLimit: Int?
        /// Steps from the origin at most.
        public var generationLimit: Int?

        public init() {}
    }

    public let lattice: Lattice
    public let rules: Rules

    let steps: Steps
    var table = PointTable()
    /// Points of the layer that is being asked; in the order `arrival` there is one layer for ever.
    var current: Deque<PointID> = []
    /// Points of the layer after it, some of them already asked.
    var next: [PointID] = []
    /// Points of `next` whose parents are final, once `current` has run out.
    var ready: Deque<PointID> = []
    /// Whether points of the next layer may be asked where that changes nothing: it keeps workers busy at the end of a
    /// layer, and costs as much as everything else here. It changes the order in which points are asked, and no result.
    public var mayLookAhead = true
    var isLookingAhead = false
    /// Points of `next` that were told before the layer before them ended, and what follows from them has to wait.
    var toldAhead: [PointID] = []
    /// Points to be asked again in the layer they are in: before any other.
    var returned: [PointID] = []
    /// Points that did not converge and may be tried again, with the parents that were tried.
    var retryable: [PointID: [UInt32]] = [:]
    var unsettledInLayer = 0
    var layerIsOdd = false
    private var settledByOutcome = [Int](repeating: 0, count: Outcome.allCases.count)
    private var askedCount = 0

    /// Points asked and not told.
    public private(set) var pendingCount = 0
    /// Points opened and not asked.
    public private(set) var openCount = 0

    // Indices on the lattice of the point at hand, of its neighbour and of a parent: kept for their memory.
    var indices: [Int] = []
    var neighbourIndices: [Int] = []
    var parentIndices: [Int] = []

    public init(_ lattice: Lattice, rules: Rules) {
        self.lattice = lattice
        self.rules = rules
        steps = Steps(rules.neighbourhood, on: lattice)
    }

    // MARK: - ask, tell, forget

    /// Opens the origin. Called once, after every ``recall(_:outcome:attempts:row:)``.
    public mutating func start() {
        precondition(table.find(lattice.origin.key).map { table[$0].phase == .recalled } ?? true, "started once")
        reachOrigin()
        if rules.order == .generations { beginLayer() } else { settleRecalled() }
    }

    /// The next point to evaluate, now pending; `nil` when none can be asked now.
    ///
    /// The search has ended when there is none and nothing is pending.
    public mutating func ask() -> PointID? {
        while let id = nextOpen() {
            guard table[id].phase == .open else { continue }
            if let limit = rules.pointLimit, askedCount >= limit, table[id].attempts == 0 { continue }
            table[id].phase = .pending
            openCount -= 1
            pendingCount += 1
            if table[id].attempts == 0 { askedCount += 1 }
            return id
        }
        return nil
    }

    /// Settles a point. A stable point opens its neighbours.
    ///
    /// - Returns: `false` when there is nothing to record: the point was settled before, or it goes back to be asked
    ///   again after a failure.
    public mutating func tell(_ id: PointID, _ outcome: Outcome) -> Bool {
        switch table[id].phase {
        case .settled, .recalled: return false
        case .open: openCount -= 1
        case .pending: pendingCount -= 1
        }
        table[id].attempts &+= 1
        if outcome == .failed, Int(table[id].attempts) < rules.attempts {
            table[id].phase = .open
            openCount += 1
            returned.append(id)
            return false
        }
        settle(id, outcome)
        if rules.order == .arrival { settleRecalled() }
        return true
    }

    /// Puts back pending points whose worker was lost.
    public mutating func forget(_ ids: some Sequence<PointID>) {
        for id in ids where table[id].phase == .pending {
            table[id].phase = .open
            pendingCount -= 1
            openCount += 1
            if table[id].attempts == 0 { askedCount -= 1 }
            returned.append(id)
        }
    }

    /// Takes in a result of an earlier run, before ``start()``. The search does not ask this point again: when it
    /// comes to it, it goes on as if it had just been told.
    public mutating func recall(_ point: GridPoint, outcome: Outcome, attempts: Int, row: Int) {
        precondition(table.find(point.key) == nil, "a point is recalled once")
        _ = table.insert(
            PointTable.Entry(
                key: point.key, parent: PointTable.Entry.none, row: UInt32(row), generation: 0, outcome: outcome,
                phase: .recalled, attempts: UInt8(clamping: attempts)))
    }

    // MARK: - what is known

    public func point(_ id: PointID) -> GridPoint { GridPoint(key: table[id].key) }

    /// Steps from the origin along parents.
    public func generation(_ id: PointID) -> Int32 { table[id].generation }

    /// Evaluations told so far.
    public func attempts(_ id: PointID) -> Int { Int(table[id].attempts) }

    /// The stable point that `id` is started from; `nil` for the origin.
    public func parent(_ id: PointID) -> PointID? {
        table[id].parent == PointTable.Entry.none ? nil : PointID(table[id].parent)
    }

    /// Row of the results file; `nil` until ``setRow(_:_:)``.
    public func row(_ id: PointID) -> Int? {
        table[id].row == PointTable.Entry.none ? nil : Int(table[id].row)
    }

    public mutating func setRow(_ id: PointID, _ row: Int) { table[id].row = UInt32(row) }

    /// Points met so far.
    public var count: Int { table.count }

    /// Whether a number that came in a message is the number of a point.
    public func contains(_ id: PointID) -> Bool { id.index < table.count }

    /// Settled points with this outcome.
    public func settledCount(_ outcome: Outcome) -> Int { settledByOutcome[Int(outcome.rawValue)] }

    /// Settled points.
    public var settledCount: Int { settledByOutcome.reduce(0, +) }

    /// Bytes of memory for each point met.
    public var bytesPerPoint: Double { table.bytesPerPoint }

    // MARK: - settling and opening

    func inLayer(_ id: PointID) -> Bool { table[id].inOddLayer == layerIsOdd }

    /// Gives a point that is neither open nor pending any more its outcome.
    mutating func settle(_ id: PointID, _ outcome: Outcome) {
        table[id].outcome = outcome
        table[id].phase = .settled
        settledByOutcome[Int(outcome.rawValue)] += 1
        let inLayer = inLayer(id)
        if inLayer { unsettledInLayer -= 1 }
        if inLayer { follow(id) } else { toldAhead.append(id) }
        if isLookingAhead && inLayer { findReadyNeighbours(of: id) }
    }

    /// Does what a settled point asks for: a stable one opens its neighbours, one that did not converge may be tried
    /// again.
    mutating func follow(_ id: PointID) {
        let outcome = table[id].outcome
        if outcome == .notConverged, rules.parentMatters, Int(table[id].attempts) < rules.attempts {
            retryable[id, default: []].append(table[id].parent)
        } else if !retryable.isEmpty {
            retryable[id] = nil
        }
        if outcome == .stable { openNeighbours(of: id) }
    }

    mutating func openNeighbours(of id: PointID) {
        if let limit = rules.generationLimit, Int(table[id].generation) >= limit { return }
        let key = table[id].key
        lattice.decompose(GridPoint(key: key), into: &neighbourIndices)
        for step in 0..<steps.count {
            guard let neighbour = steps.take(step, from: key, &neighbourIndices) else { continue }
            reach(neighbour, by: step, from: id, key)
            steps.takeBack(step, &neighbourIndices)
        }
        if rules.order == .arrival { reopenRetryable() }
    }

    private mutating func reachOrigin() {
        let key = lattice.origin.key
        let id = table.find(key) ?? table.insert(PointTable.Entry(key: key, phase: .open))
        table[id].phase = .open
        enqueue(id)
    }

    /// Opens the point with `key`, or makes `parent` its parent where that is nearer. `neighbourIndices` are the
    /// point's, `step` led there.
    private mutating func reach(_ key: UInt64, by step: Int, from parent: PointID, _ parentKey: UInt64) {
        guard let id = table.find(key) else {
            open(table.insert(PointTable.Entry(key: key, phase: .open)), from: parent)
            return
        }
        switch table[id].phase {
        case .recalled: open(id, from: parent)
        case .open:
            let mayChange =
                rules.order == .generations ? !inLayer(id) : table[id].attempts == 0 && !rules.keepsFirstParent
            guard mayChange, let old = self.parent(id) else { return }
            let new = Rank(distance: steps.length(of: step, to: neighbourIndices), key: parentKey)
            if new < rank(of: old, asParentAt: neighbourIndices) { setParent(of: id, parent) }
        case .pending, .settled:
            break
        }
    }

    private mutating func open(_ id: PointID, from parent: PointID) {
        table[id].phase = .open
        setParent(of: id, parent)
        enqueue(id)
    }

    private mutating func setParent(of id: PointID, _ parent: PointID) {
        table[id].parent = parent.number
        table[id].generation = table[parent].generation + 1
    }

    private mutating func enqueue(_ id: PointID) {
        openCount += 1
        switch rules.order {
        case .generations:
            table[id].inOddLayer = !layerIsOdd
            next.append(id)
        case .arrival:
            table[id].inOddLayer = layerIsOdd
            unsettledInLayer += 1
            current.append(id)
            if isRecalled(id) { next.append(id) }
        }
    }

    /// Whether an open point has its outcome from an earlier run.
    func isRecalled(_ id: PointID) -> Bool { table[id].phase == .open && table[id].outcome != .pending }

    /// Settles the points of an earlier run that the search has reached.
    mutating func settleRecalled() {
        while let id = next.popLast() {
            guard isRecalled(id) else { continue }
            settleRecalled(id)
        }
    }

    mutating func settleRecalled(_ id: PointID) {
        openCount -= 1
        askedCount += 1
        settle(id, table[id].outcome)
    }

    /// Opens anew the points that did not converge and have a stable neighbour that was not tried.
    mutating func reopenRetryable() {
        guard !retryable.isEmpty else { return }
        for id in retryable.keys.sorted(by: { table[$0].key < table[$1].key }) where table[id].phase == .settled {
            guard let parent = untriedParent(of: id) else { continue }
            settledByOutcome[Int(table[id].outcome.rawValue)] -= 1
            setParent(of: id, parent)
            table[id].outcome = .pending
            table[id].phase = .open
            table[id].inOddLayer = layerIsOdd
            openCount += 1
            unsettledInLayer += 1
            current.append(id)
        }
    }

    /// The nearest stable neighbour that `id` was not started from, among those that this layer may use.
    private mutating func untriedParent(of id: PointID) -> PointID? {
        guard let tried = retryable[id] else { return nil }
        let key = table[id].key
        lattice.decompose(GridPoint(key: key), into: &indices)
        var own = indices
        var best: (rank: Rank, id: PointID)?
        for step in 0..<steps.count {
            guard let neighbour = steps.take(step, from: key, &own) else { continue }
            steps.takeBack(step, &own)
            guard let other = table.find(neighbour), table[other].phase == .settled, table[other].outcome == .stable,
                !tried.contains(other.number), !toldAhead.contains(other)
            else { continue }
            let rank = rank(of: other, asParentAt: indices)
            if best.map({ rank < $0.rank }) ?? true { best = (rank, other) }
        }
        return best?.id
    }

    mutating func rank(of parent: PointID, asParentAt indices: [Int]) -> Rank {
        let key = table[parent].key
        lattice.decompose(GridPoint(key: key), into: &parentIndices)
        return Rank(distance: steps.distance(parentIndices, indices), key: key)
    }
}

/// The order among possible parents: the nearer one, and the smaller key of two at one distance.
struct Rank: Comparable {
    let distance: Double
    let key: UInt64

    static func < (a: Rank, b: Rank) -> Bool {
        a.distance != b.distance ? a.distance < b.distance : a.key < b.key
    }
}
