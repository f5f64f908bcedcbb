public import Atmospheres

/// What the evaluated points say of every point of a lattice.
///
/// - evaluated: the point has a row of its own.
/// - enclosed: it lies in a part of the lattice that evaluated points of one kind alone surround, and has their kind.
///   Right, unless a pocket of the other kind without one evaluated point lies in that part: see ``Refinement``.
/// - predicted: the part touches both kinds, and a ``BoundaryEstimate`` says on which side the point is. Right but near
///   the boundary, as a rule.
/// - open: nothing is known of it.
///
/// It depends on the set of evaluated points alone, not on their order, so that a reader of results can make it anew.
public struct InferredMap: Sendable {
    /// The raw values are codes of the results file: added at the end, never renumbered.
    public enum Kind: Int8, CaseIterable, Sendable {
        case open = 0
        case evaluated = 1
        case enclosedStable = 2
        case enclosedOther = 3
        case predictedStable = 4
        case predictedOther = 5
        /// The gases exceed 1.
        case noAtmosphere = 6

        /// Whether the point counts as stable though it was not evaluated; `nil` where it was, or nothing is known.
        public var inferredStable: Bool? {
            switch self {
            case .enclosedStable, .predictedStable: true
            case .enclosedOther, .predictedOther: false
            case .open, .evaluated, .noAtmosphere: nil
            }
        }

        public var name: String {
            switch self {
            case .open: "open"
            case .evaluated: "evaluated"
            case .enclosedStable: "enclosed_stable"
            case .enclosedOther: "enclosed_other"
            case .predictedStable: "predicted_stable"
            case .predictedOther: "predicted_other"
            case .noAtmosphere: "no_atmosphere"
            }
        }
    }

    /// Points that a lattice may have for a map: a byte each is kept of it.
    public static let largestLattice: UInt64 = 1 << 27

    /// By key: the last axis fastest.
    public private(set) var kinds: [Kind]

    /// - Parameters:
    ///   - points: the evaluated points, each once.
    ///   - isStable: whether each of them is stable.
    ///   - values: of the bounds' quantities, shape (points, bounds); NaN where there is none.
    ///   - stride: coarsest step of the search that evaluated them.
    /// - Precondition: the lattice has at most ``largestLattice`` points.
    public init(
        _ points: [Position], isStable: [Bool], values: [Double], bounds: [ValueBound], stride: Int,
        on lattice: Lattice
    ) {
        precondition(lattice.count <= Self.largestLattice, "a lattice that a map can hold")
        var states = LatticeStates(lattice)
        var samples = Samples(dimensions: lattice.dimensions, valueCount: bounds.count)
        for i in points.indices.sorted(by: { points[$0] < points[$1] }) {
            states[Int(points[i].key)] = isStable[i] ? .stable : .other
            let own = Array(values[i * bounds.count..<(i + 1) * bounds.count])
            samples.append(
                lattice.indices(of: points[i]), point: PointID(UInt32(i)), isStable: isStable[i],
                values: bounds.agreeing(own, isStable: isStable[i]))
        }
        kinds = Array(repeating: .open, count: states.count)
        for key in kinds.indices {
            switch states[key] {
            case .stable, .other: kinds[key] = .evaluated
            case .missing: kinds[key] = .noAtmosphere
            case .unknown: break
            }
        }
        var parts = UnknownParts(states)
        var isDivided = false
        for (number, run) in parts.runs.enumerated() {
            switch parts.kind(ofRun: number) {
            case .stable: fill(run, .enclosedStable)
            case .other: fill(run, .enclosedOther)
            case nil: isDivided = true
            default: break
            }
        }
        guard isDivided else { return }
        predict(&states, samples, bounds, stride)
    }

    private mutating func fill(_ run: UnknownParts.Run, _ kind: Kind) {
        for key in run.start..<run.end { kinds[key] = kind }
    }

    /// Gives points that nothing was predicted for the kind of the nearest points that have one, step by step.
    private mutating func spread(_ states: LatticeStates) {
        var indices = [Int](repeating: 0, count: states.axes.count)
        var edge = kinds.indices.filter { states.label($0) == .stable || states.label($0) == .other }
        while !edge.isEmpty {
            var next: [Int] = []
            for key in edge {
                let isStable =
                    kinds[key] == .evaluated
                    ? states[key] == .stable : kinds[key] == .enclosedStable || kinds[key] == .predictedStable
                states.shape.decompose(key, into: &indices)
                states.shape.forEachNeighbour(of: key, at: indices) { neighbour in
                    guard kinds[neighbour] == .open else { return }
                    kinds[neighbour] = isStable ? .predictedStable : .predictedOther
                    next.append(neighbour)
                }
            }
            edge = next
        }
    }

    /// Fills what the parts that touch both kinds leave open.
    private mutating func predict(
        _ states: inout LatticeStates, _ samples: Samples, _ bounds: [ValueBound], _ stride: Int
    ) {
        var estimate = BoundaryEstimate(
            samples, bounds, axes: states.axes, spacing: max(1, stride / 4), reach: stride)
        for key in estimate.predict(&states) where kinds[key] == .open {
            kinds[key] = states.predicted(key) == .stable ? .predictedStable : .predictedOther
        }
        spread(states)
    }
}
