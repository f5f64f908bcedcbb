public import Atmospheres

/// The search of the whole stable region: which points are opened, asked and settled.
///
/// Pure: no clock, no random source, no input or output. Given the same answers in the same order it asks the same
/// questions. The strategy is *flood*: a stable point opens its neighbours, so that every stable point that can be
/// reached from the origin is visited, with the rim around it.
///
/// In the order ``Order/generations`` points are asked layer by layer, and a point is asked only when the layer before
/// it can no longer change its parent. Parents, generations and the set of points then do not depend on the order of
/// the answers, and so not on the number of workers.
public final class Frontier: Search {
    /// When open points are asked.
    public enum Order: String, CaseIterable, Sendable {
        /// Layer by layer, outward from the origin: the same parents whatever the timing.
        case generations
        /// As soon as a point is opened, from the nearest stable neighbour known by then.
        case arrival
    }

    /// What a flood visits, and how.
    public struct Rules: Sendable, Equatable {
        /// Which points a stable point opens.
        public var neighbourhood = Neighbourhood()
        /// When open points are asked.
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

        /// Creates the default rules.
        public init() {}
    }

    /// Where the search takes place.
    public let lattice: Lattice
    /// What is visited, and how.
    public let rules: Rules

    let steps: Steps
    package let table: PointTable
    var queue: OpenQueue
    /// Points to be asked again in the layer they are in: before any other.
    var returned: [PointID] = []
    /// Points that did not converge and may be tried again, with the parents that were tried.
    var retryable: [PointID: [UInt32]] = [:]
    /// Whether points of the next layer may be asked where that changes nothing: it keeps workers busy at the end of a
    /// layer, and costs as much as everything else here. It changes the order in which points are asked, and no result.
    private(set) var mayLookAhead = true
    /// Whether some points have results of an earlier run.
    private(set) var hasRecalled = false
    private var settledByOutcome = InlineArray<5, Int>(repeating: 0)
    private var askedCount = 0

    /// Number of points asked and not told.
    public private(set) var pendingCount = 0
    /// Number of points opened and not asked.
    public private(set) var openCount = 0

    // Of the current point; reused to avoid allocation.
    let indices: PlainArray<Int>
    private let neighbours: PlainArray<Neighbour>

    private struct Neighbour: BitwiseCopyable {
        /// The step that leads there from the current point.
        let step: Int
        let key: UInt64
        let slot: PointTable.Slot
        /// Its id, if it was met before.
        let known: PointID?
    }

    /// Creates a search on `lattice`.
    public init(_ lattice: Lattice, rules: Rules) {
        self.lattice = lattice
        self.rules = rules
        steps = Steps(rules.neighbourhood, on: lattice)
        table = PointTable(for: lattice.count)
        queue = OpenQueue(rules)
        indices = steps.blankIndices()
        neighbours = PlainArray(capacity: steps.count)
    }

    // MARK: - ask, tell, forget

    /// Opens the origin. Called once, after every ``recall(_:outcome:attempts:tag:)``.
    public func start() {
        precondition(table.find(lattice.origin.key).map { table[$0].phase == .recalled } ?? true, "started once")
        openOrigin()
        if queue.isLayered { beginLayer() } else { settleRecalled() }
    }

    /// Returns the next point to evaluate, now pending; `nil` if none can be asked now.
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

    @inline(__always)
    private func nextOpen() -> PointID? {
        if returned.isEmpty, let id = queue.popFirst() { return id }
        return queue.isLayered ? nextInLayers() : returned.popLast()
    }

    /// Settles a point. A stable point opens its neighbours.
    ///
    /// - Returns: `false` if there is nothing to record: there is no such point, or it was settled before, or it is to be
    ///   asked again after a failure.
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
        if hasRecalled { settleRecalled() }
        return true
    }

    package func tell(_ id: PointID, _ outcome: Outcome, value: (Int) -> Double) -> Bool { tell(id, outcome) }

    package func tell(
        _ rows: Range<Int>, of evaluations: Evaluations, _ record: (SettledPoint) -> UInt32
    ) -> [Int] {
        tellInTurn(rows, of: evaluations, record) { row, rows in
            let ahead = row + Self.prefetchDistance
            if ahead < rows.upperBound { prefetchNeighbours(of: PointID(evaluations.rows[ahead].id)) }
        }
    }

    /// How many points ahead the table is prefetched.
    private static let prefetchDistance = 4

    /// Neighbours above which prefetching does not pay: they would fill the caches by themselves.
    private static let mostPrefetched = 12

    /// Has the processor fetch what settling a point will look at: a hint, without effect on results.
    @inline(__always)
    private func prefetchNeighbours(of id: PointID) {
        guard id.index < table.count, steps.count <= Self.mostPrefetched else { return }
        let (key, lookup) = (table[id].key, table.lookup)
        for step in 0..<steps.count { lookup.prefetch(steps.shift(key, by: step)) }
    }

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

    /// Takes in a result of an earlier run, before ``start()``.
    ///
    /// The search does not ask this point again: when it reaches it, it continues as if it had just been told.
    public func recall(_ position: Position, outcome: Outcome, attempts: Int, tag: UInt32) {
        precondition(table.find(position.key) == nil, "a point is recalled once")
        _ = table.insert(
            PointTable.Entry(
                key: position.key, tag: tag, outcome: outcome, phase: .recalled, attempts: UInt8(clamping: attempts)))
        hasRecalled = true
    }

    package func recall(
        _ position: Position, outcome: Outcome, attempts: Int, tag: UInt32, value: (Int) -> Double
    ) {
        recall(position, outcome: outcome, attempts: attempts, tag: tag)
    }

    package func allowLookAhead(_ isAllowed: Bool) { mayLookAhead = isAllowed }

    /// Returns the number of settled points with this outcome.
    public func settledCount(_ outcome: Outcome) -> Int { settledByOutcome[Int(outcome.rawValue)] }

    // MARK: - settling and opening

    /// Settles a point that is neither open nor pending any more; `entry` has its outcome.
    @inline(__always)
    private func settle(_ id: PointID, _ entry: PointTable.Entry) {
        var entry = entry
        entry.phase = .settled
        table[id] = entry
        settledByOutcome[Int(entry.outcome.rawValue)] += 1
        guard queue.didSettle(id, entry) else { return }
        follow(id, entry)
        if queue.layered.isLookingAhead { findReadyNeighbours(of: id) }
    }

    /// Does what follows from a settled point: a stable one opens its neighbours, one that did not converge may be tried
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
        // All are looked up before any is dealt with, so that the processor fetches their memory in parallel.
        let (lookup, neighbours) = (table.lookup, neighbours.unchecked)
        var count = 0
        // The parent is settled: no need to look there.
        let back = entry.step == PointTable.Entry.unknownStep ? -1 : steps.back(Int(entry.step))
        steps.forEachNeighbour(of: entry.key, at: indices, except: back) { step, key in
            let slot = lookup.find(key)
            neighbours[count] = Neighbour(step: step, key: key, slot: slot, known: lookup.point(in: slot))
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
                enqueue(table.insert(new, in: neighbour.slot))
            }
        }
        // In layers, another parent can be tried only when the next layer begins.
        if !queue.isLayered { reopenRetryable() }
    }

    private func openOrigin() {
        let key = lattice.origin.key
        let id = table.find(key) ?? table.insert(PointTable.Entry(key: key, phase: .open))
        table[id].phase = .open
        enqueue(id)
    }

    /// Makes `parent`, which is the current point, the parent of its neighbour `id` if it is preferred to the present one.
    /// A neighbour of an earlier run is opened.
    private func reach(_ id: PointID, by step: Int, from parent: PointID, _ parentEntry: PointTable.Entry) {
        let entry = table[id]
        if entry.phase == .recalled {
            table[id].phase = .open
            table[id].setParent(parent, step: step, generation: parentEntry.generation + 1)
            return enqueue(id)
        }
        guard queue.mayChangeParent(of: entry), entry.parent != PointTable.Entry.none else { return }
        let oldKey = table[PointID(entry.parent)].key
        let distance = steps.length(step, at: indices)
        let oldDistance =
            entry.step == PointTable.Entry.unknownStep
            ? steps.distance(oldKey, entry.key) : steps.length(Int(entry.step), to: step, from: indices)
        let preference = ParentPreference(distance: distance, key: parentEntry.key)
        if preference < ParentPreference(distance: oldDistance, key: oldKey) {
            table[id].setParent(parent, step: step, generation: parentEntry.generation + 1)
        }
    }

    @inline(__always)
    private func enqueue(_ id: PointID) {
        openCount += 1
        queue.append(id, in: table)
    }

    /// Settles the points of an earlier run that the search has reached.
    func settleRecalled() {
        while let id = queue.popRecalled() {
            guard table[id].isRecalled else { continue }
            openCount -= 1
            askedCount += 1
            settle(id, table[id])
        }
    }

    /// Opens the points again that did not converge and have a stable neighbour that was not tried.
    func reopenRetryable() {
        guard !retryable.isEmpty else { return }
        for id in retryable.keys.sorted(by: { table[$0].key < table[$1].key }) where table[id].phase == .settled {
            guard let parent = untriedParent(of: id) else { continue }
            settledByOutcome[Int(table[id].outcome.rawValue)] -= 1
            table[id].setParent(
                parent, step: Int(PointTable.Entry.unknownStep), generation: table[parent].generation + 1)
            table[id].outcome = .pending
            table[id].phase = .open
            openCount += 1
            queue.reopen(id, in: table)
        }
    }

    /// Returns the preferred stable neighbour that `id` was not started from, among those that may be parents now.
    private func untriedParent(of id: PointID) -> PointID? {
        guard let tried = retryable[id] else { return nil }
        let key = table[id].key
        steps.locate(key, indices)
        var best: (preference: ParentPreference, id: PointID)?
        for step in 0..<steps.count {
            guard let neighbour = steps.neighbour(step, of: key, at: indices), let other = table.find(neighbour),
                table[other].phase == .settled, table[other].outcome == .stable,
                !tried.contains(other.number), !queue.isHeldBack(other)
            else { continue }
            let preference = ParentPreference(distance: steps.length(step, at: indices), key: neighbour)
            if best.map({ preference < $0.preference }) ?? true { best = (preference, other) }
        }
        return best?.id
    }

    func preference(of parent: PointID, asParentOf key: UInt64) -> ParentPreference {
        let parentKey = table[parent].key
        return ParentPreference(distance: steps.distance(parentKey, key), key: parentKey)
    }
}
