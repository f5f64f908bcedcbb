/// Positions at a minimum distance from one another.
///
/// They are kept in cubes with that distance as their side, so that a position is compared with those of the cubes around
/// it only.
struct Packing: Sendable {
    enum Metric: Sendable {
        /// The sum of the differences along the axes.
        case cityBlock
        case euclidean
    }

    private let spacing: Int
    private let metric: Metric
    private let grid: LatticeShape
    private var cubes: [Int: [[Int]]] = [:]

    /// Creates an empty packing.
    ///
    /// - Parameters:
    ///   - axes: number of positions along each axis; all together at most ``InferredMap/largestLattice``.
    ///   - spacing: the minimum distance.
    ///   - metric: how it is measured.
    init(axes: [Int], spacing: Int, metric: Metric = .euclidean) {
        self.spacing = spacing
        self.metric = metric
        // One cube more on each side, so that every position has cubes around it. Their keys fit: 5^27 < 2^63.
        grid = LatticeShape(axes.map { $0 / spacing + 3 })!
    }

    private func cube(_ index: Int) -> Int { index / spacing + 1 }

    mutating func insert(_ indices: [Int]) {
        cubes[grid.key { cube(indices[$0]) }, default: []].append(indices)
    }

    /// Returns whether a position is at the minimum distance from all inserted ones.
    func hasRoom(_ indices: [Int]) -> Bool { hasRoom(indices, 0, 0) }

    private func hasRoom(_ indices: [Int], _ axis: Int, _ key: Int) -> Bool {
        if axis == indices.count { return !(cubes[key] ?? []).contains { isNear($0, indices) } }
        let middle = cube(indices[axis])
        return (middle - 1...middle + 1).allSatisfy {
            hasRoom(indices, axis + 1, key + $0 * grid.strides[axis])
        }
    }

    private func isNear(_ a: [Int], _ b: [Int]) -> Bool {
        switch metric {
        case .cityBlock: zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } < spacing
        case .euclidean: zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } < spacing * spacing
        }
    }
}
