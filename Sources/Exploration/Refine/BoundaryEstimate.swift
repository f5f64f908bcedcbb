/// Where the boundary between stable and other points runs, estimated from the points evaluated.
///
/// The lattice is looked at in blocks, from those between samples of different kinds onward through every block in
/// which the estimate changes sign. In each, a ``PolyharmonicSpline`` is fitted to samples around it: to the quantities
/// that the experiment limits, where all of the samples have them, else so that it separates the two kinds.
struct BoundaryEstimate {
    private let samples: Samples
    private let bounds: [ValueBound]
    private let cubes: SampleCubes
    private let dimensions: Int
    /// Steps along the side of a block.
    let side: Int
    private let sampleCount: Int

    private var valueSpline: PolyharmonicSpline
    private var kindSpline: PolyharmonicSpline
    /// The nearest sample of the other kind, for each; -1 for none near.
    private(set) var mates: [Int32]

    private let blocks: LatticeShape

    /// The fits of blocks, with their samples: an estimate from more samples of the same points takes over those whose
    /// samples are the same.
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

    // Kept for their memory.
    private var near: [Int32] = []
    private var chosen: [Int] = []

    /// Rings of cubes in which samples are looked for.
    private let mostRings: Int
    /// Square of the distance from a block to the nearest sample beyond which nothing is predicted.
    private let farthest: Int

    /// - Parameters:
    ///   - spacing: about the distance between samples at the boundary, in lattice steps.
    ///   - reach: about the distance from samples up to which the boundary is followed.
    ///   - fits: those of an earlier estimate.
    init(_ samples: Samples, _ bounds: [ValueBound], axes: [Int], spacing: Int, reach: Int, fits: Fits = Fits()) {
        self.samples = samples
        self.bounds = bounds
        dimensions = axes.count
        side = min(max(2, spacing), Self.largestSide(axes.count))
        sampleCount = Self.samplesOfFit(axes.count, hasValues: !bounds.isEmpty)
        cubes = SampleCubes(samples, axes: axes, side: max(2, spacing))
        farthest = reach * reach * axes.count / 4 + side * side
        mostRings = max(2, (reach + cubes.side - 1) / cubes.side)
        let side = side
        // Fewer blocks than positions, so their keys fit.
        blocks = LatticeShape(axes.map { max(1, ($0 - 1 + side - 1) / side) })!
        valueSpline = PolyharmonicSpline(dimensions: axes.count, columns: max(1, bounds.count))
        kindSpline = PolyharmonicSpline(dimensions: axes.count, columns: 1)
        mates = Array(repeating: -1, count: samples.count)
        self.fits = fits
        if fits.side != side {
            self.fits.byBlock = [:]
            self.fits.side = side
        }
    }

    /// So that one fit serves a block: some hundred points.
    private static func largestSide(_ dimensions: Int) -> Int {
        switch dimensions {
        case 1: 64
        case 2: 16
        case 3: 6
        case 4: 4
        default: 2
        }
    }

    /// Values repay a larger fit; outcomes alone do not.
    private static func samplesOfFit(_ dimensions: Int, hasValues: Bool) -> Int {
        switch dimensions {
        case 1: 8
        case 2: 20
        case 3: 36
        case 4: hasValues ? 80 : 50
        default: 64
        }
    }

    /// Predicts the kind of every unknown point in the blocks that the boundary may run through.
    ///
    /// - Returns: the keys of the points that got a prediction.
    mutating func predict(_ states: inout LatticeStates) -> [Int] {
        var predicted: [Int] = []
        var visited = Set<Int>()
        var queue: [Int] = []
        func visit(_ block: Int) { if visited.insert(block).inserted { queue.append(block) } }
        for sample in 0..<samples.count {
            let mate = mate(of: sample)
            mates[sample] = Int32(mate)
            guard mate >= 0 else { continue }
            visit(
                blocks.key { axis in
                    let sum = samples.indices[sample * dimensions + axis] + samples.indices[mate * dimensions + axis]
                    return min(Int(sum) / 2 / side, blocks.counts[axis] - 1)
                })
        }
        var next = 0
        var corner = [Int](repeating: 0, count: dimensions)
        while next < queue.count {
            let block = queue[next]
            next += 1
            blocks.decompose(block, into: &corner)
            guard predictBlock(block, corner.map { $0 * side }, &states, &predicted) else { continue }
            blocks.forEachNeighbour(of: block, at: corner, visit)
        }
        return predicted
    }

    /// Predicts the unknown points of a block.
    ///
    /// - Returns: whether both kinds are in it, known or predicted.
    private mutating func predictBlock(
        _ block: Int, _ corner: [Int], _ states: inout LatticeStates, _ predicted: inout [Int]
    ) -> Bool {
        let middle = zip(corner, states.axes).map { min($0 + side / 2, $1 - 1) }
        chooseSamples(around: middle)
        guard !chosen.isEmpty else { return false }
        let isMixed = chosen.contains { samples.isStable[$0] != samples.isStable[chosen[0]] }
        let usesValues = !bounds.isEmpty && chosen.count > dimensions + 1 && chosen.allSatisfy(hasValues)
        if usesValues || isMixed {
            if let fit = fits.byBlock[block], fit.samples == chosen {
                if usesValues { valueSpline = fit.spline } else { kindSpline = fit.spline }
            } else {
                fit(around: middle, usesValues)
                fits.byBlock[block] = Fits.Fit(samples: chosen, spline: (usesValues ? valueSpline : kindSpline).fitted)
            }
        }
        let uniform: LatticeStates.Kind = samples.isStable[chosen[0]] ? .stable : .other

        var (hasStable, hasOther) = (false, false)
        var result = [Double](repeating: 0, count: max(1, bounds.count))
        var place = corner
        var position = corner.map(Double.init)
        let ends = zip(corner, states.axes).map { min($0 + side, $1 - 1) }
        points: while true {
            var key = 0
            for axis in 0..<dimensions {
                key += place[axis] * states.strides[axis]
                position[axis] = Double(place[axis])
            }
            var kind = states.label(key)
            if kind == .unknown {
                if usesValues {
                    valueSpline.evaluate(at: position, into: &result)
                    kind = zip(bounds, result).allSatisfy { $0.contains($1) } ? .stable : .other
                } else if isMixed {
                    kindSpline.evaluate(at: position, into: &result)
                    kind = result[0] > 0 ? .stable : .other
                } else {
                    kind = uniform
                }
                states.predict(key, kind)
                predicted.append(key)
            }
            if kind == .stable { hasStable = true } else if kind == .other { hasOther = true }
            var axis = dimensions - 1
            while true {
                place[axis] += 1
                if place[axis] <= ends[axis] { break }
                place[axis] = corner[axis]
                axis -= 1
                if axis < 0 { break points }
            }
        }
        return hasStable && hasOther
    }

    private func hasValues(_ sample: Int) -> Bool {
        (0..<samples.valueCount).allSatisfy { samples.values[sample * samples.valueCount + $0].isFinite }
    }

    /// Chooses the samples of a fit: the nearest, but the fewer of a crowd the farther it is.
    private mutating func chooseSamples(around middle: [Int]) {
        near.removeAll(keepingCapacity: true)
        chosen.removeAll(keepingCapacity: true)
        var ring = 0
        while ring <= cubes.mostRings, cubes.appendRing(ring, around: middle, to: &near) {
            if near.count >= 2 * sampleCount && ring > 0 { break }
            if near.count >= sampleCount && ring >= 2 { break }
            if ring > mostRings && near.count > dimensions + 1 { break }
            ring += 1
        }
        func squaredDistance(_ sample: Int32) -> Int {
            var sum = 0
            for axis in 0..<dimensions {
                let difference = Int(samples.indices[Int(sample) * dimensions + axis]) - middle[axis]
                sum += difference * difference
            }
            return sum
        }
        let ordered = near.map { (distance: squaredDistance($0), sample: Int($0)) }.sorted {
            $0.distance != $1.distance ? $0.distance < $1.distance : $0.sample < $1.sample
        }
        for (distance, sample) in ordered {
            if chosen.count == sampleCount { break }
            // Within the block and just around it every sample counts.
            if distance > 2 * side * side * dimensions {
                let isCrowded = chosen.contains {
                    samples.isStable[$0] == samples.isStable[sample]
                        && samples.squaredDistance($0, sample) * 16 < distance
                }
                if isCrowded { continue }
            }
            if chosen.isEmpty && distance > farthest { return }
            chosen.append(sample)
        }
    }

    private mutating func fit(around middle: [Int], _ usesValues: Bool) {
        var places: [Double] = []
        var values: [Double] = []
        var scale = 1.0
        for sample in chosen {
            var squared = 0.0
            for axis in 0..<dimensions {
                let index = Double(samples.indices[sample * dimensions + axis])
                places.append(index)
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
            valueSpline.fit(places, values, smoothing: 0, centre: centre, scale: scale)
        } else {
            kindSpline.separate(
                places, values, smoothing: 4 / scale, centre: centre, scale: scale,
                iterations: dimensions <= 2 ? 80 : 20)
        }
    }

    /// The nearest sample of the other kind; -1 for none within the rings.
    private mutating func mate(of sample: Int) -> Int {
        var place: [Int] = []
        for axis in 0..<dimensions { place.append(Int(samples.indices[sample * dimensions + axis])) }
        var (best, bestDistance) = (-1, Int.max)
        var ring = 0
        while ring <= mostRings {
            near.removeAll(keepingCapacity: true)
            guard cubes.appendRing(ring, around: place, to: &near) else { break }
            for other in near where samples.isStable[Int(other)] != samples.isStable[sample] {
                let distance = samples.squaredDistance(Int(other), sample)
                if distance < bestDistance || distance == bestDistance && Int(other) < best {
                    (best, bestDistance) = (Int(other), distance)
                }
            }
            // What lies in later rings is at least this far.
            let reach = ring * cubes.side
            if best >= 0 && bestDistance <= reach * reach { break }
            ring += 1
        }
        return best
    }
}
