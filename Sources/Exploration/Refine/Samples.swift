/// Evaluated points, laid out for the fits of a ``BoundaryEstimate``.
struct Samples: Sendable {
    let dimensions: Int
    /// Values per sample: those that the experiment limits.
    let valueCount: Int
    /// Indices on the axes, shape (count, dimensions).
    private(set) var indices: [Int32] = []
    /// The search's id of each sample.
    private(set) var ids: [PointID] = []
    private(set) var isStable: [Bool] = []
    /// Shape (count, valueCount); NaN for a point without values that agree with its outcome.
    private(set) var values: [Double] = []

    init(dimensions: Int, valueCount: Int) {
        self.dimensions = dimensions
        self.valueCount = valueCount
    }

    var count: Int { isStable.count }

    mutating func append(_ indices: [Int], id: PointID, isStable: Bool, values: [Double]) {
        for index in indices { self.indices.append(Int32(index)) }
        ids.append(id)
        self.isStable.append(isStable)
        self.values += values
    }

    /// Returns the index of a sample on one axis.
    @inline(__always)
    func index(of sample: Int, on axis: Int) -> Int { Int(indices[sample * dimensions + axis]) }

    /// Replaces `position` by the indices of a sample.
    func locate(_ sample: Int, _ position: inout [Int]) {
        for axis in 0..<dimensions { position[axis] = index(of: sample, on: axis) }
    }

    func squaredDistance(_ a: Int, _ b: Int) -> Int {
        var sum = 0
        for axis in 0..<dimensions {
            let difference = index(of: a, on: axis) - index(of: b, on: axis)
            sum += difference * difference
        }
        return sum
    }
}
