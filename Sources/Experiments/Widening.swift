import Atmospheres
import Exploration

/// Whether an experiment may continue from the results of an earlier one: it visits at least the same atmospheres, and
/// counts at least the same ones as stable.
///
/// An axis may gain values, and a limit may be loosened or dropped. Everything else of the ``ExperimentIdentity`` must be
/// the same.
public struct Widening: Sendable, Equatable {
    /// What prevents it, one line for each key; empty when nothing does, as for an equal experiment.
    public let obstacles: [String]

    /// Whether nothing prevents it.
    public var isPossible: Bool { obstacles.isEmpty }

    /// Compares an experiment with a wider one.
    ///
    /// - Parameters:
    ///   - earlier: the experiment of the results.
    ///   - wider: the experiment that is to continue from them.
    ///   - source: where `earlier` comes from.
    public init(of earlier: Experiment, to wider: Experiment, in source: String = "the results file") {
        let (old, new) = (earlier.identity, wider.identity)
        obstacles = new.keysDiffering(from: old).compactMap { key in
            let why: String?
            if let gas = key.suffix(after: "axes.") {
                why = Self.obstacle(Self.axis(gas, earlier), Self.axis(gas, wider), in: source)
            } else if let quantity = key.suffix(after: "limits.") {
                why = Self.obstacle(Self.limit(quantity, earlier), Self.limit(quantity, wider))
            } else {
                why =
                    key == "axes"
                    ? "gases and order of the axes must stay the same" : "only axes and limits may be widened"
            }
            return why.map { "\(new.difference(at: key, from: old, in: source)); \($0)" }
        }
    }

    private static func obstacle(_ old: Axis?, _ new: Axis?, in source: String) -> String? {
        guard let old, let new else { return "gases and order of the axes must stay the same" }
        guard old.values[old.origin] == new.values[new.origin] else { return "the origin must stay the same" }
        let kept = Set(new.values)
        let missing = old.values.filter { !kept.contains($0) }
        guard let first = missing.first else { return nil }
        return missing.count == 1
            ? "\(first) of \(source) is missing"
            : "\(missing.count) values of \(source) are missing, the first \(first)"
    }

    private static func obstacle(_ old: StabilityLimit?, _ new: StabilityLimit?) -> String? {
        guard let new else { return nil }
        guard let old else { return "a new limit narrows what is stable" }
        guard old.unit == new.unit else { return "the unit must stay the same" }
        return new.values.contains(old.values) ? nil : "the new range must contain the old one"
    }

    private static func axis(_ gas: Substring, _ experiment: Experiment) -> Axis? {
        experiment.lattice.axes.first { $0.gas.formula == gas }
    }

    private static func limit(_ quantity: Substring, _ experiment: Experiment) -> StabilityLimit? {
        experiment.limits.first { $0.quantity == quantity }
    }
}

extension String {
    /// Returns what follows `prefix`; `nil` when the text does not begin with it.
    fileprivate func suffix(after prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
}
