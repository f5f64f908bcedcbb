import Atmospheres

/// How a ``Refinement`` chooses the points of a round.
extension Refinement {
    /// Evaluations before which no point is risked that a flood would not visit.
    private var firstFlood: Int {
        rules.budget == nil ? Self.firstFloodPerAxis * max(1, lattice.dimensions - 1) : Self.firstFloodPerAxis
    }

    private static let firstFloodPerAxis = 20

    /// An exact search without values samples the boundary down to this spacing, and then follows it from there.
    private var lastSpacing: Int {
        guard rules.bounds.isEmpty, rules.budget == nil else { return 2 }
        return lattice.dimensions <= 2 ? 8 : 4
    }

    /// How far from points that show the boundary it is followed in one round.
    private var growth: Int { lattice.dimensions <= 2 ? 2 : 4 }

    func chooseRound() {
        let missing = firstFlood - account.floodCount
        if missing > 0, chooseFloodStep(atMost: missing, to: [Int(lattice.origin.key)]) { return }
        if chooseCoarse() { return }
        var heldBack = coarse.opened
        while true {
            if chooseBoundary(&heldBack) { return }
            if spacing == 1 { break }
            followDistance = 2 * spacing
            spacing = spacing <= lastSpacing ? 1 : spacing / 2
        }
        // Evaluating points that a flood would visit anyway raises the allowance for those held back.
        if !heldBack.isEmpty, chooseSteps() || chooseFloodStep(atMost: 2 * lattice.dimensions, to: heldBack) { return }
        chooseUnresolved()
    }

    /// Targets that a flood step is compared with at most.
    private static let mostTargets = 64

    /// Chooses the unknown neighbours of stable points that are nearest to one of `targets`.
    private func chooseFloodStep(atMost limit: Int, to targets: [Int]) -> Bool {
        var found: [(distance: Int, key: Int)] = []
        var seen = Set<Int>()
        let ends = targets.sorted().prefix(Self.mostTargets).map { target in
            states.shape.decompose(target, into: &indices)
            return indices
        }
        for sample in 0..<samples.count where samples.isStable[sample] {
            samples.locate(sample, &indices)
            states.shape.forEachNeighbour(of: states.shape.key(of: indices), at: indices) { neighbour in
                if states[neighbour] == .unknown, !states.isChosen(neighbour), seen.insert(neighbour).inserted {
                    found.append((0, neighbour))
                }
            }
        }
        for i in found.indices {
            states.shape.decompose(found[i].key, into: &indices)
            found[i].distance = ends.map { zip(indices, $0).reduce(0) { $0 + abs($1.0 - $1.1) } }.min() ?? 0
        }
        found.sort { $0 < $1 }
        for (_, key) in found.prefix(limit) { choose(key) }
        return !chosen.isEmpty
    }

    /// Chooses, beside stable points, the next ones on the way to the nearest point of the other kind.
    private func chooseSteps() -> Bool {
        var other = indices
        for sample in opposites.indices where samples.isStable[sample] && opposites[sample] >= 0 {
            let opposite = Int(opposites[sample])
            guard Int(opposites[opposite]) == sample, samples.squaredDistance(sample, opposite) > 1 else { continue }
            samples.locate(sample, &indices)
            samples.locate(opposite, &other)
            let axis = indices.indices.max { abs(other[$0] - indices[$0]) < abs(other[$1] - indices[$1]) }!
            indices[axis] += other[axis] > indices[axis] ? 1 : -1
            let next = states.shape.key(of: indices)
            if states[next] == .unknown, !states.isChosen(next) { choose(next) }
        }
        return !chosen.isEmpty
    }

    private func chooseCoarse() -> Bool {
        var risk = account.allowance
        for key in coarse.takeOpened(states) where states[key] == .unknown {
            states.shape.decompose(key, into: &indices)
            if !hasStableNeighbour(key, indices) {
                if risk == 0 {
                    coarse.keep(key)
                    continue
                }
                risk -= 1
            }
            choose(key)
        }
        return !chosen.isEmpty
    }

    // MARK: - the boundary

    /// Chooses points at the estimated boundary.
    ///
    /// - Parameter heldBack: gets the points that were left out because a flood might not visit them.
    /// - Returns: whether any point was chosen.
    private func chooseBoundary(_ heldBack: inout [Int]) -> Bool {
        var estimate = BoundaryEstimate(
            samples, rules.bounds, axes: states.axes, spacing: spacing, followDistance: followDistance, fits: fits)
        // Given up here, so that the estimate does not have to copy them.
        fits = BoundaryEstimate.Fits()
        let predicted = estimate.predict(&states)
        fits = estimate.fits
        opposites = estimate.opposites
        defer { for key in predicted { states.predict(key, .unknown) } }
        account.predictedStable = predicted.count { states.predicted($0) == .stable }
        if spacing == 1 {
            chooseOnLattice(predicted, &heldBack)
        } else {
            chooseSpaced(predicted, &heldBack)
        }
        return !chosen.isEmpty
    }

    /// Chooses every point at the boundary. Without values, it is followed only from where points show it.
    private func chooseOnLattice(_ predicted: [Int], _ heldBack: inout [Int]) {
        let shown = rules.bounds.isEmpty ? tightPositions(growth) : nil
        var candidates: [Candidate] = []
        for key in predicted where !states.isChosen(key) {
            states.shape.decompose(key, into: &indices)
            guard isAtBoundary(key, indices) else { continue }
            let closes = states.shape.hasNeighbour(of: key, at: indices) {
                let kind = states[$0]
                return kind != .unknown && kind != .missing && kind != states.predicted(key)
            }
            if let shown, !closes, shown.hasRoom(indices) { continue }
            candidates.append(Candidate(key: key, closes: closes, isRisky: !hasStableNeighbour(key, indices)))
        }
        var picks: Packing?
        choose(candidates, apart: &picks, &heldBack)
    }

    /// Chooses points at the boundary that keep the spacing from one another and from those evaluated.
    private func chooseSpaced(_ predicted: [Int], _ heldBack: inout [Int]) {
        var candidates = rules.bounds.isEmpty ? candidatesBetween() : []
        var picks = Packing(axes: states.axes, spacing: spacing)
        for sample in 0..<samples.count {
            samples.locate(sample, &indices)
            picks.insert(indices)
        }
        for key in predicted where !states.isChosen(key) {
            states.shape.decompose(key, into: &indices)
            guard isAtBoundary(key, indices), picks.hasRoom(indices) else { continue }
            candidates.append(Candidate(key: key, closes: false, isRisky: !hasStableNeighbour(key, indices)))
        }
        var apart = Optional(consume picks)
        choose(candidates, apart: &apart, &heldBack)
    }

    /// Chooses candidates, and of the risky ones no more than the account allows.
    ///
    /// - Parameters:
    ///   - candidates: points that may be chosen.
    ///   - picks: positions from which a candidate keeps its distance unless it closes the boundary; gets those chosen.
    ///   - heldBack: gets the risky points that were not allowed.
    private func choose(_ candidates: [Candidate], apart picks: inout Packing?, _ heldBack: inout [Int]) {
        var risk = account.allowance
        for candidate in candidates.sorted(by: <) where !states.isChosen(candidate.key) {
            states.shape.decompose(candidate.key, into: &indices)
            guard candidate.closes || picks?.hasRoom(indices) ?? true else { continue }
            if candidate.isRisky {
                if risk == 0 {
                    heldBack.append(candidate.key)
                    continue
                }
                risk -= 1
            }
            picks?.insert(indices)
            choose(candidate.key)
        }
    }

    /// Points between samples of different kinds that are each other's nearest, where no sample nearby shows the boundary.
    private func candidatesBetween() -> [Candidate] {
        var tight = tightPositions(spacing)
        var candidates: [Candidate] = []
        for sample in 0..<samples.count where samples.isStable[sample] {
            let opposite = Int(opposites[sample])
            guard opposite >= 0, Int(opposites[opposite]) == sample, let key = keyBetween(sample, opposite),
                tight.hasRoom(indices)
            else { continue }
            tight.insert(indices)
            candidates.append(Candidate(key: key, closes: true, isRisky: !hasStableNeighbour(key, indices)))
        }
        return candidates
    }

    /// Returns the unknown point between two samples where the estimate changes sign, within the middle half of the way,
    /// and sets `indices` to its position.
    private func keyBetween(_ stable: Int, _ other: Int) -> Int? {
        func key(_ share: Double) -> Int {
            states.shape.key { axis in
                let from = Double(samples.index(of: stable, on: axis))
                let to = Double(samples.index(of: other, on: axis))
                return Int((from + share * (to - from)).rounded())
            }
        }
        let length = Double(samples.squaredDistance(stable, other)).squareRoot()
        guard length > 1 else { return nil }
        var share = 0.25
        while share < 0.75, states.label(key(share)) == .stable { share += 0.5 / length }
        if states.label(key(0.5)) == .unknown { share = 0.5 }
        for attempt in [share, 0.5] {
            let key = key(attempt)
            if states[key] == .unknown && !states.isChosen(key) {
                states.shape.decompose(key, into: &indices)
                return key
            }
        }
        return nil
    }

    /// The samples that have a neighbour of another kind.
    private func tightPositions(_ spacing: Int) -> Packing {
        var tight = Packing(axes: states.axes, spacing: spacing)
        for sample in 0..<samples.count {
            samples.locate(sample, &indices)
            let other: LatticeStates.Kind = samples.isStable[sample] ? .other : .stable
            let key = states.shape.key(of: indices)
            if states.shape.hasNeighbour(of: key, at: indices, where: { states[$0] == other }) {
                tight.insert(indices)
            }
        }
        return tight
    }

    private func isAtBoundary(_ key: Int, _ indices: [Int]) -> Bool {
        let kind = states.label(key)
        return states.shape.hasNeighbour(of: key, at: indices) {
            let other = states.label($0)
            return other != .unknown && other != .missing && other != kind
        }
    }

    private func hasStableNeighbour(_ key: Int, _ indices: [Int]) -> Bool {
        states.shape.hasNeighbour(of: key, at: indices) { states[$0] == .stable }
    }

    /// Chooses a point in each unevaluated part of the lattice that still touches points of both kinds.
    private func chooseUnresolved() {
        let parts = UnknownParts(states)
        for (stable, other) in parts.contacts(states) {
            let from = states.shape.indices(of: stable)
            let to = states.shape.indices(of: other)
            let middle = states.shape.key(of: zip(from, to).map { ($0 + $1) / 2 })
            // A flood visits the points beside stable ones too.
            let isAllowed = account.allowance > 0 && states[middle] == .unknown
            let key = isAllowed ? middle : stable
            // Two parts may have the same point between their ends.
            if !states.isChosen(key) { choose(key) }
        }
    }
}

/// A point that may be chosen for a round.
private struct Candidate: Comparable {
    let key: Int
    /// Whether it shows the boundary beside a known point, if it is what is predicted.
    let closes: Bool
    let isRisky: Bool

    /// Multiplied by 2^64/phi, keys in this order spread over the lattice (as in Fibonacci hashing).
    private var spread: UInt64 { UInt64(key) &* 0x9E37_79B9_7F4A_7C15 }

    static func < (a: Candidate, b: Candidate) -> Bool { a.closes != b.closes ? a.closes : a.spread < b.spread }
}
