import Glibc

/// The steps from a point to its neighbours on a lattice, laid out for the search's inner loop.
///
/// A class, since a structure's arrays would be taken hold of anew at every use.
final class Steps: Sendable {
    private struct Move {
        let axis: Int
        let step: Int
    }

    /// One step: its moves, in the order of the axes, and what it adds to a key.
    private struct Step {
        /// Place of its first move among the moves.
        let first: Int
        let end: Int
        let delta: Int64
    }

    private let lattice: Lattice
    private let isFeasibleEverywhere: Bool
    private let moves: [Move]
    private let all: [Step]
    /// Points of each axis.
    private let counts: [Int]
    /// What a step on each axis adds to a key.
    private let strides: [UInt64]
    /// ln of every axis value, the axes one after the other.
    private let logs: [Double]
    /// Place of each axis in ``logs``.
    private let firstLogs: [Int]

    /// The mixing ratio that stands for 0 when distances are taken in logarithms: a ten-thousandth of a part per
    /// billion, below what any model here resolves.
    private static let logFloor = 1e-13

    init(_ neighbourhood: Neighbourhood, on lattice: Lattice) {
        self.lattice = lattice
        isFeasibleEverywhere = lattice.isFeasibleEverywhere
        counts = lattice.axes.map(\.count)
        strides = lattice.strides
        logs = lattice.axes.flatMap { axis in axis.values.map { log(max($0, Self.logFloor)) } }
        firstLogs = lattice.axes.indices.map { lattice.axes[..<$0].reduce(0) { $0 + $1.count } }
        var moves: [Move] = []
        all = neighbourhood.offsets(dimensions: lattice.dimensions).map { offset in
            let first = moves.count
            var delta: Int64 = 0
            for (axis, step) in offset.enumerated() where step != 0 {
                moves.append(Move(axis: axis, step: step))
                delta += Int64(step) * Int64(lattice.strides[axis])
            }
            return Step(first: first, end: moves.count, delta: delta)
        }
        self.moves = moves
    }

    /// Number of neighbours of a point in the middle of the lattice.
    var count: Int { all.count }

    /// The key of the point that lies one step away from the point with `key` and these `indices`; `nil` when there is
    /// none: it would lie off an axis, or its filler would be negative.
    @inline(__always)
    func neighbour(_ number: Int, of key: UInt64, at indices: [Int]) -> UInt64? {
        let step = all[number]
        for i in step.first..<step.end {
            let index = indices[moves[i].axis] &+ moves[i].step
            guard index >= 0, index < counts[moves[i].axis] else { return nil }
        }
        guard isFeasibleEverywhere || isFeasible(step, at: indices) else { return nil }
        return UInt64(bitPattern: Int64(bitPattern: key) &+ step.delta)
    }

    private func isFeasible(_ step: Step, at indices: [Int]) -> Bool {
        var move = step.first
        return lattice.isFeasible { axis in
            guard move < step.end, moves[move].axis == axis else { return indices[axis] }
            defer { move += 1 }
            return indices[axis] + moves[move].step
        }
    }

    /// ``distance(_:_:)`` between the point at `indices` and the neighbour that a step leads to.
    func length(_ number: Int, at indices: [Int]) -> Double {
        let step = all[number]
        var sum = 0.0
        for move in moves[step.first..<step.end] {
            let place = firstLogs[move.axis] + indices[move.axis]
            sum += abs(logs[place + move.step] - logs[place])
        }
        return sum
    }

    /// Distance between the points at these indices: |ln x - ln x'| summed over the axes.
    func distance(_ a: [Int], _ b: [Int]) -> Double {
        var sum = 0.0
        for axis in firstLogs.indices where a[axis] != b[axis] {
            sum += abs(logs[firstLogs[axis] + a[axis]] - logs[firstLogs[axis] + b[axis]])
        }
        return sum
    }

    /// ``distance(_:_:)`` between the points with these keys.
    func distance(_ a: UInt64, _ b: UInt64) -> Double {
        var sum = 0.0
        var (a, b) = (a, b)
        for axis in firstLogs.indices {
            let stride = strides[axis]
            let (from, to) = (a.quotientAndRemainder(dividingBy: stride), b.quotientAndRemainder(dividingBy: stride))
            (a, b) = (from.remainder, to.remainder)
            guard from.quotient != to.quotient else { continue }
            let first = firstLogs[axis]
            sum += abs(logs[first + Int(from.quotient)] - logs[first + Int(to.quotient)])
        }
        return sum
    }
}
