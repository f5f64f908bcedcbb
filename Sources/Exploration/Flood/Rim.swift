/// The points that are open around settled ones: neighbours of stable points without a result of their own.
///
/// It is what a search that goes on from these results would ask next, before any limit of the experiment on points or
/// generations.
public struct Rim: Sendable {
    /// Number of open points.
    public let count: Int

    /// Most bits that a map of the explored part of the lattice may have: 64 MiB.
    private static let mapLimit = 1 << 29

    /// - Parameters:
    ///   - indices: indices on the axes of every settled point, shape (points, axes), row-major.
    ///   - isStable: whether each of them is stable.
    ///   - neighbourhood: what a stable point opens.
    ///   - lattice: where.
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
            box.count <= Self.mapLimit
            ? Self.count(indices, isStable, offsets, box, lattice, BitMap(box.count))
            : Self.count(indices, isStable, offsets, box, lattice, Set<Int>(minimumCapacity: isStable.count))
    }

    private static func count<Known: PlaceSet>(
        _ indices: [Int32], _ isStable: [Bool], _ offsets: [[Int]], _ box: Box, _ lattice: Lattice, _ empty: Known
    ) -> Int {
        let axes = lattice.dimensions
        var known = empty
        var places: [Int] = []
        places.reserveCapacity(isStable.count)
        for point in isStable.indices {
            var place = 0
            for axis in 0..<axes {
                place += (Int(indices[point * axes + axis]) - box.lower[axis]) * box.strides[axis]
            }
            places.append(place)
            known.add(place)
        }
        let moves = offsets.map { offset in zip(offset, box.strides).reduce(0) { $0 + $1.0 * $1.1 } }
        var neighbour = [Int](repeating: 0, count: axes)
        var count = 0
        for point in isStable.indices where isStable[point] {
            for (offset, move) in zip(offsets, moves) {
                // Off the box is off the lattice: the box has room for every neighbour that exists.
                var exists = true
                for axis in 0..<axes where offset[axis] != 0 {
                    neighbour[axis] = Int(indices[point * axes + axis]) + offset[axis]
                    exists = exists && neighbour[axis] >= box.lower[axis] && neighbour[axis] < box.upper[axis]
                }
                guard exists, !known.has(places[point] + move) else { continue }
                for axis in 0..<axes { neighbour[axis] = Int(indices[point * axes + axis]) + offset[axis] }
                guard lattice.isFeasible(neighbour) else { continue }
                known.add(places[point] + move)
                count += 1
            }
        }
        return count
    }
}

/// The part of a lattice that explored points and their neighbours lie in.
private struct Box {
    var lower: [Int] = []
    /// Beyond the last index.
    var upper: [Int] = []
    var strides: [Int]
    var count = 1

    /// `nil` when there is no point, or an index is off its axis.
    init?(around indices: [Int32], reach: Int, on lattice: Lattice) {
        let axes = lattice.dimensions
        guard !indices.isEmpty else { return nil }
        strides = Array(repeating: 0, count: axes)
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
        for axis in (0..<axes).reversed() {
            strides[axis] = count
            count *= upper[axis] - lower[axis]
        }
    }
}

/// A set of places in a box.
private protocol PlaceSet {
    func has(_ place: Int) -> Bool
    mutating func add(_ place: Int)
}

extension Set<Int>: PlaceSet {
    func has(_ place: Int) -> Bool { contains(place) }
    mutating func add(_ place: Int) { insert(place) }
}

private struct BitMap: PlaceSet {
    private var words: [UInt64]

    init(_ count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    func has(_ place: Int) -> Bool { words[place >> 6] & 1 << UInt64(place & 63) != 0 }

    mutating func add(_ place: Int) { words[place >> 6] |= 1 << UInt64(place & 63) }
}
