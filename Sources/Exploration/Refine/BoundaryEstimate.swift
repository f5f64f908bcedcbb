/// Where the boundary between stable and other points runs, estimated from the points evaluated.
///
/// The lattice is looked at in blocks, from those between samples of different kinds onward through every block in
/// which the estimate changes sign. In each, a ``PolyharmonicSpline`` is fitted to samples around it: to the quantities
/// that the experiment limits, if all of the samples have them, or else so that it separates the two kinds.
struct BoundaryEstimate {
    private let samples: Samples
    private let bounds: [ValueBound]
    private let cubes: SampleCubes
    private let dimensions: Int
    /// Steps along the side of a block.
    let side: Int
    private let blocks: LatticeShape
    private let sampleCount: Int

    private var valueSpline: PolyharmonicSpline
    private var kindSpline: PolyharmonicSpline
    /// The nearest sample of the other kind, for each sample; -1 for none near.
    private(set) var opposites: [Int32]

    /// The fits of blocks, with their samples: a later estimate takes over those whose samples are the same.
    struct Fits: Sendable {
        fileprivate struct Fit: Sendable {
            let samples: [Int]
            let spline: PolyharmonicSpline
        }

        fileprivate var side = 0
        fileprivate var byBlock: [Int: Fit] = [:]

        init() {}
    }

    private(set) var fits: Fits

    // Reused to avoid allocation.
    private var near: [Int32] = []
    private var chosen: [Int] = []

    /// Rings of cubes in which samples are looked for.
    private let mostRings: Int
    /// Square of the distance from a block to the nearest sample beyond which nothing is predicted.
    private let farthest: Int

    /// Creates an estimate.
    ///
    /// - Parameters:
    ///   - samples: the points evaluated.
    ///   - bounds: the quantities that the experiment limits; empty if only outcomes count.
    ///   - axes: number of positions along each axis.
    ///   - spacing: about the distance between samples at the boundary, in lattice steps.
    ///   - followDistance: about the distance from samples up to which the boundary is followed.
    ///   - fits: those of an earlier estimate.
    init(
        _ samples: Samples, _ bounds: [ValueBound], axes: [Int], spacing: Int, followDistance: Int,
        fits: Fits = Fits()
    ) {
        self.samples = samples
        self.bounds = bounds
        dimensions = axes.count
        let side = min(max(2, spacing), Self.largestSide(axes.count))
        self.side = side
        sampleCount = Self.samplesPerFit(axes.count, hasValues: !bounds.isEmpty)
        cubes = SampleCubes(samples, axes: axes, side: max(2, spacing))
        farthest = followDistance * followDistance * axes.count / 4 + side * side
        mostRings = max(2, (followDistance + cubes.side - 1) / cubes.side)
        // There are fewer blocks than positions, so their keys fit.
        blocks = LatticeShape(axes.map { max(1, ($0 - 1 + side - 1) / side) })!
        valueSpline = PolyharmonicSpline(dimensions: axes.count, columns: max(1, bounds.count))
        kindSpline = PolyharmonicSpline(dimensions: axes.count, columns: 1)
        opposites = Array(repeating: -1, count: samples.count)
        self.fits = fits
        if fits.side != side {
            self.fits.byBlock = [:]
            self.fits.side = side
        }
    }

    /// The largest side of a block: one fit then serves some hundred positions.
    private static func largestSide(_ dimensions: Int) -> Int {
        switch dimensions {
        case 1: 64
        case 2: 16
        case 3: 6
        case 4: 4
        default: 2
        }
    }

    /// The samples of a fit: values repay a larger fit; outcomes alone do not.
    private static func samplesPerFit(_ dimensions: Int, hasValues: Bool) -> Int {
        switch dimensions {
        case 1: 8
        case 2: 20
        case 3: 36
        case 4: hasValues ? 80 : 50
        default: 64
        }
    }

    /// Predicts the kind of every unknown position in the blocks that the boundary may run through.
    ///
    /// - Returns: the keys of the positions that got a prediction.
    mutating func predict(_ states: inout LatticeStates) -> [Int] {
        var predicted: [Int] = []
        var visited = Set<Int>()
        var queue: [Int] = []
        func visit(_ block: Int) { if visited.insert(block).inserted { queue.append(block) } }
        for sample in 0..<samples.count {
            let opposite = opposite(of: sample)
            opposites[sample] = Int32(opposite)
            guard opposite >= 0 else { continue }
            visit(
                blocks.key { axis in
                    let sum = samples.index(of: sample, on: axis) + samples.index(of: opposite, on: axis)
                    return min(sum / 2 / side, blocks.counts[axis] - 1)
                })
        }
        var next = 0
        var corner = [Int](repeating: 0, count: dimensions)
        while next < queue.count {
            let block = queue[next]
            next += 1
            blocks.decompose(block, into: &corner)
            if predictBlock(block, corner.map { $0 * side }, &states, &predicted) {
                blocks.forEachNeighbour(of: block, at: corner, visit)
            }
        }
        return predicted
    }

    /// What the kinds in a block are predicted from.
    private enum Basis {
        /// A fit to the limited quantities.
        case values
        /// A fit that separates the kinds.
        case kinds
        /// Samples of one kind only.
        case uniform(LatticeStates.Kind)
    }

    /// Predicts the unknown positions of a block.
    ///
    /// - Returns: whether both kinds are in it, known or predicted.
    private mutating func predictBlock(
        _ block: Int, _ corner: [Int], _ states: inout LatticeStates, _ predicted: inout [Int]
    ) -> Bool {
        let shape = states.shape
        let middle = zip(corner, shape.counts).map { min($0 + side / 2, $1 - 1) }
        chooseSamples(around: middle)
        guard let basis = basis(ofBlock: block, around: middle) else { return false }
        var (hasStable, hasOther) = (false, false)
        var result = [Double](repeating: 0, count: max(1, bounds.count))
        var point = corner.map(Double.init)
        let box = zip(corner, shape.counts).map { $0..<min($0 + side + 1, $1) }
        shape.forEach(in: box) { key, indices in
            var kind = states.label(key)
            if kind == .unknown {
                for axis in indices.indices { point[axis] = Double(indices[axis]) }
                kind = predictKind(at: point, by: basis, &result)
                states.predict(key, kind)
                predicted.append(key)
            }
            if kind == .stable { hasStable = true } else if kind == .other { hasOther = true }
        }
        return hasStable && hasOther
    }

    @inline(__always)
    private func predictKind(at point: [Double], by basis: Basis, _ result: inout [Double]) -> LatticeStates.Kind {
        switch basis {
        case .values:
            valueSpline.evaluate(at: point, into: &result)
            return zip(bounds, result).allSatisfy { $0.contains($1) } ? .stable : .other
        case .kinds:
            kindSpline.evaluate(at: point, into: &result)
            return result[0] > 0 ? .stable : .other
        case .uniform(let kind): return kind
        }
    }

    /// Fits the chosen samples, unless an earlier fit has the same ones; `nil` without samples.
    private mutating func basis(ofBlock block: Int, around middle: [Int]) -> Basis? {
        guard let first = chosen.first else { return nil }
        let isMixed = chosen.contains { samples.isStable[$0] != samples.isStable[first] }
        let usesValues = !bounds.isEmpty && chosen.count > dimensions + 1 && chosen.allSatisfy(hasValues)
        guard usesValues || isMixed else { return .uniform(samples.isStable[first] ? .stable : .other) }
        if let fit = fits.byBlock[block], fit.samples == chosen {
            if usesValues { valueSpline = fit.spline } else { kindSpline = fit.spline }
        } else {
            fit(around: middle, usesValues)
            fits.byBlock[block] = Fits.Fit(samples: chosen, spline: (usesValues ? valueSpline : kindSpline).fitted)
        }
        return usesValues ? .values : .kinds
    }

    private func hasValues(_ sample: Int) -> Bool {
        (0..<samples.valueCount).allSatisfy { samples.values[sample * samples.valueCount + $0].isFinite }
    }

    // MARK: - samples of a fit

    /// Samples found, as a multiple of those needed, with which one ring of cubes suffices.
    private static let plenty = 2
    /// Rings with which the samples needed suffice.
    private static let ringsForEnough = 2
    /// Within this many times the square of a block's diagonal every sample counts, crowded or not.
    private static let crowdedFrom = 2
    /// A sample farther from the block than this many times its distance to a chosen one of its kind adds nothing.
    private static let crowdingRatio = 4

    /// Chooses the samples of a fit: nearest samples first, thinning clusters more strongly with distance.
    private mutating func chooseSamples(around middle: [Int]) {
        findSamples(around: middle)
        chosen.removeAll(keepingCapacity: true)
        func squaredDistance(_ sample: Int32) -> Int {
            var sum = 0
            for axis in 0..<dimensions {
                let difference = samples.index(of: Int(sample), on: axis) - middle[axis]
                sum += difference * difference
            }
            return sum
        }
        let ordered = near.map { (distance: squaredDistance($0), sample: Int($0)) }.sorted {
            $0.distance != $1.distance ? $0.distance < $1.distance : $0.sample < $1.sample
        }
        for (distance, sample) in ordered {
            if chosen.count == sampleCount { break }
            if distance > Self.crowdedFrom * side * side * dimensions {
                let isCrowded = chosen.contains {
                    samples.isStable[$0] == samples.isStable[sample]
                        && samples.squaredDistance($0, sample) * Self.crowdingRatio * Self.crowdingRatio < distance
                }
                if isCrowded { continue }
            }
            if chosen.isEmpty && distance > farthest { return }
            chosen.append(sample)
        }
    }

    /// Finds samples ring by ring until there are enough of them.
    private mutating func findSamples(around middle: [Int]) {
        near.removeAll(keepingCapacity: true)
        var ring = 0
        while ring <= cubes.mostRings, cubes.appendRing(ring, around: middle, to: &near) {
            if near.count >= Self.plenty * sampleCount && ring > 0 { break }
            if near.count >= sampleCount && ring >= Self.ringsForEnough { break }
            if ring > mostRings && near.count > dimensions + 1 { break }
            ring += 1
        }
    }

    /// Smoothing of a fit that separates kinds, times its scale.
    private static let kindSmoothing = 4.0

    /// Iterations of such a fit at most: more dimensions have more samples, each of which counts less.
    private var kindIterations: Int { dimensions <= 2 ? 80 : 20 }

    private mutating func fit(around middle: [Int], _ usesValues: Bool) {
        var points: [Double] = []
        var values: [Double] = []
        var scale = 1.0
        for sample in chosen {
            var squared = 0.0
            for axis in 0..<dimensions {
                let index = Double(samples.index(of: sample, on: axis))
                points.append(index)
                squared += (index - Double(middle[axis])) * (index - Double(middle[axis]))
            }
            scale = max(scale, squared.squareRoot())
            if usesValues {
                values += samples.values[sample * samples.valueCount..<(sample + 1) * samples.valueCount]
            } else {
                values.append(samples.isStable[sample] ? 1 : -1)
            }
        }
        let centre = middle.map(Double.init)
        if usesValues {
            valueSpline.fit(points, values, smoothing: 0, centre: centre, scale: scale)
        } else {
            kindSpline.separate(
                points, values, smoothing: Self.kindSmoothing / scale, centre: centre, scale: scale,
                iterations: kindIterations)
        }
    }

    /// Returns the nearest sample of the other kind; -1 for none within the rings.
    private mutating func opposite(of sample: Int) -> Int {
        let position = (0..<dimensions).map { samples.index(of: sample, on: $0) }
        var (best, bestDistance) = (-1, Int.max)
        var ring = 0
        while ring <= mostRings {
            near.removeAll(keepingCapacity: true)
            guard cubes.appendRing(ring, around: position, to: &near) else { break }
            for other in near where samples.isStable[Int(other)] != samples.isStable[sample] {
                let distance = samples.squaredDistance(Int(other), sample)
                if distance < bestDistance || distance == bestDistance && Int(other) < best {
                    (best, bestDistance) = (Int(other), distance)
                }
            }
            // Samples in later rings are at least this far away.
            let ringDistance = ring * cubes.side
            if best >= 0 && bestDistance <= ringDistance * ringDistance { break }
            ring += 1
        }
        return best
    }
}
