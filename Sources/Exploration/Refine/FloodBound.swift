/// A lower bound on the number of points that a flood visits, from some stable points of a connected region.
///
/// Balls (city-block distance at most R) around stable points that are more than 2R steps apart have no point in common.
/// The region leads from the centre of each out to another one, so it has a point in every shell of the ball, and the
/// flood visits the neighbours of that in the next shell: one along every axis on which the ball does not leave the
/// lattice. That is 1 + R x axes points per ball. The largest sum over several radii counts.
struct FloodBound: Sendable {
    private struct Level: Sendable {
        let radius: Int
        /// Centres of the balls, more than 2 x radius apart.
        var centres: Packing
        var count = 0
        /// Points in all the balls.
        var sum = 0
    }

    private let lattice: Lattice
    private var levels: [Level] = []

    init(_ lattice: Lattice, stride: Int) {
        self.lattice = lattice
        var separation = stride
        while separation > 2 {
            let radius = (separation - 1) / 2
            levels.append(
                Level(
                    radius: radius,
                    centres: Packing(axes: lattice.shape.counts, spacing: 2 * radius + 1, metric: .cityBlock)))
            separation /= 2
        }
    }

    /// The bound. One ball alone proves nothing: the region need not leave it.
    var count: Int { levels.reduce(0) { $1.count > 1 ? max($0, $1.sum) : $0 } }

    mutating func add(stable indices: [Int]) {
        for number in levels.indices where levels[number].centres.hasRoom(indices) {
            let radius = levels[number].radius
            levels[number].centres.insert(indices)
            levels[number].count += 1
            levels[number].sum += 1 + radius * max(1, freeAxes(indices, radius))
        }
    }

    /// Returns the number of axes along which the ball around `indices` stays on the lattice.
    private func freeAxes(_ indices: [Int], _ radius: Int) -> Int {
        let far = indices.indices.map { min(indices[$0] + radius, lattice.axes[$0].count - 1) }
        guard lattice.isFeasible(far) else { return 0 }
        return indices.indices.count {
            indices[$0] >= radius && indices[$0] + radius < lattice.axes[$0].count
        }
    }
}
