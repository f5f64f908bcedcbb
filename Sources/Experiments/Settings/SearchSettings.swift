internal import Exploration

/// `search`: which points are evaluated.
///
/// `flood` (default) evaluates every stable point and the points around it; `refine` evaluates the boundary between
/// stable and other points, coarse to fine. `refine` alone is an exact map. `{name: refine, stride: 8, points: 500,
/// boundary: limits}` sets the coarsest step, a budget for an approximate map, and what decides where the boundary is.
public enum SearchSettings: Sendable, Equatable {
    /// Every stable point and the points around it.
    case flood
    /// The boundary between stable and other points.
    case refine(Refinement)

    /// Settings of `refine`.
    public struct Refinement: Sendable, Equatable {
        /// What decides where the boundary is.
        public enum Boundary: String, CaseIterable, Sendable {
            /// The quantities that the experiment limits, for points that have them; else the outcome.
            case limits
            /// The outcome alone.
            case outcomes
        }

        /// The coarsest step, in steps of the lattice; a power of two.
        public var stride: Int
        /// The budget of an approximate map, in points; `nil` for an exact map.
        public var points: Int?
        /// What decides where the boundary is.
        public var boundary = Boundary.limits
    }

    /// Returns the default stride: at least eight steps to an axis. On shorter axes it is 2, since 1 would be a flood.
    static func defaultStride(on lattice: Lattice) -> Int {
        let shortest = lattice.axes.map(\.count).min() ?? 1
        let steps = shortest / 8
        var stride = 2
        while 2 * stride <= steps { stride *= 2 }
        return stride
    }

    /// The settings in words, for the identity and for people: "refine, stride 8, boundary limits".
    public var description: String {
        switch self {
        case .flood: "flood"
        case .refine(let settings):
            "refine, stride \(settings.stride), "
                + (settings.points.map { "at most \($0) points, " } ?? "") + "boundary \(settings.boundary.rawValue)"
        }
    }
}

extension Section {
    private enum Name: String, CaseIterable {
        case flood
        case refine
    }

    /// Reads `search`, and checks that what only a flood uses is not set beside `refine`.
    func search(on lattice: Lattice) throws(ExperimentError) -> SearchSettings {
        guard let setting = self["search"] else { return .flood }
        if setting.isScalar {
            guard try setting.choice(of: Name.self) == .refine else { return .flood }
            return try refinement(setting, nil, on: lattice)
        }
        let section = try Section(setting, keys: ["name", "stride", "points", "boundary"])
        let name = try section.required("name", "flood or refine").choice(of: Name.self)
        guard name == .refine else {
            if let other = section.entries.first(where: { $0.key != "name" })?.value {
                throw other.error("is a setting of the search 'refine'; remove it, or choose refine")
            }
            return .flood
        }
        return try refinement(setting, section, on: lattice)
    }

    private func refinement(
        _ setting: Setting, _ section: Section?, on lattice: Lattice
    ) throws(ExperimentError) -> SearchSettings {
        guard lattice.count <= InferredMap.largestLattice else {
            throw setting.error(
                "is refine, which keeps a map of every point; a lattice of \(lattice.count) points exceeds "
                    + "\(InferredMap.largestLattice); use coarser or fewer axes, or flood")
        }
        if let neighbours = self["neighbours"] {
            throw neighbours.error("is for the search 'flood'; refine always uses sides, reach 1: remove the key")
        }
        if let order = self["order"], try order.choice(of: Frontier.Order.self) == .arrival {
            throw order.error("is for the search 'flood'; refine always works by generations: remove the key")
        }
        var settings = SearchSettings.Refinement(stride: SearchSettings.defaultStride(on: lattice))
        if let stride = section?["stride"] {
            settings.stride = try stride.integer(in: 1...(1 << 16))
            guard settings.stride & (settings.stride - 1) == 0 else {
                throw stride.error("is \(settings.stride); it must be a power of two (1, 2, 4, 8, ...)")
            }
        }
        settings.points = try section?.read("points") { (s) throws(ExperimentError) in
            try s.integer(in: 1...Int(UInt32.max))
        }
        if let boundary = section?["boundary"] {
            settings.boundary = try boundary.choice(of: SearchSettings.Refinement.Boundary.self)
        }
        return .refine(settings)
    }
}
