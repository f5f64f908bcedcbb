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
public final class Frontier: Search {
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
    package let table: PointTable
    /// Points of the layer that is being asked; in the order `arrival` there is one layer for ever.
    var current = PlainQueue<PointID>()
    /// Points of the layer after it, some of them already asked.
    var next = PlainArray<PointID>()
    /// Points of `next` whose parents are final, once `current` has run out.
    var ready: Deque<PointID> = []
    /// Whether points of the next layer may be asked where that changes nothing: it keeps workers busy at the end of a
    /// layer, and costs as much as everything else here. It changes the order in which points are asked, and no result.
    private(set) var mayLookAhead = true
    var isLookingAhead = false
    /// Points of `next` that were told before the layer before them ended, and what follows from them has to wait.
    var toldAhead: [PointID] = []
    /// Points to be asked again in the layer they are in: before any other.
    var returned: [PointID] = []
    /// Points that did not converge and may be tried again, with the parents that were tried.
    var retryable: [PointID: [UInt32]] = [:]
    var unsettledInLayer = 0
    var layerIsOdd = false
    /// Whether some points have results of an earlier run.
    var hasRecalled = false
    private var settledByOutcome = InlineArray<5, Int>(repeating: 0)
    private var askedCount = 0

    /// Points asked and not told.
    public private(set) var pendingCount = 0
    /// Points opened and not asked.
    public private(set) var openCount = 0

    /// Indices on the lattice of the point at hand: kept for their memory.
    let indices: PlainArray<Int>
    /// Neighbours of the point at hand, kept for their memory.
    private let neighbours: PlainArray<Neighbour>

    private struct Neighbour: BitwiseCopyable {
        /// The step that leads there from the point at hand.
        let step: Int
        let key: UInt64
        /// Where it is in the table, or would be.
        let place: PointTable.Place
        /// Its number, if it was met before.
        let known: PointID?
    }

    public init(_ lattice: Lattice, rules: Rules) {
        self.lattice = lattice
        self.rules = rules
        steps = Steps(rules.neighbourhood, on: lattice)
        table = PointTable(for: lattice.count)
        indices = steps.blankIndices()
        neighbours = PlainArray(capacity: steps.count)
    }

    // MARK: - ask, tell, forget

    /// Opens the origin. Called once, after every ``recall(_:outcome:attempts:row:)``.
    public func start() {
        precondition(table.find(lattice.origin.key).map { table[$0].phase == .recalled } ?? true, "started once")
        reachOrigin()
        if rules.order == .generations { beginLayer() } else { settleRecalled() }
    }

    /// The next point to evaluate, now pending; `nil` when none can be asked now.
    ///
    /// The search has ended when there is none and nothing is pending.
    public func ask() -> PointID? {
        while let id = nextOpen() {
            let entry = table[id]
            guard entry.phase == .open else { continue }
            if let limit = rules.pointLimit, askedCount >= limit, entry.attempts == 0 { continue }
            table[id].phase = .pending
            openCount -= 1
            pendingCount += 1
            if entry.attempts == 0 { askedCount += 1 }
            return id
        }
        return nil
    }

    /// Settles a point. A stable point opens its neighbours.
    ///
    /// - Returns: `false` when there is nothing to record: there is no such point, or it was settled before, or it goes
    ///   back to be asked again after a failure.
    @inline(__always)
    public func tell(_ id: PointID, _ outcome: Outcome) -> Bool {
        guard id.index < table.count else { return false }
        var entry = table[id]
        switch entry.phase {
        case .settled, .recalled: return false
        case .open: openCount -= 1
        case .pending: pendingCount -= 1
        }
        entry.attempts &+= 1
        if outcome == .failed, Int(entry.attempts) < rules.attempts {
            entry.phase = .open
            table[id] = entry
            openCount += 1
            returned.append(id)
            return false
        }
        entry.outcome = outcome
        settle(id, entry)
        if rules.order == .arrival { settleRecalled() }
        return true
    }

    @inline(__always)
    package func prepare(_ id: PointID) {
        guard id.index < table.count, steps.count <= Self.mostPrepared else { return }
        let (key, lookup) = (table[id].key, table.lookup)
        for step in 0..<steps.count { lookup.prepare(steps.shift(key, by: step)) }
    }

    /// More neighbours would fill the caches by themselves.
    private static let mostPrepared = 12

    /// Puts back pending points whose worker was lost.
    public func forget(_ ids: [PointID]) {
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
    public func recall(_ position: Position, outcome: Outcome, attempts: Int, row: Int) {
        precondition(table.find(position.key) == nil, "a point is recalled once")
        _ = table.insert(
            PointTable.Entry(
                key: position.key, row: UInt32(row), outcome: outcome, phase: .recalled,
                attempts: UInt8(clamping: attempts)))
        hasRecalled = true
    }

    package func allowLookAhead(_ isAllowed: Bool) { mayLookAhead = isAllowed }

    package func tell(_ id: PointID, _ outcome: Outcome, value: (Int) -> Double) -> Bool { tell(id, outcome) }

    package func recall(
        _ position: Position, outcome: Outcome, attempts: Int, row: Int, value: (Int) -> Double
    ) {
        recall(position, outcome: outcome, attempts: attempts, row: row)
    }

    // MARK: - what is known

    /// Settled points with this outcome.
    public func settledCount(_ outcome: Outcome) -> Int { settledByOutcome[Int(outcome.rawValue)] }

    /// Settled points.
    public var settledCount: Int { settledByOutcome.indices.reduce(0) { $0 + settledByOutcome[$1] } }

    // MARK: - settling and opening

    func inLayer(_ id: PointID) -> Bool { table[id].inOddLayer == layerIsOdd }

    /// Settles a point that is neither open nor pending any more; `entry` has its outcome.
    @inline(__always)
    func settle(_ id: PointID, _ entry: PointTable.Entry) {
        var entry = entry
        entry.phase = .settled
        table[id] = entry
        settledByOutcome[Int(entry.outcome.rawValue)] += 1
        let inLayer = entry.inOddLayer == layerIsOdd
        if inLayer { unsettledInLayer -= 1 }
        if inLayer { follow(id, entry) } else { toldAhead.append(id) }
        if isLookingAhead && inLayer { findReadyNeighbours(of: id) }
    }

    /// Does what a settled point asks for: a stable one opens its neighbours, one that did not converge may be tried
    /// again.
    func follow(_ id: PointID) { follow(id, table[id]) }

    @inline(__always)
    private func follow(_ id: PointID, _ entry: PointTable.Entry) {
        if entry.outcome == .notConverged, rules.parentMatters, Int(entry.attempts) < rules.attempts {
            retryable[id, default: []].append(entry.parent)
        } else if !retryable.isEmpty {
            retryable[id] = nil
        }
        if entry.outcome == .stable { openNeighbours(of: id, entry) }
    }

    private func openNeighbours(of id: PointID, _ entry: PointTable.Entry) {
        if let limit = rules.generationLimit, Int(entry.generation) >= limit { return }
        steps.locate(entry.key, indices)
        table.reserve(steps.count)
        // All are looked up before any is dealt with: the processor fetches their memory side by side.
        let (lookup, neighbours) = (table.lookup, neighbours.unchecked)
        var count = 0
        // A parent is settled.
        let back = entry.step == PointTable.Entry.unknownStep ? -1 : steps.back(Int(entry.step))
        steps.forEachNeighbour(of: entry.key, at: indices, except: back) { step, key in
            let place = lookup.look(for: key)
            neighbours[count] = Neighbour(step: step, key: key, place: place, known: lookup.point(at: place))
            count &+= 1
        }
        for i in 0..<count {
            let neighbour = neighbours[i]
            if let known = neighbour.known {
                let phase = table[known].phase
                if phase == .open || phase == .recalled { reach(known, by: neighbour.step, from: id, entry) }
            } else {
                let new = PointTable.Entry(
                    key: neighbour.key, parent: id.number, step: neighbour.step, generation: entry.generation &+ 1,
                    phase: .open)
                enqueue(table.insert(new, reservedAt: neighbour.place))
            }
        }
        if rules.order == .arrival { reopenRetryable() }
    }

    private func reachOrigin() {
        let key = lattice.origin.key
        let id = table.find(key) ?? table.insert(PointTable.Entry(key: key, phase: .open))
        table[id].phase = .open
        enqueue(id)
    }

    /// Makes `parent`, which is the point at hand, the parent of its neighbour `id` where it is nearer than the one that
    /// this has. A neighbour of an earlier run is opened.
    private func reach(_ id: PointID, by step: Int, from parent: PointID, _ parentEntry: PointTable.Entry) {
        let entry = table[id]
        if entry.phase == .recalled {
            table[id].phase = .open
            table[id].setParent(parent, step: step, generation: parentEntry.generation + 1)
            return enqueue(id)
        }
        let mayChange =
            rules.order == .generations
            ? entry.inOddLayer != layerIsOdd : entry.attempts == 0 && !rules.keepsFirstParent
        guard mayChange, entry.parent != PointTable.Entry.none else { return }
        let old = PointID(entry.parent)
        let oldKey = table[old].key
        let distance = steps.length(step, at: indices)
        let oldDistance =
            entry.step == PointTable.Entry.unknownStep
            ? steps.distance(oldKey, entry.key) : steps.length(Int(entry.step), to: step, from: indices)
        if ParentPreference(distance: distance, key: parentEntry.key) < ParentPreference(distance: oldDistance, key: oldKey) {
            table[id].setParent(parent, step: step, generation: parentEntry.generation + 1)
        }
    }

    @inline(__always)
    private func enqueue(_ id: PointID) {
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
    func settleRecalled() {
        while let id = next.popLast() {
            if isRecalled(id) { settleRecalled(id) }
        }
    }

    func settleRecalled(_ id: PointID) {
        openCount -= 1
        askedCount += 1
        settle(id, table[id])
    }

    /// Opens anew the points that did not converge and have a stable neighbour that was not tried.
    func reopenRetryable() {
        guard !retryable.isEmpty else { return }
        for id in retryable.keys.sorted(by: { table[$0].key < table[$1].key }) where table[id].phase == .settled {
            guard let parent = untriedParent(of: id) else { continue }
            settledByOutcome[Int(table[id].outcome.rawValue)] -= 1
            table[id].setParent(
                parent, step: Int(PointTable.Entry.unknownStep), generation: table[parent].generation + 1)
            table[id].outcome = .pending
            table[id].phase = .open
            table[id].inOddLayer = layerIsOdd
            openCount += 1
            unsettledInLayer += 1
            current.append(id)
        }
    }

    /// The nearest stable neighbour that `id` was not started from, among those that this layer may use.
    private func untriedParent(of id: PointID) -> PointID? {
        guard let tried = retryable[id] else { return nil }
        let key = table[id].key
        steps.locate(key, indices)
        var best: (rank: ParentPreference, id: PointID)?
        for step in 0..<steps.count {
            guard let neighbour = steps.neighbour(step, of: key, at: indices), let other = table.find(neighbour),
                table[other].phase == .settled, table[other].outcome == .stable,
                !tried.contains(other.number), !toldAhead.contains(other)
            else { continue }
            let rank = ParentPreference(distance: steps.length(step, at: indices), key: neighbour)
            if best.map({ rank < $0.rank }) ?? true { best = (rank, other) }
        }
        return best?.id
    }

    func rank(of parent: PointID, asParentOf key: UInt64) -> ParentPreference {
        let parentKey = table[parent].key
        return ParentPreference(distance: steps.distance(parentKey, key), key: parentKey)
    }
}

/// The order among possible parents: the nearer one, and the smaller key of two at one distance.
struct ParentPreference: Comparable {
    let distance: Double
    let key: UInt64

    static func < (a: ParentPreference, b: ParentPreference) -> Bool {
        a.distance != b.distance ? a.distance < b.distance : a.key < b.key
    }
}
