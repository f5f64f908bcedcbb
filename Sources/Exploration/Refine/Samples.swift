/// Evaluated points, laid out for the fits of a ``BoundaryEstimate``.
struct Samples: Sendable {
    let dimensions: Int
    /// Values kept of each point: those that the experiment limits.
    let valueCount: Int
    /// Indices on the axes, shape (count, dimensions).
    private(set) var indices: [Int32] = []
    /// The search's numbers of the points.
    private(set) var points: [PointID] = []
    private(set) var isStable: [Bool] = []
    /// Shape (count, valueCount); NaN where a point has no value that agrees with its outcome.
    private(set) var values: [Double] = []

    init(dimensions: Int, valueCount: Int) {
        self.dimensions = dimensions
        self.valueCount = valueCount
    }

    var count: Int { isStable.count }

    mutating func append(_ indices: [Int], point: PointID, isStable: Bool, values: [Double]) {
        for index in indices { self.indices.append(Int32(index)) }
        points.append(point)
        self.isStable.append(isStable)
        self.values += values
    }

    /// Makes `place` the indices of a sample.
    func locate(_ sample: Int, _ place: inout [Int]) {
        for axis in 0..<dimensions { place[axis] = Int(indices[sample * dimensions + axis]) }
    }

    func squaredDistance(_ a: Int, _ b: Int) -> Int {
        var sum = 0
        for axis in 0..<dimensions {
            let difference = Int(indices[a * dimensions + axis]) - Int(indices[b * dimensions + axis])
            sum += difference * difference
        }
        return sum
    }
}

/// Samples by cubes of the lattice, so that those near a place are found without looking at all.
struct SampleCubes: Sendable {
    private let dimensions: Int
    let side: Int
    private let counts: [Int]
    /// Samples of cube `i`: `members[starts[i]..<starts[i + 1]]`.
    private var starts: [Int32]
    private var members: [Int32]

    private static let mostCubes = 1 << 22

    /// - Parameters:
    ///   - side: of a cube in lattice steps, at least; larger where there would be too many.
    ///   - isMember: which samples are held.
    init(_ samples: Samples, axes: [Int], side wanted: Int, where isMember: (Int) -> Bool = { _ in true }) {
        var side = max(1, wanted)
        func counts(_ side: Int) -> [Int] { axes.map { ($0 + side - 1) / side } }
        while counts(side).reduce(1.0, { $0 * Double($1) }) > Double(Self.mostCubes) { side *= 2 }
        dimensions = axes.count
        self.side = side
        self.counts = counts(side)
        let held = (0..<samples.count).filter(isMember)
        let cubes = held.map { sample in
            (0..<axes.count).reduce(0) { cube, axis in
                cube * ((axes[axis] + side - 1) / side) + Int(samples.indices[sample * axes.count + axis]) / side
            }
        }
        starts = Array(repeating: 0, count: self.counts.reduce(1, *) + 1)
        for cube in cubes { starts[cube + 1] += 1 }
        for cube in 1..<starts.count { starts[cube] += starts[cube - 1] }
        var ends = starts
        members = Array(repeating: 0, count: held.count)
        for (sample, cube) in zip(held, cubes) {
            members[Int(ends[cube])] = Int32(sample)
            ends[cube] += 1
        }
    }

    /// Rings of cubes around any cube that can hold a sample.
    var mostRings: Int { counts.max() ?? 1 }

    /// Appends the samples of the cubes that are `ring` cubes away, the farthest axis counting, from that of `centre`.
    ///
    /// - Returns: whether any cube of the ring lies on the lattice.
    func appendRing(_ ring: Int, around centre: [Int], to found: inout [Int32]) -> Bool {
        var exists = false
        visit(0, 0, ring, ring == 0, centre, &exists, &found)
        return exists
    }

    private func visit(
        _ axis: Int, _ cube: Int, _ ring: Int, _ isOnRing: Bool, _ centre: [Int], _ exists: inout Bool,
        _ found: inout [Int32]
    ) {
        if axis == dimensions {
            exists = true
            found += members[Int(starts[cube])..<Int(starts[cube + 1])]
            return
        }
        let middle = centre[axis] / side
        if axis == dimensions - 1 && !isOnRing {
            for place in [middle - ring, middle + ring] where place >= 0 && place < counts[axis] {
                visit(axis + 1, cube * counts[axis] + place, ring, true, centre, &exists, &found)
            }
            return
        }
        let (first, last) = (max(0, middle - ring), min(counts[axis] - 1, middle + ring))
        guard first <= last else { return }
        for place in first...last {
            visit(
                axis + 1, cube * counts[axis] + place, ring, isOnRing || abs(place - middle) == ring, centre, &exists,
                &found)
        }
    }
}

/// The stable samples, from which new points start.
struct StartIndex: Sendable {
    private let samples: Samples
    private let cubes: SampleCubes

    init(_ samples: Samples, axes: [Int], side: Int) {
        self.samples = samples
        cubes = SampleCubes(samples, axes: axes, side: side) { samples.isStable[$0] }
    }

    /// The stable sample nearest in log mixing ratio, of those in the cubes around and the ring after the first that
    /// has one; `nil` when there is none.
    ///
    /// - Parameter except: numbers of points that do not count.
    func nearest(to place: [Int], _ steps: Steps, except: [UInt32] = []) -> Int? {
        var found: [Int32] = []
        var best: (distance: Double, sample: Int)?
        var other = place
        var lastRing = cubes.mostRings
        var ring = 0
        while ring <= lastRing {
            found.removeAll(keepingCapacity: true)
            guard cubes.appendRing(ring, around: place, to: &found) else { break }
            for sample in found.map(Int.init) where !except.contains(samples.points[sample].number) {
                samples.locate(sample, &other)
                let distance = steps.distance(place, other)
                if best.map({ (distance, sample) < $0 }) ?? true { best = (distance, sample) }
            }
            if best != nil { lastRing = min(lastRing, max(1, ring + 1)) }
            ring += 1
        }
        return best?.sample
    }
}
