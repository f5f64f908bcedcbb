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
        /// Most steps have no other.
        let first: Move
        /// Places of the others among ``moves``.
        let others: Range<Int>
        let delta: Int64
    }

    private let lattice: Lattice
    private let isFeasibleEverywhere: Bool
    /// Moves of steps along several axes.
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
            let own = offset.indices.filter { offset[$0] != 0 }.map { Move(axis: $0, step: offset[$0]) }
            let others = moves.count..<moves.count + own.count - 1
            moves += own.dropFirst()
            let delta = own.reduce(0) { $0 + Int64($1.step) * Int64(lattice.strides[$1.axis]) }
            return Step(first: own[0], others: others, delta: delta)
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
        guard isOnAxis(step.first, indices) else { return nil }
        for i in step.others { guard isOnAxis(moves[i], indices) else { return nil } }
        guard isFeasibleEverywhere || isFeasible(step, at: indices) else { return nil }
        return UInt64(bitPattern: Int64(bitPattern: key) &+ step.delta)
    }

    @inline(__always)
    private func isOnAxis(_ move: Move, _ indices: [Int]) -> Bool {
        let index = indices[move.axis] &+ move.step
        return index >= 0 && index < counts[move.axis]
    }

    private func isFeasible(_ step: Step, at indices: [Int]) -> Bool {
        lattice.isFeasible { indices[$0] + self.offset(step, on: $0) }
    }

    /// By how much a step changes the index on an axis.
    @inline(__always)
    private func offset(_ step: Step, on axis: Int) -> Int {
        if step.first.axis == axis { return step.first.step }
        for i in step.others where moves[i].axis == axis { return moves[i].step }
        return 0
    }

    /// ``distance(_:_:)`` between the point at `indices` and the neighbour that a step leads to.
    func length(_ number: Int, at indices: [Int]) -> Double { length(number, to: number, from: indices) }

    /// ``distance(_:_:)`` that step `number` goes when it ends where step `other` leads to from the point at `indices`.
    func length(_ number: Int, to other: Int, from indices: [Int]) -> Double {
        let (step, other) = (all[number], all[other])
        var sum = length(step.first, to: other, indices)
        for i in step.others { sum += length(moves[i], to: other, indices) }
        return sum
    }

    @inline(__always)
    private func length(_ move: Move, to other: Step, _ indices: [Int]) -> Double {
        let end = firstLogs[move.axis] + indices[move.axis] + offset(other, on: move.axis)
        return abs(logs[end] - logs[end - move.step])
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
