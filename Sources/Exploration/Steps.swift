import Glibc

/// The steps from a point to its neighbours on a lattice, laid out for the search's inner loop.
struct Steps: Sendable {
    private struct Move: Sendable {
        let axis: Int
        let step: Int
    }

    /// One step: its moves along the axes, and what it adds to a key.
    private struct Step: Sendable {
        /// Place of its first move among the moves.
        let first: Int
        let end: Int
        let delta: Int64
    }

    private let lattice: Lattice
    private var moves: [Move] = []
    private var all: [Step] = []
    /// Points of each axis.
    private let counts: [Int]
    /// ln of every axis value, the axes one after the other.
    private let logs: [[Double]]

    /// The mixing ratio that stands for 0 when distances are taken in logarithms: a ten-thousandth of a part per
    /// billion, below what any model here resolves.
    private static let logFloor = 1e-13

    init(_ neighbourhood: Neighbourhood, on lattice: Lattice) {
        self.lattice = lattice
        counts = lattice.axes.map(\.count)
        logs = lattice.axes.map { axis in axis.values.map { log(max($0, Self.logFloor)) } }
        for offset in neighbourhood.offsets(dimensions: lattice.dimensions) {
            let first = moves.count
            var delta: Int64 = 0
            for (axis, step) in offset.enumerated() where step != 0 {
                moves.append(Move(axis: axis, step: step))
                delta += Int64(step) * Int64(lattice.strides[axis])
            }
            all.append(Step(first: first, end: moves.count, delta: delta))
        }
    }

    /// Number of neighbours of a point in the middle of the lattice.
    var count: Int { all.count }

    /// Takes step `step` from the point with `key` and these `indices`, which it changes to the neighbour's.
    ///
    /// - Returns: the neighbour's key, or `nil` (and `indices` as they were) when there is no such point: it lies off
    ///   an axis, or its filler would be negative.
    func take(_ step: Int, from key: UInt64, _ indices: inout [Int]) -> UInt64? {
        let step = all[step]
        for i in step.first..<step.end {
            let index = indices[moves[i].axis] + moves[i].step
            guard index >= 0, index < counts[moves[i].axis] else { return nil }
        }
        for i in step.first..<step.end { indices[moves[i].axis] += moves[i].step }
        guard lattice.isFeasible(indices) else {
            for i in step.first..<step.end { indices[moves[i].axis] -= moves[i].step }
            return nil
        }
        return UInt64(bitPattern: Int64(bitPattern: key) + step.delta)
    }

    func takeBack(_ step: Int, _ indices: inout [Int]) {
        let step = all[step]
        for i in step.first..<step.end { indices[moves[i].axis] -= moves[i].step }
    }

    /// How far `step` was that led to the point at `indices`: as ``distance(_:_:)``, without the other end.
    func length(of step: Int, to indices: [Int]) -> Double {
        let step = all[step]
        var sum = 0.0
        for i in step.first..<step.end {
            let axis = moves[i].axis
            sum += abs(logs[axis][indices[axis]] - logs[axis][indices[axis] - moves[i].step])
        }
        return sum
    }

    /// Distance between the points at these indices: |ln x - ln x'| summed over the axes.
    func distance(_ a: [Int], _ b: [Int]) -> Double {
        var sum = 0.0
        for axis in logs.indices where a[axis] != b[axis] { sum += abs(logs[axis][a[axis]] - logs[axis][b[axis]]) }
        return sum
    }
}
