/// Which of the evaluated points a flood would have visited, and how many others a refinement may still evaluate.
struct FloodAccount: Sendable {
    /// Evaluated points that a flood visits too: stable ones, and others beside a stable one.
    private(set) var floodCount = 0
    /// Evaluated points that it does not visit, as far as is known.
    private(set) var wasteCount = 0

    private let origin: [Int]
    private let stride: Int
    /// Points that the search may take; `nil` for an exact search.
    private let budget: Int?
    private var bound: FloodBound
    /// How far from the origin points are stable, down and up each axis.
    private var extents: [Int]
    /// Points of the coarse lattice with every coarse neighbour stable.
    private var interiorCells = 0
    /// Points that the last estimate of the boundary predicts to be stable.
    var predictedStable = 0

    /// Share of a flood's points that may be spent on points that it does not visit: the bound that ``Refinement``
    /// guarantees.
    private static let wasteShare = 0.05
    /// Share of a budget that may be spent on them besides, as the budget bounds the search by itself.
    private static let budgetShare = 0.125
    /// Share of the predicted stable points that is trusted: early predictions reach far beyond what is known.
    private static let trustedShare = 0.25

    init(_ lattice: Lattice, stride: Int, budget: Int?) {
        self.budget = budget
        bound = FloodBound(lattice, stride: stride)
        origin = lattice.axes.map(\.origin)
        self.stride = stride
        extents = Array(repeating: 0, count: 2 * lattice.dimensions)
    }

    /// How many more points may be asked that have no known stable neighbour.
    ///
    /// An exact search counts only the points that a flood is certain to visit, so that no connected region makes it
    /// waste more than its share. A search with a budget uses an estimate of the region's size.
    var allowance: Int {
        guard let budget else {
            return max(0, Int(Double(max(floodCount, bound.count)) * Self.wasteShare) - wasteCount)
        }
        let risk = Int(estimatedFlood * Self.wasteShare)
        // While the share is less than a point, it is not known whether there is a region at all.
        return max(0, risk + (risk > 0 ? Int(Double(budget) * Self.budgetShare) : 0) - wasteCount)
    }

    /// The points that a flood would visit, if the region is convex between its known stable points.
    private var estimatedFlood: Double {
        // The farthest stable points along the d axes span a cross-polytope of volume prod(down + up) / d!.
        var hull = 1.0
        var cell = 1.0
        for axis in origin.indices {
            hull *= Double(extents[2 * axis] + extents[2 * axis + 1]) / Double(axis + 1)
            cell *= Double(stride)
        }
        return Double(floodCount)
            + max(hull, Double(interiorCells) * cell, Double(predictedStable) * Self.trustedShare)
    }

    /// Adds an evaluated point, whose kind `states` has.
    mutating func add(_ key: Int, _ indices: [Int], isStable: Bool, _ states: inout LatticeStates) {
        guard isStable else {
            if states.shape.hasNeighbour(of: key, at: indices, where: { states[$0] == .stable }) {
                floodCount += 1
            } else {
                wasteCount += 1
                states.setWaste(key, true)
            }
            return
        }
        floodCount += 1
        if budget == nil { bound.add(stable: indices) }
        // What was waste beside this point is visited by a flood.
        var beside: [Int] = []
        states.shape.forEachNeighbour(of: key, at: indices) { if states.isWaste($0) { beside.append($0) } }
        for neighbour in beside { states.setWaste(neighbour, false) }
        floodCount += beside.count
        wasteCount -= beside.count
        extend(to: indices)
        countInterior(around: key, indices, states)
    }

    private mutating func extend(to indices: [Int]) {
        let moved = indices.indices.filter { indices[$0] != origin[$0] }
        guard moved.count == 1, let axis = moved.first else { return }
        let distance = indices[axis] - origin[axis]
        let direction = 2 * axis + (distance > 0 ? 1 : 0)
        extents[direction] = max(extents[direction], abs(distance))
    }

    /// Counts the coarse points that a stable point makes interior: itself and its coarse neighbours.
    private mutating func countInterior(around key: Int, _ indices: [Int], _ states: LatticeStates) {
        guard stride > 1, indices.indices.allSatisfy({ (indices[$0] - origin[$0]) % stride == 0 }) else { return }
        var centres = [key]
        for axis in indices.indices {
            let step = stride * states.strides[axis]
            if indices[axis] >= stride { centres.append(key - step) }
            if indices[axis] + stride < states.axes[axis] { centres.append(key + step) }
        }
        var centreIndices = indices
        for centre in centres where states[centre] == .stable {
            states.shape.decompose(centre, into: &centreIndices)
            let isInterior = centreIndices.indices.allSatisfy { axis in
                let step = stride * states.strides[axis]
                return centreIndices[axis] >= stride && states[centre - step] == .stable
                    && centreIndices[axis] + stride < states.axes[axis] && states[centre + step] == .stable
            }
            if isInterior { interiorCells += 1 }
        }
    }
}
