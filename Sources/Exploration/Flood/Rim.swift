/// The positions that are open around settled points: neighbours of stable points without a result of their own.
///
/// A search that resumes from these results would ask them next, before any limit of the experiment on points or
/// generations.
public struct Rim: Sendable {
    /// Number of open positions.
    public let count: Int

    /// Most bits that a map of the explored part of the lattice may have: 64 MiB.
    private static let mapLimit = 1 << 29

    /// Finds the rim.
    ///
    /// - Parameters:
    ///   - indices: indices on the axes of every settled point, shape (points, axes), row-major.
    ///   - isStable: whether each of them is stable.
    ///   - neighbourhood: which positions a stable point opens.
    ///   - lattice: where they are.
    public init(
        _ indices: [Int32], isStable: [Bool], _ neighbourhood: Neighbourhood, on lattice: Lattice
    ) {
        let axes = lattice.dimensions
        precondition(indices.count == isStable.count * axes, "indices for each point")
        guard let box = Box(around: indices, reach: neighbourhood.reach, on: lattice) else {
            count = 0
            return
        }
        let offsets = neighbourhood.offsets(dimensions: axes)
        count =
            box.shape.count <= Self.mapLimit
            ? Self.count(indices, isStable, offsets, box, lattice, BitMap(box.shape.count))
            : Self.count(indices, isStable, offsets, box, lattice, Set<Int>(minimumCapacity: isStable.count))
    }

    private static func count<Known: KeySet>(
        _ indices: [Int32], _ isStable: [Bool], _ offsets: [[Int]], _ box: Box, _ lattice: Lattice, _ empty: Known
    ) -> Int {
        let axes = lattice.dimensions
        var known = empty
        let keys = isStable.indices.map { point in
            box.shape.key { Int(indices[point * axes + $0]) - box.lower[$0] }
        }
        for key in keys { known.add(key) }
        let moves = offsets.map { offset in box.shape.key { offset[$0] } }
        var neighbour = [Int](repeating: 0, count: axes)
        var count = 0
        for point in isStable.indices where isStable[point] {
            for (offset, move) in zip(offsets, moves) {
                // Off the box is off the lattice: the box has room for every neighbour that exists.
                var exists = true
                for axis in 0..<axes {
                    neighbour[axis] = Int(indices[point * axes + axis]) + offset[axis]
                    exists = exists && neighbour[axis] >= box.lower[axis] && neighbour[axis] < box.upper[axis]
                }
                guard exists, !known.has(keys[point] + move), lattice.isFeasible(neighbour) else { continue }
                known.add(keys[point] + move)
                count += 1
            }
        }
        return count
    }
}

/// The part of a lattice that holds the explored points and their neighbours.
private struct Box {
    var lower: [Int] = []
    /// Beyond the last index.
    var upper: [Int] = []
    let shape: LatticeShape

    /// Returns `nil` if there is no point, or an index is off its axis.
    init?(around indices: [Int32], reach: Int, on lattice: Lattice) {
        let axes = lattice.dimensions
        guard !indices.isEmpty else { return nil }
        for axis in 0..<axes {
            var (least, greatest) = (Int32.max, Int32.min)
            for i in stride(from: axis, to: indices.count, by: axes) {
                least = min(least, indices[i])
                greatest = max(greatest, indices[i])
            }
            guard least >= 0, greatest < lattice.axes[axis].count else { return nil }
            lower.append(max(0, Int(least) - reach))
            upper.append(min(lattice.axes[axis].count, Int(greatest) + reach + 1))
        }
        // A part of a lattice, so its keys fit.
        shape = LatticeShape(zip(lower, upper).map { $1 - $0 })!
    }
}

/// A set of keys.
private protocol KeySet {
    func has(_ key: Int) -> Bool
    mutating func add(_ key: Int)
}

extension Set<Int>: KeySet {
    func has(_ key: Int) -> Bool { contains(key) }
    mutating func add(_ key: Int) { insert(key) }
}

private struct BitMap: KeySet {
    private var words: [UInt64]

    init(_ count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    func has(_ key: Int) -> Bool { words[key >> 6] & 1 << UInt64(key & 63) != 0 }

    mutating func add(_ key: Int) { words[key >> 6] |= 1 << UInt64(key & 63) }
}
