/// The stable samples, among which new points find their parents.
struct ParentIndex: Sendable {
    private let samples: Samples
    private let cubes: SampleCubes

    init(_ samples: Samples, axes: [Int], side: Int) {
        self.samples = samples
        cubes = SampleCubes(samples, axes: axes, side: side) { samples.isStable[$0] }
    }

    /// Finds the stable sample nearest in log mixing ratio among those in the cubes around, up to the ring after the first
    /// one that has a sample.
    ///
    /// - Parameters:
    ///   - position: indices on the axes.
    ///   - steps: measures distances.
    ///   - except: numbers of points that do not count.
    /// - Returns: the sample; `nil` if there is none.
    func nearest(to position: [Int], _ steps: Steps, except: [UInt32] = []) -> Int? {
        var found: [Int32] = []
        var best: (distance: Double, sample: Int)?
        var other = position
        var lastRing = cubes.mostRings
        var ring = 0
        while ring <= lastRing {
            found.removeAll(keepingCapacity: true)
            guard cubes.appendRing(ring, around: position, to: &found) else { break }
            for sample in found.map(Int.init) where !except.contains(samples.ids[sample].number) {
                samples.locate(sample, &other)
                let distance = steps.distance(position, other)
                if best.map({ (distance, sample) < $0 }) ?? true { best = (distance, sample) }
            }
            if best != nil { lastRing = min(lastRing, max(1, ring + 1)) }
            ring += 1
        }
        return best?.sample
    }
}
