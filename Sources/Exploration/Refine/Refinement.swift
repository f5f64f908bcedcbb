public import Atmospheres

/// The search for the boundary of the stable region: coarse steps outward from the origin, then points where the
/// boundary is estimated to run, ever closer together, down to every point that has a neighbour of another kind.
///
/// Pure, as ``Frontier`` is, and answers the same questions. It proceeds in rounds: a round is chosen when the one
/// before it is settled, from what is settled, so that points, parents and generations do not depend on the order of
/// the answers, and so not on the number of workers. The parent of a point is the stable one nearest in log mixing
/// ratio among those settled before its round.
///
/// What it is certain to find: when it ends by itself, no unevaluated point has a side neighbour whose kind, known or
/// inferred, differs from its own. So every pocket (points of one kind joined along sides) in which one point was
/// evaluated is mapped exactly: the origin's region with its outer rim always, however thin. A pocket in which no point
/// was evaluated is missed: an island beyond a gap, or a hole in the region. The coarse steps evaluate every point of
/// the coarse lattice (each ``Rules/stride``-th point of every axis from the origin, and its ends) that is joined to
/// the origin by stable points of that lattice, and the sides of those; a hole or an island among them that is
/// `stride` points wide along every axis holds one and is found. A smaller stride finds thinner pockets and costs more
/// points: the coarse lattice has (side / stride)^dimensions of them.
///
/// With a ``Rules/budget`` it may end before that; then the map is an estimate, see ``InferredMap``.
///
/// On a connected region an exact search never evaluates more than 5 % more points than a flood: a point without a stable
/// neighbour is risked only within that share of the points that a flood is certain to visit (``FloodBound``), and if
/// none may be risked it continues along points that a flood visits too. Pockets beyond a gap, which a flood never sees,
/// cost what a flood of them would. A search with a budget is bounded by that, and risks more.
public final class Refinement: Search {
    /// What a refinement maps, and how.
    public struct Rules: Sendable, Equatable {
        /// Coarsest step, in steps of the lattice.
        public var stride = 8
        /// Quantities that are limited: they tell how near the boundary is. Empty if only outcomes count.
        public var bounds: [ValueBound] = []
        /// Points that an approximate map may take; `nil` for an exact map.
        public var budget: Int?
        /// Evaluations that a point may have before its outcome stands.
        public var attempts = 1
        /// Whether another parent may change the outcome of a point that did not converge.
        public var parentMatters = false
        /// Points to ask at most. It does not change which are asked first.
        public var pointLimit: Int?
        /// Steps along parents from the origin at most.
        public var generationLimit: Int?

        /// Creates the default rules.
        public init() {}
    }

    struct Answer: Sendable {
        var outcome: Outcome
        var attempts: Int
        /// See ``Search``.
        var tag: UInt32
        /// Values of the bounds' quantities.
        var values: [Double]
    }

    /// Where the search takes place.
    public let lattice: Lattice
    /// What is mapped, and how.
    public let rules: Rules

    let steps: Steps
    package let table: PointTable
    var states: LatticeStates
    var samples: Samples
    /// The points of the round in the order in which they are asked, with their answers.
    private var members: [PointID] = []
    private var answers: [PointID: Answer] = [:]
    private var nextMember = 0
    private var unsettled = 0
    /// Points to be asked again.
    private var returned: [PointID] = []
    /// Parents from which points of the round were tried.
    private var tried: [PointID: [UInt32]] = [:]
    private var recalled: [UInt64: Answer] = [:]
    private var isExhausted = false

    var account: FloodAccount
    var coarse: CoarseSteps
    /// Distance between new points at the boundary, in steps of the lattice.
    var spacing: Int
    /// How far from samples the boundary is followed: twice their present distance there.
    var followDistance: Int
    var fits = BoundaryEstimate.Fits()
    /// The nearest sample of the other kind, for each sample of the last estimate; -1 for none near.
    var opposites: [Int32] = []
    /// Keys chosen for the next round.
    var chosen: [Int] = []
    /// Where parents are looked for: stable points settled before the round.
    private var parents: ParentIndex

    private var settledByOutcome = [Int](repeating: 0, count: Outcome.allCases.count)
    private var askedCount = 0
    /// Number of points asked and not told.
    public private(set) var pendingCount = 0
    /// Indices of the current point; reused to avoid allocation.
    var indices: [Int]

    /// Creates a search on `lattice`.
    ///
    /// - Precondition: the lattice has at most ``InferredMap/largestLattice`` points.
    public init(_ lattice: Lattice, rules: Rules) {
        precondition(lattice.count <= InferredMap.largestLattice, "a lattice that a map can hold")
        self.lattice = lattice
        self.rules = rules
        steps = Steps(Neighbourhood(), on: lattice)
        table = PointTable(for: lattice.count)
        states = LatticeStates(lattice)
        samples = Samples(dimensions: lattice.dimensions, valueCount: rules.bounds.count)
        account = FloodAccount(lattice, stride: rules.stride, budget: rules.budget)
        coarse = CoarseSteps(lattice, stride: rules.stride)
        spacing = max(1, rules.stride / 2)
        followDistance = max(2, rules.stride)
        parents = ParentIndex(samples, axes: states.axes, side: rules.stride)
        indices = Array(repeating: 0, count: lattice.dimensions)
    }

    // MARK: - ask, tell, forget

    /// Opens the origin. Called once, after every ``recall(_:outcome:attempts:tag:value:)``.
    public func start() {
        precondition(table.count == 0, "started once")
        chosen = [Int(lattice.origin.key)]
        beginRound()
    }

    /// Returns the next point to evaluate, now pending; `nil` if none can be asked now.
    ///
    /// The search has ended when there is none and nothing is pending.
    public func ask() -> PointID? {
        if let id = returned.popLast() { return pend(id) }
        while !isExhausted {
            if let limit = rules.pointLimit, askedCount >= limit { return nil }
            if let budget = rules.budget, askedCount >= budget { return nil }
            if nextMember < members.count {
                let id = members[nextMember]
                nextMember += 1
                askedCount += 1
                guard let answer = recalled.removeValue(forKey: table[id].key) else { return pend(id) }
                table[id].tag = answer.tag
                settle(id, answer)
                continue
            }
            if unsettled > 0 { return nil }
            endRound()
            chooseRound()
            if chosen.isEmpty { isExhausted = true } else { beginRound() }
        }
        return nil
    }

    private func pend(_ id: PointID) -> PointID {
        table[id].phase = .pending
        pendingCount += 1
        return id
    }

    /// Settles a point.
    ///
    /// - Parameters:
    ///   - id: the point.
    ///   - outcome: what became of it.
    ///   - value: returns the model's answer for the quantity with this index.
    /// - Returns: `false` if there is nothing to record: there is no such point, or it was settled before, or it is to be
    ///   asked again.
    public func tell(_ id: PointID, _ outcome: Outcome, value: (Int) -> Double) -> Bool {
        guard id.index < table.count else { return false }
        switch table[id].phase {
        case .settled, .recalled: return false
        case .open: returned.removeAll { $0 == id }
        case .pending: pendingCount -= 1
        }
        table[id].attempts &+= 1
        if Int(table[id].attempts) < rules.attempts, goesBack(id, outcome) {
            table[id].phase = .open
            returned.append(id)
            return false
        }
        settle(
            id,
            Answer(
                outcome: outcome, attempts: Int(table[id].attempts), tag: table[id].tag,
                values: rules.bounds.map { value($0.row) }))
        return true
    }

    /// Returns whether a point is asked again: after a failure, or from another parent where it did not converge.
    private func goesBack(_ id: PointID, _ outcome: Outcome) -> Bool {
        if outcome == .failed { return true }
        guard outcome == .notConverged, rules.parentMatters else { return false }
        tried[id, default: []].append(table[id].parent)
        let indices = lattice.indices(of: position(id))
        guard let sample = parents.nearest(to: indices, steps, except: tried[id]!) else { return false }
        setParent(of: id, sample)
        return true
    }

    /// Puts back pending points whose worker was lost.
    public func forget(_ ids: [PointID]) {
        for id in ids where table[id].phase == .pending {
            table[id].phase = .open
            pendingCount -= 1
            returned.append(id)
        }
    }

    /// Takes in a result of an earlier run, before ``start()``.
    ///
    /// The search does not ask this point again: when it reaches it, it continues as if it had just been told.
    public func recall(
        _ position: Position, outcome: Outcome, attempts: Int, tag: UInt32, value: (Int) -> Double
    ) {
        precondition(recalled[position.key] == nil, "a point is recalled once")
        recalled[position.key] = Answer(
            outcome: outcome, attempts: attempts, tag: tag, values: rules.bounds.map { value($0.row) })
    }

    /// Number of points chosen and not asked.
    public var openCount: Int { members.count - nextMember + returned.count }

    /// Returns the number of settled points with this outcome.
    public func settledCount(_ outcome: Outcome) -> Int { settledByOutcome[Int(outcome.rawValue)] }

    // MARK: - rounds

    private func settle(_ id: PointID, _ answer: Answer) {
        table[id].outcome = answer.outcome
        table[id].phase = .settled
        table[id].attempts = UInt8(clamping: answer.attempts)
        settledByOutcome[Int(answer.outcome.rawValue)] += 1
        answers[id] = answer
        unsettled -= 1
    }

    /// Begins a round of the chosen points, and gives them their parents.
    private func beginRound() {
        parents = ParentIndex(samples, axes: states.axes, side: min(rules.stride, max(2, spacing)))
        members.removeAll(keepingCapacity: true)
        nextMember = 0
        for key in chosen {
            let id = table.insert(PointTable.Entry(key: UInt64(key), phase: .open))
            states.shape.decompose(key, into: &indices)
            if let parent = parents.nearest(to: indices, steps) { setParent(of: id, parent) }
            if let limit = rules.generationLimit, Int(table[id].generation) > limit {
                states.setChosen(key, true)
                continue
            }
            members.append(id)
        }
        chosen.removeAll(keepingCapacity: true)
        unsettled = members.count
    }

    private func setParent(of id: PointID, _ sample: Int) {
        let parent = samples.ids[sample]
        table[id].setParent(
            parent, step: Int(PointTable.Entry.unknownStep), generation: table[parent].generation + 1)
    }

    /// Adds the answers of the round to the samples, in the order of its points.
    private func endRound() {
        for id in members {
            guard let answer = answers[id] else { continue }
            let key = Int(table[id].key)
            let isStable = answer.outcome == .stable
            states[key] = isStable ? .stable : .other
            states.setChosen(key, false)
            states.shape.decompose(key, into: &indices)
            samples.append(
                indices, id: id, isStable: isStable,
                values: rules.bounds.agreeing(answer.values, isStable: isStable))
            account.add(key, indices, isStable: isStable, &states)
            if isStable { coarse.open(around: key, indices, &states) }
        }
        answers.removeAll(keepingCapacity: true)
        tried.removeAll(keepingCapacity: true)
        members.removeAll(keepingCapacity: true)
        nextMember = 0
    }

    /// Chooses a point for the next round.
    func choose(_ key: Int) {
        states.setChosen(key, true)
        chosen.append(key)
    }
}
