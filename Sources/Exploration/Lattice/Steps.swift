import Glibc

/// The steps from a point to its neighbours on a lattice, laid out for the search's inner loop.
final class Steps {
    private struct Move: BitwiseCopyable {
        let axis: Int32
        let step: Int32
    }

    /// One step: its moves, in the order of the axes, and what it adds to a key.
    private struct Step: BitwiseCopyable {
        /// Most steps have no other.
        let first: Move
        /// Place of the next among ``moves``, and of the end of them.
        let next: Int32
        let end: Int32
        let delta: Int64
    }

    private let lattice: Lattice
    private let isFeasibleEverywhere: Bool
    /// Moves of steps along several axes.
    private let moves: PlainArray<Move>
    private let all: PlainArray<Step>
    /// The step back for each step.
    private let backs: PlainArray<Int>
    /// Points of each axis.
    private let counts: PlainArray<Int>
    /// What a step on each axis adds to a key.
    private let strides: PlainArray<Int>
    /// ln of every axis value, the axes one after the other.
    private let logs: PlainArray<Double>
    /// Place of each axis in ``logs``.
    private let firstLogs: PlainArray<Int>

    /// The mixing ratio that stands for 0 when distances are taken in logarithms: a ten-thousandth of a part per
    /// billion, below what any model here resolves.
    private static let logFloor = 1e-13

    init(_ neighbourhood: Neighbourhood, on lattice: Lattice) {
        self.lattice = lattice
        isFeasibleEverywhere = lattice.isFeasibleEverywhere
        counts = PlainArray(lattice.axes.map(\.count))
        strides = PlainArray(lattice.shape.strides)
        logs = PlainArray(lattice.axes.flatMap { axis in axis.values.map { log(max($0, Self.logFloor)) } })
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

    /// The step that leads back from where a step has led.
    @inline(__always)
    func back(_ number: Int) -> Int { backs[number] }

    /// Number of neighbours of a point in the middle of the lattice.
    var count: Int { all.count }

    /// Room for the indices of a point, one for each axis.
    func blankIndices() -> PlainArray<Int> { PlainArray(repeating: 0, count: strides.count) }

    /// Makes `indices`, which ``blankIndices()`` made, those of the point with `key`.
    @inline(__always)
    func locate(_ key: UInt64, _ indices: borrowing PlainArray<Int>) {
        LatticeShape.decompose(key, strides.unchecked, indices.unchecked, count: strides.count)
    }

    /// The key that a step leads to from `key`, if it leads to any.
    @inline(__always)
    func shift(_ key: UInt64, by number: Int) -> UInt64 {
        UInt64(bitPattern: Int64(bitPattern: key) &+ all.unchecked[number].delta)
    }

    /// Calls `body` for each neighbour of the point with `key` and these `indices`, with the step that leads there and its
    /// key, but not for step `except`.
    @inline(__always)
    func forEachNeighbour(
        of key: UInt64, at indices: borrowing PlainArray<Int>, except: Int, _ body: (Int, UInt64) -> Void
    ) {
        let (all, counts, places, count) = (all.unchecked, counts.unchecked, indices.unchecked, all.count)
        var number = 0
        while number < count {
            defer { number &+= 1 }
            let step = all[number]
            let axis = Int(step.first.axis)
            let index = places[axis] &+ Int(step.first.step)
            guard number != except, UInt(bitPattern: index) < UInt(bitPattern: counts[axis]) else { continue }
            if step.next == step.end && isFeasibleEverywhere {
                body(number, UInt64(bitPattern: Int64(bitPattern: key) &+ step.delta))
            } else if let neighbour = neighbour(number, of: key, at: indices) {
                body(number, neighbour)
            }
        }
    }

    /// The key of the point that lies one step away from the point with `key` and these `indices`; `nil` when there is
    /// none: it would lie off an axis, or its filler would be negative.
    func neighbour(_ number: Int, of key: UInt64, at indices: borrowing PlainArray<Int>) -> UInt64? {
        let step = all[number]
        guard isOnAxis(step.first, indices) else { return nil }
        var place = step.next
        while place != step.end {
            guard isOnAxis(moves[Int(place)], indices) else { return nil }
            place &+= 1
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

    /// By how much a step changes the index on an axis.
    @inline(__always)
    private func offset(_ number: Int, on axis: Int) -> Int {
        let step = all[number]
        if Int(step.first.axis) == axis { return Int(step.first.step) }
        var place = step.next
        while place != step.end {
            if Int(moves[Int(place)].axis) == axis { return Int(moves[Int(place)].step) }
            place &+= 1
        }
        return 0
    }

    /// ``distance(_:_:)`` between the point at `indices` and the neighbour that a step leads to.
    @inline(__always)
    func length(_ number: Int, at indices: borrowing PlainArray<Int>) -> Double {
        length(number, to: number, from: indices)
    }

    /// ``distance(_:_:)`` that step `number` goes when it ends where step `other` leads to from the point at `indices`.
    @inline(__always)
    func length(_ number: Int, to other: Int, from indices: borrowing PlainArray<Int>) -> Double {
        let step = all[number]
        var sum = length(step.first, to: other, indices)
        var place = step.next
        while place != step.end {
            sum += length(moves[Int(place)], to: other, indices)
            place &+= 1
        }
        return sum
    }

    @inline(__always)
    private func length(_ move: Move, to other: Int, _ indices: borrowing PlainArray<Int>) -> Double {
        let axis = Int(move.axis)
        let end = firstLogs[axis] &+ indices[axis] &+ offset(other, on: axis)
        return abs(logs[end] - logs[end &- Int(move.step)])
    }

    /// Distance between the points at these indices: |ln x - ln x'| summed over the axes.
    func distance(_ a: [Int], _ b: [Int]) -> Double {
        var sum = 0.0
        for axis in 0..<firstLogs.count where a[axis] != b[axis] {
            sum += abs(logs[firstLogs[axis] + a[axis]] - logs[firstLogs[axis] + b[axis]])
        }
        return sum
    }

    /// ``distance(_:_:)`` between the points with these keys.
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
