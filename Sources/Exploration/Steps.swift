import Glibc

/// The steps from a point to its neighbours on a lattice, laid out for the search's inner loop.
struct Steps: Sendable {
    private struct Move: Sendable {
        let axis: Int
        let step: Int
    }

    private let lattice: Lattice
    private var moves: [Move] = []
    /// Moves of step `i`: `bounds[i]..<bounds[i + 1]`.
    private var bounds: [Int] = [0]
    /// What step `i` adds to a key.
    private var deltas: [Int64] = []
    /// ln of every axis value, the axes one after the other.
    private let logs: [[Double]]

    /// The mixing ratio that stands for 0 when distances are taken in logarithms: a ten-thousandth of a part per
    /// billion, below what any model here resolves.
    private static let logFloor = 1e-13

    init(_ neighbourhood: Neighbourhood, on lattice: Lattice) {
        self.lattice = lattice
        logs = lattice.axes.map { axis in axis.values.map { log(max($0, Self.logFloor)) } }
        for offset in neighbourhood.offsets(dimensions: lattice.dimensions) {
            var delta: Int64 = 0
            for (axis, step) in offset.enumerated() where step != 0 {
                moves.append(Move(axis: axis, step: step))
                delta += Int64(step) * Int64(lattice.strides[axis])
            }
            bounds.append(moves.count)
            deltas.append(delta)
        }
    }

    /// Number of neighbours of a point in the middle of the lattice.
    var count: Int { deltas.count }

    /// Takes step `step` from the point with `key` and these `indices`, which it changes to the neighbour's.
    ///
    /// - Returns: the neighbour's key, or `nil` (and `indices` as they were) when there is no such point: it lies off
    ///   an axis, or its filler would be negative.
    func take(_ step: Int, from key: UInt64, _ indices: inout [Int]) -> UInt64? {
        for i in bounds[step]..<bounds[step + 1] {
            let index = indices[moves[i].axis] + moves[i].step
            guard index >= 0, index < lattice.axes[moves[i].axis].count else { return nil }
        }
        for i in bounds[step]..<bounds[step + 1] { indices[moves[i].axis] += moves[i].step }
        guard lattice.isFeasible(indices) else {
            takeBack(step, &indices)
            return nil
        }
        return UInt64(bitPattern: Int64(bitPattern: key) + deltas[step])
    }

    func takeBack(_ step: Int, _ indices: inout [Int]) {
        for i in bounds[step]..<bounds[step + 1] { indices[moves[i].axis] -= moves[i].step }
    }

    /// Distance between the points at these indices: |ln x - ln x'| summed over the axes.
    func distance(_ a: [Int], _ b: [Int]) -> Double {
        var sum = 0.0
        for axis in logs.indices where a[axis] != b[axis] { sum += abs(logs[axis][a[axis]] - logs[axis][b[axis]]) }
        return sum
    }
}
