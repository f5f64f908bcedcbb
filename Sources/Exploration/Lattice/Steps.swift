import Atmospheres
import Glibc

/// The steps from a point to its neighbours on a lattice, laid out for the search's inner loop.
final class Steps {
    private struct Move: BitwiseCopyable {
        let axis: Int32
        let step: Int32
    }

    /// One step: its moves, in the order of the axes, and what it adds to a key.
    private struct Step: BitwiseCopyable {
        /// The only one of most steps.
        let first: Move
        /// Indices of the others in ``moves``: the next one, and the end.
        let next: Int32
        let end: Int32
        let delta: Int64
    }

    private let lattice: Lattice
    /// Copied from the lattice, for the inner loop.
    private let isFeasibleEverywhere: Bool
    /// Moves of steps along several axes.
    private let moves: PlainArray<Move>
    private let all: PlainArray<Step>
    /// For each step, the one that leads back.
    private let backs: PlainArray<Int>
    /// Number of positions along each axis.
    private let counts: PlainArray<Int>
    /// What a step on each axis adds to a key.
    private let strides: PlainArray<Int>
    /// ln of every axis value, the axes one after the other.
    private let logs: PlainArray<Double>
    /// Index of each axis's first value in ``logs``.
    private let firstLogs: PlainArray<Int>

    init(_ neighbourhood: Neighbourhood, on lattice: Lattice) {
        self.lattice = lattice
        isFeasibleEverywhere = lattice.isFeasibleEverywhere
        counts = PlainArray(lattice.axes.map(\.count))
        strides = PlainArray(lattice.shape.strides)
        logs = PlainArray(lattice.axes.flatMap { axis in axis.values.map { log(max($0, Composition.logFloor)) } })
        firstLogs = PlainArray(lattice.axes.indices.map { lattice.axes[..<$0].reduce(0) { $0 + $1.count } })
        var moves: [Move] = []
        let offsets = neighbourhood.offsets(dimensions: lattice.dimensions)
        let steps = offsets.map { offset in
            let own = offset.indices.filter { offset[$0] != 0 }.map {
                Move(axis: Int32($0), step: Int32(offset[$0]))
            }
            let next = moves.count
            moves += own.dropFirst()
            let delta = own.reduce(0) { $0 + Int64($1.step) * Int64(lattice.shape.strides[Int($1.axis)]) }
            return Step(first: own[0], next: Int32(next), end: Int32(moves.count), delta: delta)
        }
        all = PlainArray(steps)
        self.moves = PlainArray(moves)
        let numbers = Dictionary(uniqueKeysWithValues: zip(offsets, offsets.indices))
        backs = PlainArray(offsets.map { numbers[$0.map { -$0 }]! })
    }

    /// Returns the step that leads back from where a step has led.
    @inline(__always)
    func back(_ number: Int) -> Int { backs[number] }

    /// Number of neighbours of a position in the middle of the lattice.
    var count: Int { all.count }

    /// Returns memory for the indices of a position, one for each axis.
    func blankIndices() -> PlainArray<Int> { PlainArray(repeating: 0, count: strides.count) }

    /// Replaces `indices`, which ``blankIndices()`` made, by those of the position with this key.
    @inline(__always)
    func locate(_ key: UInt64, _ indices: borrowing PlainArray<Int>) {
        LatticeShape.decompose(key, strides.unchecked, indices.unchecked, count: strides.count)
    }

    /// Returns the key that a step leads to from `key`, if it leads to any.
    @inline(__always)
    func shift(_ key: UInt64, by number: Int) -> UInt64 {
        UInt64(bitPattern: Int64(bitPattern: key) &+ all.unchecked[number].delta)
    }

    /// Calls `body` for each neighbour of the position with this key and these indices, except the one that the step
    /// `except` leads to, with the step that leads there and the neighbour's key.
    @inline(__always)
    func forEachNeighbour(
        of key: UInt64, at position: borrowing PlainArray<Int>, except: Int, _ body: (Int, UInt64) -> Void
    ) {
        let (all, counts, indices, count) = (all.unchecked, counts.unchecked, position.unchecked, all.count)
        var number = 0
        while number < count {
            defer { number &+= 1 }
            let step = all[number]
            let axis = Int(step.first.axis)
            let index = indices[axis] &+ Int(step.first.step)
            guard number != except, UInt(bitPattern: index) < UInt(bitPattern: counts[axis]) else { continue }
            if step.next == step.end && isFeasibleEverywhere {
                body(number, UInt64(bitPattern: Int64(bitPattern: key) &+ step.delta))
            } else if let neighbour = neighbour(number, of: key, at: position) {
                body(number, neighbour)
            }
        }
    }

    /// Returns the key one step away from the position with this key and these indices; `nil` if that would be off an axis,
    /// or its filler would be negative.
    func neighbour(_ number: Int, of key: UInt64, at indices: borrowing PlainArray<Int>) -> UInt64? {
        let step = all[number]
        guard isOnAxis(step.first, indices) else { return nil }
        var next = step.next
        while next != step.end {
            guard isOnAxis(moves[Int(next)], indices) else { return nil }
            next &+= 1
        }
        guard isFeasibleEverywhere || isFeasible(number, at: indices) else { return nil }
        return UInt64(bitPattern: Int64(bitPattern: key) &+ step.delta)
    }

    @inline(__always)
    private func isOnAxis(_ move: Move, _ indices: borrowing PlainArray<Int>) -> Bool {
        let index = indices[Int(move.axis)] &+ Int(move.step)
        return UInt(bitPattern: index) < UInt(bitPattern: counts[Int(move.axis)])
    }

    private func isFeasible(_ number: Int, at indices: borrowing PlainArray<Int>) -> Bool {
        lattice.isFeasible { indices[$0] + self.offset(number, on: $0) }
    }

    /// Returns by how much a step changes the index on an axis.
    @inline(__always)
    private func offset(_ number: Int, on axis: Int) -> Int {
        let step = all[number]
        if Int(step.first.axis) == axis { return Int(step.first.step) }
        var next = step.next
        while next != step.end {
            if Int(moves[Int(next)].axis) == axis { return Int(moves[Int(next)].step) }
            next &+= 1
        }
        return 0
    }

    /// Returns the distance between the position at `indices` and the neighbour that a step leads to.
    @inline(__always)
    func length(_ number: Int, at indices: borrowing PlainArray<Int>) -> Double {
        length(number, to: number, from: indices)
    }

    /// Returns the distance that step `number` covers if it ends where step `other` leads to from `indices`.
    @inline(__always)
    func length(_ number: Int, to other: Int, from indices: borrowing PlainArray<Int>) -> Double {
        let step = all[number]
        var sum = length(step.first, to: other, indices)
        var next = step.next
        while next != step.end {
            sum += length(moves[Int(next)], to: other, indices)
            next &+= 1
        }
        return sum
    }

    @inline(__always)
    private func length(_ move: Move, to other: Int, _ indices: borrowing PlainArray<Int>) -> Double {
        let axis = Int(move.axis)
        let end = firstLogs[axis] &+ indices[axis] &+ offset(other, on: axis)
        return abs(logs[end] - logs[end &- Int(move.step)])
    }

    /// Returns the distance between the positions with these indices: |ln x - ln x'| summed over the axes.
    func distance(_ a: [Int], _ b: [Int]) -> Double {
        var sum = 0.0
        for axis in 0..<firstLogs.count where a[axis] != b[axis] {
            sum += abs(logs[firstLogs[axis] + a[axis]] - logs[firstLogs[axis] + b[axis]])
        }
        return sum
    }

    /// Returns the distance between the positions with these keys.
    func distance(_ a: UInt64, _ b: UInt64) -> Double {
        var sum = 0.0
        var (a, b) = (a, b)
        for axis in 0..<firstLogs.count {
            let stride = UInt64(strides[axis])
            let (from, to) = (a.quotientAndRemainder(dividingBy: stride), b.quotientAndRemainder(dividingBy: stride))
            (a, b) = (from.remainder, to.remainder)
            guard from.quotient != to.quotient else { continue }
            let first = firstLogs[axis]
            sum += abs(logs[first + Int(from.quotient)] - logs[first + Int(to.quotient)])
        }
        return sum
    }
}
