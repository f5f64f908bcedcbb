/// How many points a flood visits at least, given some stable points of a connected region.
///
/// Balls (city-block distance at most R) around stable points that are more than 2R steps apart have no point in common.
/// The region leads from the centre of each out to another one, so it has a point in every shell of the ball, and the
/// flood visits the neighbours of that in the next shell: one along every axis on which the ball does not leave the
/// lattice. That is 1 + R x axes points a ball. The largest sum over several radii counts.
struct FloodBound: Sendable {
    private struct Level: Sendable {
        let radius: Int
        var centres: [Int: [[Int]]] = [:]
        var count = 0
        var sum = 0
    }

    private let lattice: Lattice
    private var levels: [Level] = []

    init(_ lattice: Lattice, stride: Int) {
        self.lattice = lattice
        var separation = stride
        while separation > 2 {
            levels.append(Level(radius: (separation - 1) / 2))
            separation /= 2
        }
    }

    var count: Int { levels.reduce(0) { $1.count > 1 ? max($0, $1.sum) : $0 } }

    mutating func add(stable place: [Int]) {
        for number in levels.indices where hasRoom(place, levels[number], 0, 0) {
            levels[number].centres[cube(place, levels[number]), default: []].append(place)
            levels[number].count += 1
            levels[number].sum += 1 + levels[number].radius * max(1, freeAxes(place, levels[number].radius))
        }
    }

    /// Axes along which the ball around `place` stays on the lattice.
    private func freeAxes(_ place: [Int], _ radius: Int) -> Int {
        let far = place.indices.map { min(place[$0] + radius, lattice.axes[$0].count - 1) }
        guard lattice.isFeasible(far) else { return 0 }
        return place.indices.count {
            place[$0] >= radius && place[$0] + radius < lattice.axes[$0].count
        }
    }

    private func cubes(on axis: Int, _ level: Level) -> Int { lattice.axes[axis].count / (2 * level.radius + 1) + 3 }

    private func cube(_ place: [Int], _ level: Level) -> Int {
        place.indices.reduce(0) { $0 * cubes(on: $1, level) + place[$1] / (2 * level.radius + 1) + 1 }
    }

    private func hasRoom(_ place: [Int], _ level: Level, _ axis: Int, _ cube: Int) -> Bool {
        if axis == place.count {
            return !(level.centres[cube] ?? []).contains { other in
                zip(place, other).reduce(0) { $0 + abs($1.0 - $1.1) } <= 2 * level.radius
            }
        }
        let first = cube * cubes(on: axis, level) + place[axis] / (2 * level.radius + 1)
        return (first...first + 2).allSatisfy { hasRoom(place, level, axis + 1, $0) }
    }
}
