import Atmospheres
import Exploration
import SeededRandom

/// A set of stable points on a small lattice, by key.
struct Region {
    let lattice: Lattice
    let stable: [Bool]

    enum Shape: CaseIterable {
        case connected
        case disconnected
        case thin
        case atRim
        case onePointWide
    }

    /// A region made of balls, or a walk, around the origin.
    init(_ shape: Shape, dimensions: Int, side: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let lattice = try cube(dimensions, side: side)
        var made = [Bool](repeating: false, count: Int(lattice.count))
        let origin = lattice.indices(of: lattice.origin)
        made[Int(lattice.origin.key)] = true
        func addBall(_ centre: [Int], _ radius: Double) {
            for key in made.indices {
                let indices = lattice.indices(of: Position(key: UInt64(key)))
                let squared = zip(indices, centre).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                if Double(squared) <= radius * radius { made[key] = true }
            }
        }
        func walk(_ steps: Int, width: Double) {
            var position = origin
            for _ in 0..<steps {
                let axis = Int.random(in: 0..<dimensions, using: &generator)
                let step = Bool.random(using: &generator) ? 1 : -1
                position[axis] = min(max(position[axis] + step, 0), side - 1)
                if width > 0 { addBall(position, width) }
                made[Int(lattice[position].key)] = true
            }
        }
        func anyPosition() -> [Int] { (0..<dimensions).map { _ in Int.random(in: 0..<side, using: &generator) } }
        let radius = Double(side) * Double.random(in: 0.15...0.35, using: &generator)
        switch shape {
        case .connected:
            addBall(origin, radius)
            for _ in 0..<2 { addBall(origin.map { $0 + Int.random(in: -2...2, using: &generator) }, radius) }
        case .disconnected:
            addBall(origin, radius / 2)
            for _ in 0..<3 { addBall(anyPosition(), radius / 2) }
        case .thin: walk(4 * side, width: 1)
        case .atRim: addBall([0] + origin.dropFirst(), 0.8 * Double(side))
        case .onePointWide: walk(4 * side, width: 0)
        }
        self.lattice = lattice
        stable = made
    }

    func isStable(_ key: UInt64) -> Bool { stable[Int(key)] }

    /// The points joined to `keys` along sides through points of their own kind.
    func pockets(of keys: some Sequence<Int>) -> Set<Int> {
        var found = Set(keys)
        var queue = Array(found)
        while let key = queue.popLast() {
            for neighbour in neighbours(of: key) where stable[neighbour] == stable[key] {
                if found.insert(neighbour).inserted { queue.append(neighbour) }
            }
        }
        return found
    }

    func neighbours(of key: Int) -> [Int] {
        let indices = lattice.indices(of: Position(key: UInt64(key)))
        return indices.indices.flatMap { axis in
            [-1, 1].compactMap { step in
                var other = indices
                other[axis] += step
                return lattice.axes[axis].values.indices.contains(other[axis]) ? Int(lattice[other].key) : nil
            }
        }
    }
}

extension Refinement {
    /// Runs the search with up to `workers` points pending, answered in random order.
    ///
    /// - Returns: the points that were evaluated, in the order of their answers.
    func explore(
        workers: Int, seed: UInt64, losing: Double = 0, value: (Position) -> Double = { _ in .nan },
        isStable: (Position) -> Bool
    ) -> [PointID] {
        var generator = SeededGenerator(seed: seed)
        var pending: [PointID] = []
        var found: [PointID] = []
        while true {
            while pending.count < workers, let id = ask() { pending.append(id) }
            guard !pending.isEmpty else { break }
            let id = pending.remove(at: Int.random(in: pending.indices, using: &generator))
            if Double.random(in: 0..<1, using: &generator) < losing {
                forget([id])
                continue
            }
            let point = position(id)
            if tell(id, isStable(point) ? .stable : .unstable, value: { _ in value(point) }) { found.append(id) }
        }
        return found
    }
}
