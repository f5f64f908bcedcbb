/// What a flood would have visited of the points evaluated, and what a refinement may risk beyond.
struct FloodAccount: Sendable {
    /// Evaluated points that a flood visits, too: stable ones, and others beside a stable one.
    private(set) var floodCount = 0
    /// Evaluated points that it does not visit, as far as is known.
    private(set) var wasteCount = 0

    private let origin: [Int]
    private let stride: Int
    /// Points that the search may take; an eighth of them may be risked beyond the share of a flood.
    private let budget: Int?
    /// Of all points that a flood visits.
    private var bound: FloodBound
    /// How far from the origin points are stable, down and up each axis.
    private var reach: [Int]
    /// Points of the coarse lattice with every coarse neighbour stable.
    private var interiorCells = 0
    /// Points that the last estimate of the boundary takes to be stable.
    var predictedStable = 0

    /// Share of a flood's points that may be spent on others.
    private static let wasteShare = 0.05

    init(_ lattice: Lattice, stride: Int, budget: Int?) {
        self.budget = budget
        bound = FloodBound(lattice, stride: stride)
        origin = lattice.axes.map(\.origin)
        self.stride = stride
        reach = Array(repeating: 0, count: 2 * lattice.dimensions)
    }

    /// Points that may be asked now without a known stable neighbour.
    ///
    /// For an exact map only points that a flood visits for sure count, so that no connected region makes it risk more.
    /// With a budget,
    /// which bounds the search by itself, the region is taken to be whole between stable points around the origin or
    /// around a coarse point, and of the points that are predicted to be stable a quarter is believed.
    var allowance: Int {
        guard let budget else {
            return max(0, Int(Double(max(floodCount, bound.count)) * Self.wasteShare) - wasteCount)
        }
        var hull = 1.0
        var cell = 1.0
        for axis in origin.indices {
            hull *= Double(reach[2 * axis] + reach[2 * axis + 1]) / Double(axis + 1)
            cell *= Double(stride)
        }
        let flood = Double(floodCount) + max(hull, Double(interiorCells) * cell, Double(predictedStable) / 4)
        // The first few show whether there is a region at all.
        let risk = Int(flood * Self.wasteShare)
        return max(0, risk + (risk > 0 ? budget / 8 : 0) - wasteCount)
    }

    /// Takes in a point whose kind `states` has.
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
        var beside: [Int] = []
        states.shape.forEachNeighbour(of: key, at: indices) { if states.isWaste($0) { beside.append($0) } }
        for neighbour in beside { states.setWaste(neighbour, false) }
        floodCount += beside.count
        wasteCount -= beside.count
        extendReach(indices)
        countInterior(around: key, indices, states)
    }

    private mutating func extendReach(_ indices: [Int]) {
        let moved = indices.indices.filter { indices[$0] != origin[$0] }
        guard moved.count == 1, let axis = moved.first else { return }
        let distance = indices[axis] - origin[axis]
        let direction = 2 * axis + (distance > 0 ? 1 : 0)
        reach[direction] = max(reach[direction], abs(distance))
    }

    private mutating func countInterior(around key: Int, _ indices: [Int], _ states: LatticeStates) {
        guard stride > 1, indices.indices.allSatisfy({ (indices[$0] - origin[$0]) % stride == 0 }) else { return }
        var centres = [key]
        for axis in indices.indices {
            let step = stride * states.strides[axis]
            if indices[axis] >= stride { centres.append(key - step) }
            if indices[axis] + stride < states.axes[axis] { centres.append(key + step) }
        }
        var place = indices
        for centre in centres where states[centre] == .stable {
            states.shape.decompose(centre, into: &place)
            let isInterior = place.indices.allSatisfy { axis in
                let step = stride * states.strides[axis]
                return place[axis] >= stride && states[centre - step] == .stable
                    && place[axis] + stride < states.axes[axis] && states[centre + step] == .stable
            }
            if isInterior { interiorCells += 1 }
        }
    }
}
