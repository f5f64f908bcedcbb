/// The coarse lattice of a refinement: every `stride`-th position of each axis from the origin, and the axis's ends.
///
/// A stable point of it opens those next to it. From the origin along the axes the steps double until they are the
/// stride, so that no point there has a parent far away.
struct CoarseSteps: Sendable {
    private let stride: Int
    private let origin: [Int]
    /// Ascending indices of the coarse lattice on each axis.
    private let marks: [[Int]]
    /// Keys opened and not chosen for a round yet.
    private(set) var opened: [Int] = []

    init(_ lattice: Lattice, stride: Int) {
        self.stride = stride
        origin = lattice.axes.map(\.origin)
        marks = lattice.axes.map { axis in
            let regular = Swift.stride(from: axis.origin % stride, to: axis.count, by: stride)
            return Set(Array(regular) + [0, axis.count - 1]).sorted()
        }
    }

    /// Opens the next coarse points around a stable point.
    mutating func open(around key: Int, _ indices: [Int], _ states: inout LatticeStates) {
        for axis in indices.indices {
            for direction in [-1, 1] {
                guard let index = next(from: indices, axis, direction) else { continue }
                let other = key + (index - indices[axis]) * states.strides[axis]
                guard states[other] == .unknown, !states.isChosen(other) else { continue }
                states.setChosen(other, true)
                opened.append(other)
            }
        }
    }

    /// Returns the keys opened, those nearest the origin first, and forgets them; the caller chooses or keeps each.
    mutating func takeOpened(_ states: LatticeStates) -> [Int] {
        let taken = opened
        opened = []
        var indices = origin
        return taken.map { key in
            states.shape.decompose(key, into: &indices)
            return (zip(indices, origin).reduce(0) { $0 + abs($1.0 - $1.1) }, key)
        }.sorted(by: <).map(\.1)
    }

    mutating func keep(_ key: Int) { opened.append(key) }

    /// Returns where a step from a stable point along an axis leads; `nil` for nowhere.
    private func next(from indices: [Int], _ axis: Int, _ direction: Int) -> Int? {
        let last = marks[axis].last!
        let moved = indices.indices.filter { indices[$0] != origin[$0] }
        if moved.isEmpty {
            let index = origin[axis] + direction
            return (0...last).contains(index) ? index : nil
        }
        let offset = indices[axis] - origin[axis]
        if moved == [axis], abs(offset) < stride {
            guard (offset > 0) == (direction > 0) else { return nil }
            let index = min(max(origin[axis] + 2 * offset, 0), last)
            return index == indices[axis] ? nil : min(max(index, origin[axis] - stride), origin[axis] + stride)
        }
        guard indices.indices.allSatisfy({ isMark(indices[$0], $0) }) else { return nil }
        let mark = marks[axis].firstIndex(of: indices[axis])! + direction
        return marks[axis].indices.contains(mark) ? marks[axis][mark] : nil
    }

    private func isMark(_ index: Int, _ axis: Int) -> Bool {
        (index - origin[axis]) % stride == 0 || index == 0 || index == marks[axis].last!
    }
}
