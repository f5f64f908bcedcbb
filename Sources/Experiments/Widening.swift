import Atmospheres
import Exploration

/// Whether an experiment may go on from the results of an earlier one: it visits the same atmospheres and more, and
/// counts as stable what counted before and more.
///
/// An axis may gain values, a limit may be loosened or dropped. Everything else of the ``ExperimentIdentity`` has to be
/// the same.
public struct Widening: Sendable, Equatable {
    /// What stands in the way, one line for each key; empty when nothing does, as for an equal experiment.
    public let obstacles: [String]

    public var isPossible: Bool { obstacles.isEmpty }

    /// - Parameter place: where `earlier` comes from.
    public init(of earlier: Experiment, to wider: Experiment, in place: String = "the results file") {
        let (old, new) = (earlier.identity, wider.identity)
        obstacles = new.keysDiffering(from: old).compactMap { key in
            let why: String?
            if let gas = key.suffix(after: "axes.") {
                why = Self.obstacle(Self.axis(gas, earlier), Self.axis(gas, wider), in: place)
            } else if let quantity = key.suffix(after: "limits.") {
                why = Self.obstacle(Self.limit(quantity, earlier), Self.limit(quantity, wider))
            } else {
                why = key == "axes" ? "gases and order of the axes have to stay" : "only axes and limits may be widened"
            }
            return why.map { "\(new.difference(at: key, from: old, in: place)); \($0)" }
        }
    }

    private static func obstacle(_ old: Axis?, _ new: Axis?, in place: String) -> String? {
        guard let old, let new else { return "gases and order of the axes have to stay" }
        guard old.values[old.origin] == new.values[new.origin] else { return "the origin has to stay" }
        let kept = Set(new.values)
        let missing = old.values.filter { !kept.contains($0) }
        guard let first = missing.first else { return nil }
        return missing.count == 1
            ? "\(first) of \(place) is missing" : "\(missing.count) values of \(place) are missing, the first \(first)"
    }

    private static func obstacle(_ old: StabilityLimit?, _ new: StabilityLimit?) -> String? {
        guard let new else { return nil }
        guard let old else { return "a new limit narrows what is stable" }
        guard old.unit == new.unit else { return "the unit has to stay" }
        func range(_ limit: StabilityLimit) -> ClosedRange<Double> {
            (limit.minimum ?? -.infinity)...(limit.maximum ?? .infinity)
        }
        return range(new).contains(range(old)) ? nil : "the old range has to lie within the new one"
    }

    private static func axis(_ gas: Substring, _ experiment: Experiment) -> Axis? {
        experiment.lattice.axes.first { $0.gas.formula == gas }
    }

    private static func limit(_ quantity: Substring, _ experiment: Experiment) -> StabilityLimit? {
        experiment.limits.first { $0.quantity == quantity }
    }
}

extension String {
    /// What follows `prefix`; `nil` when the text does not begin with it.
    fileprivate func suffix(after prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
}
