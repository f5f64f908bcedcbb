/// The number of positions along each axis of a lattice, and the arithmetic between indices and keys.
///
/// A key is the mixed-radix number of the indices, the last axis fastest (row-major order). Every box of positions that
/// needs keys, be it a lattice, a part of one or a grid of blocks over one, uses this arithmetic.
public struct LatticeShape: Sendable, Equatable {
    /// Number of positions along each axis.
    public let counts: [Int]

    /// What one step along each axis adds to a key.
    public let strides: [Int]

    /// Number of positions.
    public let count: Int

    /// Creates a shape with these numbers of positions along its axes; `nil` if the keys do not fit in 63 bits.
    ///
    /// - Precondition: There is at least one axis, and each has at least one position.
    public init?(_ counts: [Int]) {
        precondition(!counts.isEmpty && counts.allSatisfy { $0 > 0 }, "every axis has a position")
        var count = 1
        var strides = [Int](repeating: 0, count: counts.count)
        for axis in counts.indices.reversed() {
            strides[axis] = count
            let (product, overflow) = count.multipliedReportingOverflow(by: counts[axis])
            guard !overflow else { return nil }
            count = product
        }
        self.counts = counts
        self.strides = strides
        self.count = count
    }

    /// Number of axes.
    public var dimensions: Int { counts.count }

    /// Whether each index is on its axis.
    public func contains(_ indices: [Int]) -> Bool {
        zip(indices, counts).allSatisfy { $0 >= 0 && $0 < $1 }
    }

    /// Returns the key of the position with these indices.
    @inline(__always)
    public func key(of indices: [Int]) -> Int {
        var key = 0
        for axis in strides.indices { key &+= indices[axis] &* strides[axis] }
        return key
    }

    /// Returns the key of the position whose index on each axis is `index(axis)`.
    @inline(__always)
    public func key(_ index: (_ axis: Int) -> Int) -> Int {
        var key = 0
        for axis in strides.indices { key &+= index(axis) &* strides[axis] }
        return key
    }

    /// Returns the indices of the position with this key.
    public func indices(of key: Int) -> [Int] {
        var indices = [Int](repeating: 0, count: dimensions)
        decompose(key, into: &indices)
        return indices
    }

    /// Returns the index on one axis of the position with this key.
    @inline(__always)
    public func index(of key: Int, on axis: Int) -> Int { key / strides[axis] % counts[axis] }

    /// Replaces `indices`, one for each axis, by those of the position with this key.
    @inline(__always)
    public func decompose(_ key: Int, into indices: inout [Int]) {
        precondition(indices.count == strides.count, "one index for each axis")
        strides.withUnsafeBufferPointer { strides in
            indices.withUnsafeMutableBufferPointer { indices in
                guard let strides = strides.baseAddress, let indices = indices.baseAddress else { return }
                Self.decompose(UInt64(bitPattern: Int64(key)), strides, indices, count: self.strides.count)
            }
        }
    }

    /// Writes the indices of the position with this key to `indices`, for the inner loop of a search: without checks.
    @inline(__always)
    static func decompose(
        _ key: UInt64, _ strides: UnsafePointer<Int>, _ indices: UnsafeMutablePointer<Int>, count: Int
    ) {
        let last = count &- 1
        var rest = key
        var axis = 0
        while axis < last {
            // Unsigned: it needs no check for the one quotient that overflows.
            let (quotient, remainder) = rest.quotientAndRemainder(
                dividingBy: UInt64(truncatingIfNeeded: strides[axis]))
            indices[axis] = Int(truncatingIfNeeded: quotient)
            rest = remainder
            axis &+= 1
        }
        indices[last] = Int(truncatingIfNeeded: rest)
    }

    /// Calls `body` with the key of each position one step along one axis from the position with this key and indices.
    @inline(__always)
    public func forEachNeighbour(of key: Int, at indices: [Int], _ body: (_ key: Int) -> Void) {
        for axis in counts.indices {
            if indices[axis] > 0 { body(key - strides[axis]) }
            if indices[axis] < counts[axis] - 1 { body(key + strides[axis]) }
        }
    }

    /// Returns whether `condition` holds for the key of a position one step along one axis from this one.
    @inline(__always)
    public func hasNeighbour(of key: Int, at indices: [Int], where condition: (_ key: Int) -> Bool) -> Bool {
        for axis in counts.indices {
            if indices[axis] > 0, condition(key - strides[axis]) { return true }
            if indices[axis] < counts[axis] - 1, condition(key + strides[axis]) { return true }
        }
        return false
    }

    /// Calls `body` with the key and the indices of every position in a box, in ascending order of the keys.
    ///
    /// - Parameters:
    ///   - box: the range of indices on each axis, within ``counts``.
    ///   - body: called for each position.
    @inline(__always)
    public func forEach(in box: [Range<Int>], _ body: (_ key: Int, _ indices: [Int]) -> Void) {
        precondition(box.count == dimensions, "one range for each axis")
        if box.contains(where: \.isEmpty) { return }
        var indices = box.map(\.lowerBound)
        var key = key(of: indices)
        while true {
            body(key, indices)
            // An odometer: the last axis that is not at its end moves on; those after it start again.
            var axis = dimensions - 1
            while axis >= 0, indices[axis] + 1 == box[axis].upperBound {
                key -= (indices[axis] - box[axis].lowerBound) * strides[axis]
                indices[axis] = box[axis].lowerBound
                axis -= 1
            }
            if axis < 0 { return }
            indices[axis] += 1
            key += strides[axis]
        }
    }
}
