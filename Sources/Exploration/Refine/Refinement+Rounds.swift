import Atmospheres

/// How a ``Refinement`` chooses the points of a round.
extension Refinement {
    /// Evaluations before which no point is risked that a flood would not visit.
    private var firstFlood: Int { rules.budget == nil ? 20 * max(1, lattice.dimensions - 1) : 20 }

    /// Without values, and to the end, the boundary is sampled down to this spacing, then followed from there.
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
            reach = 2 * spacing
            spacing = spacing <= lastSpacing ? 1 : spacing / 2
        }
        // Points that a flood visits, too, allow for others.
        if !heldBack.isEmpty, chooseSteps() || chooseFloodStep(atMost: 2 * lattice.dimensions, to: heldBack) { return }
        chooseUnresolved()
    }

    /// Chooses unknown neighbours of stable points, those nearest one of `targets`.
    private func chooseFloodStep(atMost limit: Int, to targets: [Int]) -> Bool {
        var found: [(distance: Int, key: Int)] = []
        var seen = Set<Int>()
        let ends = targets.sorted().prefix(64).map { target in
            states.shape.decompose(target, into: &indices)
            return indices
        }
        for sample in 0..<samples.count where samples.isStable[sample] {
            samples.locate(sample, &indices)
            states.shape.forEachNeighbour(of: key(indices), at: indices) { neighbour in
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
        for sample in mates.indices where samples.isStable[sample] && mates[sample] >= 0 {
            let mate = Int(mates[sample])
            guard Int(mates[mate]) == sample, samples.squaredDistance(sample, mate) > 1 else { continue }
            samples.locate(sample, &indices)
            samples.locate(mate, &other)
            let axis = indices.indices.max { abs(other[$0] - indices[$0]) < abs(other[$1] - indices[$1]) }!
            indices[axis] += other[axis] > indices[axis] ? 1 : -1
            let next = key(indices)
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

    /// Chooses points at the estimated boundary, no two nearer than the spacing.
    ///
    /// - Parameter heldBack: gets the points that were left out because a flood might not visit them.
    private func chooseBoundary(_ heldBack: inout [Int]) -> Bool {
        var estimate = BoundaryEstimate(
            samples, rules.bounds, axes: states.axes, spacing: spacing, reach: reach, fits: fits)
        fits = BoundaryEstimate.Fits()
        let predicted = estimate.predict(&states)
        fits = estimate.fits
        mates = estimate.mates
        defer { for key in predicted { states.predict(key, .unknown) } }
        account.predictedStable = predicted.count { states.predicted($0) == .stable }
        var picks = Packing(axes: states.axes, spacing: spacing)
        var candidates: [Candidate] = []
        if spacing > 1 {
            if rules.bounds.isEmpty { candidates = candidatesBetween(estimate.mates) }
            for sample in 0..<samples.count {
                samples.locate(sample, &indices)
                picks.insert(indices)
            }
        }
        let shown = spacing == 1 && rules.bounds.isEmpty ? tightPlaces(growth) : nil
        for key in predicted where !states.isChosen(key) {
            states.shape.decompose(key, into: &indices)
            guard isAtBoundary(key, indices), spacing == 1 || picks.hasRoom(indices) else { continue }
            let closes =
                spacing == 1
                && states.shape.hasNeighbour(of: key, at: indices) {
                    let kind = states[$0]
                    return kind != .unknown && kind != .missing && kind != states.predicted(key)
                }
            if let shown, !closes, shown.hasRoom(indices) { continue }
            candidates.append(
                Candidate(key: key, closes: closes, isRisky: !hasStableNeighbour(key, indices)))
        }
        var risk = account.allowance
        for candidate in candidates.sorted(by: <) where !states.isChosen(candidate.key) {
            states.shape.decompose(candidate.key, into: &indices)
            guard spacing == 1 || candidate.closes || picks.hasRoom(indices) else { continue }
            if candidate.isRisky {
                if risk == 0 {
                    heldBack.append(candidate.key)
                    continue
                }
                risk -= 1
            }
            if spacing > 1 { picks.insert(indices) }
            choose(candidate.key)
        }
        return !chosen.isEmpty
    }

    /// Points between samples of different kinds that are each other's nearest, where none nearby shows the boundary.
    private func candidatesBetween(_ mates: [Int32]) -> [Candidate] {
        var tight = tightPlaces(spacing)
        var candidates: [Candidate] = []
        for sample in 0..<samples.count where samples.isStable[sample] {
            let mate = Int(mates[sample])
            guard mate >= 0, Int(mates[mate]) == sample, let key = placeBetween(sample, mate), tight.hasRoom(indices)
            else { continue }
            tight.insert(indices)
            candidates.append(Candidate(key: key, closes: true, isRisky: !hasStableNeighbour(key, indices)))
        }
        return candidates
    }

    /// The unknown point between two samples where the estimate changes sign, in the middle half; `indices` become its.
    private func placeBetween(_ stable: Int, _ other: Int) -> Int? {
        let dimensions = samples.dimensions
        func point(_ share: Double) -> Int {
            var key = 0
            for axis in 0..<dimensions {
                let from = Double(samples.indices[stable * dimensions + axis])
                let to = Double(samples.indices[other * dimensions + axis])
                key += Int((from + share * (to - from)).rounded()) * states.strides[axis]
            }
            return key
        }
        let length = Double(samples.squaredDistance(stable, other)).squareRoot()
        guard length > 1 else { return nil }
        var share = 0.25
        while share < 0.75, states.label(point(share)) == .stable { share += 0.5 / length }
        if states.label(point(0.5)) == .unknown { share = 0.5 }
        for attempt in [share, 0.5] {
            let key = point(attempt)
            if states[key] == .unknown && !states.isChosen(key) {
                states.shape.decompose(key, into: &indices)
                return key
            }
        }
        return nil
    }

    /// The samples that have a neighbour of another kind.
    private func tightPlaces(_ spacing: Int) -> Packing {
        var tight = Packing(axes: states.axes, spacing: spacing)
        for sample in 0..<samples.count {
            samples.locate(sample, &indices)
            let other: LatticeStates.Kind = samples.isStable[sample] ? .other : .stable
            if states.shape.hasNeighbour(of: key(indices), at: indices, where: { states[$0] == other }) { tight.insert(indices) }
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

    private func key(_ indices: [Int]) -> Int {
        var key = 0
        for axis in indices.indices { key += indices[axis] * states.strides[axis] }
        return key
    }

    /// Chooses a point in each unevaluated part of the lattice that still touches points of both kinds.
    private func chooseUnresolved() {
        let parts = UnknownParts(states)
        for (stable, other) in parts.contacts(states) {
            var from = indices
            var to = indices
            states.shape.decompose(stable, into: &from)
            states.shape.decompose(other, into: &to)
            let middle = key(zip(from, to).map { ($0 + $1) / 2 })
            // Beside a stable point a flood goes, too.
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

    /// An order that spreads over the lattice.
    private var place: UInt64 { UInt64(key) &* 0x9E37_79B9_7F4A_7C15 }

    static func < (a: Candidate, b: Candidate) -> Bool { a.closes != b.closes ? a.closes : a.place < b.place }
}

/// Places that keep a distance from one another.
private struct Packing {
    private let axes: [Int]
    private let spacing: Int
    private var cubes: [Int: [[Int]]] = [:]

    init(axes: [Int], spacing: Int) {
        self.axes = axes
        self.spacing = spacing
    }

    private func cube(_ place: [Int]) -> Int {
        place.indices.reduce(0) { $0 * (axes[$1] / spacing + 3) + place[$1] / spacing + 1 }
    }

    mutating func insert(_ place: [Int]) { cubes[cube(place), default: []].append(place) }

    func hasRoom(_ place: [Int]) -> Bool { hasRoom(place, 0, 0) }

    private func hasRoom(_ place: [Int], _ axis: Int, _ cube: Int) -> Bool {
        if axis == place.count {
            return !(cubes[cube] ?? []).contains { other in
                zip(place, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } < spacing * spacing
            }
        }
        for offset in -1...1 {
            let next = cube * (axes[axis] / spacing + 3) + place[axis] / spacing + 1 + offset
            if !hasRoom(place, axis + 1, next) { return false }
        }
        return true
    }
}
