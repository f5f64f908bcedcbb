public import Atmospheres

/// What the evaluated points say about every position of a lattice.
///
/// - evaluated: the position has a row of its own.
/// - enclosed: it is in a part of the lattice surrounded by evaluated points of one kind only, and has their kind. This
///   is right, unless that part holds a pocket of the other kind without an evaluated point: see ``Refinement``.
/// - predicted: the part touches both kinds, and a ``BoundaryEstimate`` tells on which side the position is. As a rule,
///   this is wrong only near the boundary.
/// - open: nothing is known.
///
/// It depends only on the set of evaluated points, not on their order, so that a reader of results can compute it again.
public struct InferredMap: Sendable {
    /// What is known of a position. The raw values are codes of the results file: added at the end, never renumbered.
    public enum Kind: Int8, CaseIterable, Sendable {
        /// Nothing is known.
        case open = 0
        /// The position has a row of its own.
        case evaluated = 1
        /// Surrounded by stable points only.
        case enclosedStable = 2
        /// Surrounded by points that are not stable only.
        case enclosedOther = 3
        /// On the stable side of the estimated boundary.
        case predictedStable = 4
        /// On the other side of the estimated boundary.
        case predictedOther = 5
        /// The gases exceed 1.
        case noAtmosphere = 6

        /// Whether the position counts as stable without evaluation; `nil` if it was evaluated, or nothing is known.
        public var inferredStable: Bool? {
            switch self {
            case .enclosedStable, .predictedStable: true
            case .enclosedOther, .predictedOther: false
            case .open, .evaluated, .noAtmosphere: nil
            }
        }

        /// The name in the results file.
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

    /// Positions that a lattice may have for a map, which takes one byte for each.
    public static let largestLattice: UInt64 = 1 << 27

    /// What is known of each position, by key.
    public private(set) var kinds: [Kind]

    /// Infers the map.
    ///
    /// - Parameters:
    ///   - points: positions of the evaluated points, each once.
    ///   - isStable: whether each of them is stable.
    ///   - values: of the bounds' quantities, shape (points, bounds); NaN for none.
    ///   - bounds: the quantities that the experiment limits.
    ///   - stride: coarsest step of the search that evaluated them.
    ///   - lattice: where they are.
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
                lattice.indices(of: points[i]), id: PointID(UInt32(i)), isStable: isStable[i],
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

    /// Spacings of the samples at the boundary in a coarsest step, about: how far a search without a budget has gone.
    private static let spacingsPerStride = 4

    private mutating func fill(_ run: UnknownParts.Run, _ kind: Kind) {
        for key in run.start..<run.end { kinds[key] = kind }
    }

    /// Gives positions without a prediction the kind of the nearest ones that have one, step by step.
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

    /// Predicts the positions of the parts that touch both kinds.
    private mutating func predict(
        _ states: inout LatticeStates, _ samples: Samples, _ bounds: [ValueBound], _ stride: Int
    ) {
        var estimate = BoundaryEstimate(
            samples, bounds, axes: states.axes, spacing: max(1, stride / Self.spacingsPerStride), followDistance: stride
        )
        for key in estimate.predict(&states) where kinds[key] == .open {
            kinds[key] = states.predicted(key) == .stable ? .predictedStable : .predictedOther
        }
        spread(states)
    }
}
