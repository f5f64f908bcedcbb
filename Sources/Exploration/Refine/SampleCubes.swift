/// A uniform grid of cubes over a lattice: finds the samples near a position without scanning every sample.
struct SampleCubes: Sendable {
    let side: Int
    private let grid: LatticeShape
    /// Samples of cube `i`: `members[starts[i]..<starts[i + 1]]`.
    private var starts: [Int32]
    private var members: [Int32]

    private static let mostCubes = 1 << 22

    /// Creates the grid.
    ///
    /// - Parameters:
    ///   - samples: the samples to be found.
    ///   - axes: number of positions along each axis.
    ///   - wanted: side of a cube in lattice steps; it is doubled until there are few enough cubes.
    ///   - isMember: which samples are held.
    init(_ samples: Samples, axes: [Int], side wanted: Int, where isMember: (Int) -> Bool = { _ in true }) {
        var side = max(1, wanted)
        func grid(_ side: Int) -> LatticeShape? { LatticeShape(axes.map { ($0 + side - 1) / side }) }
        while grid(side).map({ $0.count > Self.mostCubes }) ?? true { side *= 2 }
        let cubeGrid = grid(side)!
        self.side = side
        self.grid = cubeGrid
        let held = (0..<samples.count).filter(isMember)
        let cubes = held.map { sample in cubeGrid.key { samples.index(of: sample, on: $0) / side } }
        starts = Array(repeating: 0, count: cubeGrid.count + 1)
        for cube in cubes { starts[cube + 1] += 1 }
        for cube in 1..<starts.count { starts[cube] += starts[cube - 1] }
        var ends = starts
        members = Array(repeating: 0, count: held.count)
        for (sample, cube) in zip(held, cubes) {
            members[Int(ends[cube])] = Int32(sample)
            ends[cube] += 1
        }
    }

    /// Rings of cubes around any cube that can hold a sample.
    var mostRings: Int { grid.counts.max() ?? 1 }

    /// Appends the samples of the cubes that are `ring` cubes away from that of `centre`, measured along the axis on which
    /// they are farthest.
    ///
    /// - Returns: whether any cube of the ring is on the lattice.
    func appendRing(_ ring: Int, around centre: [Int], to found: inout [Int32]) -> Bool {
        var exists = false
        visit(0, 0, ring, ring == 0, centre, &exists, &found)
        return exists
    }

    private func visit(
        _ axis: Int, _ key: Int, _ ring: Int, _ isOnRing: Bool, _ centre: [Int], _ exists: inout Bool,
        _ found: inout [Int32]
    ) {
        if axis == grid.dimensions {
            exists = true
            found += members[Int(starts[key])..<Int(starts[key + 1])]
            return
        }
        let (count, stride) = (grid.counts[axis], grid.strides[axis])
        let middle = centre[axis] / side
        if axis == grid.dimensions - 1 && !isOnRing {
            // Only its two ends are on the ring.
            for index in [middle - ring, middle + ring] where index >= 0 && index < count {
                visit(axis + 1, key + index * stride, ring, true, centre, &exists, &found)
            }
            return
        }
        let (first, last) = (max(0, middle - ring), min(count - 1, middle + ring))
        guard first <= last else { return }
        for index in first...last {
            let isOnRing = isOnRing || abs(index - middle) == ring
            visit(axis + 1, key + index * stride, ring, isOnRing, centre, &exists, &found)
        }
    }
}
