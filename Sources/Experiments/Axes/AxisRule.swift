import Atmospheres
import Exploration

/// How an experiment file gives the values of a gas. Every rule yields a finite ascending list that contains the
/// origin's value.
public enum AxisRule: Sendable, Equatable {
    /// `linear: {from: 0.01, to: 0.5, step: 0.01}`. The grid runs through the origin: origin + k x step for every
    /// whole k, as far as the bounds allow. The origin is therefore never off it.
    case linear(from: Double, to: Double, step: Double)

    /// `log: {from: 1e-5, to: 0.5, per_decade: 8}`. The grid runs through the origin: origin x 10^(k / perDecade) for
    /// every whole k, as far as the bounds allow. Values are rounded to 12 significant digits, so that they do not
    /// depend on the last bit of a processor's `pow`.
    case logPerDecade(from: Double, to: Double, perDecade: Int)

    /// `log: {from: 1e-5, to: 1e-1, count: 9}`. Both bounds belong to the grid, with equal ratios between; the origin
    /// must be one of the values (to a relative 1e-9).
    case logCount(from: Double, to: Double, count: Int)

    /// `values: [1e-4, 4e-4, 1e-3]`. Ascending; the origin must be one of them.
    case values

    /// `piecewise: {from: 0, steps: [{step: 0.001, to: 0.01}, {step: 0.01, to: 0.1}]}`. Steps that change along the
    /// axis: each begins where the one before ended. The origin must be one of the values.
    case piecewise(from: Double, steps: [Segment])

    /// `pyatmos: {step: 0.01, to: 0.5}`. The rule of the PyATMOS campaign of 2018: from any point,
    /// value' = round(value / step + offset) x step, value' > 0, so that the first move snaps an off-grid Earth value
    /// to the grid.
    ///
    /// As a list: the positive multiples of the step up to `to`, with the origin in place of the multiple that it
    /// rounds to (ties to even, as Python's `round`). Indices around the origin then give the campaign's neighbours:
    /// CO2 4e-4 with step 0.01 rounds to 0, and 1 and 2 steps lead to 0.01 and 0.02, none down; H2O 0.0123 rounds to
    /// 1, and 1 and 2 steps lead to 0.02 and 0.03, none down, since 0 is discarded; O2 0.21 is on the grid. Two
    /// things differ from the campaign, and both save points that differ from the origin's value by less than half a
    /// step: the multiple that the origin replaces (H2O 0.01) is not a point, and a walk may return to the origin's
    /// value where the campaign's could not.
    case pyatmos(step: Double, to: Double)

    /// One stretch of a piecewise axis.
    public struct Segment: Sendable, Equatable {
        /// The distance between two values.
        public let step: Double
        /// The value at which the stretch ends.
        public let to: Double
    }

    /// The most values that an axis may have.
    static let maximumCount = 1_000_000

    /// The keys of the rules.
    private enum Key: String, CaseIterable {
        case linear, log, values, piecewise, pyatmos
    }

    /// Reads the rule of `gas` and lays out its values.
    static func read(
        _ setting: Setting, gas: Gas, origin: ExactDecimal
    ) throws(ExperimentError) -> (rule: AxisRule, axis: Axis) {
        let names = Key.allCases.map(\.rawValue)
        let section = try Section(setting, keys: names)
        guard section.entries.count == 1, let (name, value) = section.entries.first, let key = Key(rawValue: name)
        else {
            throw setting.error(
                "needs exactly one rule; write one of \(names.joined(separator: ", ")), "
                    + "such as {log: {from: 1e-5, to: 0.1, per_decade: 8}}")
        }
        let grid = AxisGrid(gas: gas, origin: origin, setting: value)
        let (rule, values): (AxisRule, [Double])
        switch key {
        case .linear: (rule, values) = try grid.linear()
        case .log: (rule, values) = try grid.log()
        case .values: (rule, values) = try (.values, grid.explicit())
        case .piecewise: (rule, values) = try grid.piecewise()
        case .pyatmos: (rule, values) = try grid.pyatmos()
        }
        guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw value.error("gives values closer together than 64-bit numbers can distinguish; use a larger step")
        }
        guard let index = values.firstIndex(of: origin.value) else {
            preconditionFailure("every rule puts the origin on its axis")
        }
        guard values.count > 1 else {
            throw value.error(
                "leaves \(gas) only its origin value \(origin.value); "
                    + "widen the axis, or remove it to hold \(gas) constant"
            )
        }
        return (rule, Axis(gas, values: values, origin: index))
    }
}

extension AxisRule: CustomStringConvertible {
    /// The rule in words.
    public var description: String {
        switch self {
        case .linear(let from, let to, let step): "linear through the origin, step \(step), within \(from) ... \(to)"
        case .logPerDecade(let from, let to, let perDecade):
            "logarithmic through the origin, \(perDecade) per decade, within \(from) ... \(to)"
        case .logCount(let from, let to, let count): "logarithmic, \(count) values from \(from) to \(to)"
        case .values: "as listed"
        case .piecewise(let from, let steps):
            "from \(from), " + steps.map { "step \($0.step) to \($0.to)" }.joined(separator: ", ")
        case .pyatmos(let step, let to): "PyATMOS: the origin, then multiples of \(step) up to \(to)"
        }
    }
}
