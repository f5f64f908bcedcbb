import Glibc

/// The steps from a point to its neighbours on a lattice, laid out for the search's inner loop.
///
/// A class, since a structure's arrays would be taken hold of anew at every use.
final class Steps: Sendable {
    private struct Move {
        let axis: Int32
        let step: Int32
    }

    /// One step: its moves, in the order of the axes, and what it adds to a key.
    private struct Step {
        /// Most steps have no other.
        let first: Move
        /// Place of the next among ``moves``, and of the end of them.
        let next: Int32
        let end: Int32
        let delta: Int64

        var others: Range<Int> { Int(next)..<Int(end) }
    }

    private let lattice: Lattice
    private let isFeasibleEverywhere: Bool
    /// Moves of steps along several axes.
    private let moves: [Move]
    private let all: [Step]
    /// The step back for each step.
    private let backs: [Int]
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
        let offsets = neighbourhood.offsets(dimensions: lattice.dimensions)
        all = offsets.map { offset in
            let own = offset.indices.filter { offset[$0] != 0 }.map {
                Move(axis: Int32($0), step: Int32(offset[$0]))
            }
            let next = moves.count
            moves += own.dropFirst()
            let delta = own.reduce(0) { $0 + Int64($1.step) * Int64(lattice.strides[Int($1.axis)]) }
            return Step(first: own[0], next: Int32(next), end: Int32(moves.count), delta: delta)
        }
        self.moves = moves
        let numbers = Dictionary(uniqueKeysWithValues: zip(offsets, offsets.indices))
        backs = offsets.map { numbers[$0.map { -$0 }]! }
    }

    /// The step that leads back from where a step has led.
    func back(_ number: Int) -> Int { backs[number] }

    /// Number of neighbours of a point in the middle of the lattice.
    var count: Int { all.count }

    /// The key of the point that lies one step away from the point with `key` and these `indices`; `nil` when there is
    /// none: it would lie off an axis, or its filler would be negative.
    @inline(__always)
    func neighbour(_ number: Int, of key: UInt64, at indices: [Int]) -> UInt64? {
        guard isOnAxis(all[number].first, indices) else { return nil }
        for i in all[number].others { guard isOnAxis(moves[i], indices) else { return nil } }
        guard isFeasibleEverywhere || isFeasible(number, at: indices) else { return nil }
        return UInt64(bitPattern: Int64(bitPattern: key) &+ all[number].delta)
    }

    @inline(__always)
    private func isOnAxis(_ move: Move, _ indices: [Int]) -> Bool {
        let index = indices[Int(move.axis)] &+ Int(move.step)
        return index >= 0 && index < counts[Int(move.axis)]
    }

    private func isFeasible(_ number: Int, at indices: [Int]) -> Bool {
        lattice.isFeasible { indices[$0] + self.offset(number, on: $0) }
    }

    /// By how much a step changes the index on an axis.
    @inline(__always)
    private func offset(_ number: Int, on axis: Int) -> Int {
        if all[number].first.axis == axis { return Int(all[number].first.step) }
        for i in all[number].others where moves[i].axis == axis { return Int(moves[i].step) }
        return 0
    }

    /// ``distance(_:_:)`` between the point at `indices` and the neighbour that a step leads to.
    @inline(__always)
    func length(_ number: Int, at indices: [Int]) -> Double { length(number, to: number, from: indices) }

    /// ``distance(_:_:)`` that step `number` goes when it ends where step `other` leads to from the point at `indices`.
    @inline(__always)
    func length(_ number: Int, to other: Int, from indices: [Int]) -> Double {
        var sum = length(all[number].first, to: other, indices)
        for i in all[number].others { sum += length(moves[i], to: other, indices) }
        return sum
    }

    @inline(__always)
    private func length(_ move: Move, to other: Int, _ indices: [Int]) -> Double {
        let axis = Int(move.axis)
        let end = firstLogs[axis] + indices[axis] + offset(other, on: axis)
        return abs(logs[end] - logs[end - Int(move.step)])
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
