import Experiments
import Exploration
import Testing

@Suite struct AxisRuleTests {
    /// The axis of CO2 by `rule`, from an origin of `origin`.
    func axis(_ rule: String, origin: String) throws(ExperimentError) -> Axis {
        try read("title: a\norigin: {CO2: \(origin)}\naxes:\n  CO2: \(rule)\nmodel: energy-balance").lattice.axes[0]
    }

    @Test(
        "A rule gives exactly these values",
        arguments: [
            ("{linear: {from: 0.01, to: 0.07, step: 0.01}}", "0.03", [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07], 2),
            ("{linear: {from: 0, to: 0.3, step: 0.1}}", "0.2", [0, 0.1, 0.2, 0.3], 2),
            ("{linear: {from: 0, to: 0.035, step: 0.01}}", "4e-4", [4e-4, 0.0104, 0.0204, 0.0304], 0),
            (
                "{linear: {from: 100 ppm, to: 600 ppm, step: 100 ppm}}", "0.04%", [1e-4, 2e-4, 3e-4, 4e-4, 5e-4, 6e-4],
                3
            ),
            ("{log: {from: 1e-5, to: 0.5, per_decade: 1}}", "4e-4", [4e-5, 4e-4, 4e-3, 4e-2, 0.4], 1),
            ("{log: {from: 4e-5, to: 4e-3, per_decade: 1}}", "4e-4", [4e-5, 4e-4, 4e-3], 1),
            ("{log: {from: 1e-4, to: 1e-3, per_decade: 2}}", "1e-4", [1e-4, 3.16227766017e-4, 1e-3], 0),
            ("{log: {from: 1e-5, to: 1e-1, count: 5}}", "1e-3", [1e-5, 1e-4, 1e-3, 1e-2, 1e-1], 2),
            ("{log: {from: 1e-5, to: 1e-3, count: 2}}", "1e-3", [1e-5, 1e-3], 1),
            ("{values: [1e-4, 4e-4, 0.5]}", "4e-4", [1e-4, 4e-4, 0.5], 1),
            ("{values: [0, 0.0004]}", "400 ppm", [0, 4e-4], 1),
            (
                "{piecewise: {from: 0.001, steps: [{step: 0.001, to: 0.003}, {step: 0.01, to: 0.033}]}}", "0.002",
                [0.001, 0.002, 0.003, 0.013, 0.023, 0.033], 1
            ),
            ("{pyatmos: {step: 0.01, to: 0.05}}", "4e-4", [4e-4, 0.01, 0.02, 0.03, 0.04, 0.05], 0),
            ("{pyatmos: {step: 0.01, to: 0.05}}", "0.0123", [0.0123, 0.02, 0.03, 0.04, 0.05], 0),
            ("{pyatmos: {step: 0.01, to: 0.055}}", "0.03", [0.01, 0.02, 0.03, 0.04, 0.05], 2),
            ("{pyatmos: {step: 0.01, to: 0.05}}", "0.0271", [0.01, 0.02, 0.0271, 0.04, 0.05], 2),
            ("{pyatmos: {step: 0.005, to: 0.01}}", "1.63e-6", [1.63e-6, 0.005, 0.01], 0),
            ("{pyatmos: {step: 0.01, to: 0.049}}", "0.048", [0.01, 0.02, 0.03, 0.04, 0.048], 4),
            // A tie goes to the even multiple, as Python's round does: 0.025 takes the place of 0.02.
            ("{pyatmos: {step: 0.01, to: 0.04}}", "0.025", [0.01, 0.025, 0.03, 0.04], 1),
        ])
    func values(rule: String, origin: String, values: [Double], index: Int) throws {
        let axis = try axis(rule, origin: origin)
        #expect(axis.values == values)
        #expect(axis.origin == index)
    }

    @Test("Multiples of a step are the doubles nearest to their decimals") func decimals() throws {
        let axis = try axis("{pyatmos: {step: 0.01, to: 0.99}}", origin: "0.5")
        let decimals = (1...99).map { $0 < 10 ? "0.0\($0)" : "0.\($0)" }
        #expect(axis.values == decimals.compactMap(Double.init))
        #expect(axis.values[34] == 0.35, "35 * 0.01 would be 0.35000000000000003")
    }

    @Test(
        "From any point of the axis, steps lead where PyATMOS's rule leads",
        arguments: [(0.0004, 0.01), (0.0123, 0.01), (0.21, 0.01), (1.63e-6, 0.005), (8.13e-8, 0.005)])
    func pyatmosNeighbours(origin: Double, step: Double) throws {
        let axis = try axis("{pyatmos: {step: \(step), to: 0.5}}", origin: "\(origin)")
        let replaced = (origin / step).rounded(.toNearestOrEven) * step
        for (index, value) in axis.values.enumerated() {
            for offset in [-2, -1, 1, 2] {
                let theirs = ((value / step).rounded(.toNearestOrEven) + Double(offset)) * step
                guard theirs < 0.5 + step / 2 else { continue }
                guard axis.values.indices.contains(index + offset) else {
                    #expect(theirs < step / 2, "PyATMOS discards it too")
                    continue
                }
                let ours = axis.values[index + offset]
                // The origin stands for the multiple that it rounds to, even when that is 0.
                #expect(abs(ours - theirs) < 1e-12 || (ours == origin && abs(theirs - replaced) < 1e-12))
            }
        }
    }

    @Test("A logarithmic axis holds the origin bit for bit and has equal ratios") func logarithmic() throws {
        let axis = try axis("{log: {from: 1e-6, to: 0.9, per_decade: 7}}", origin: "1.63e-6")
        #expect(axis.values[axis.origin] == 1.63e-6)
        #expect(axis.values[0] >= 1e-6 && axis.values[axis.count - 1] <= 0.9)
        #expect(axis.values[0] / 1.3894954943731375 < 1e-6, "one more step down would leave the bounds")
        for (a, b) in zip(axis.values, axis.values.dropFirst()) {
            #expect(abs(b / a - 1.3894954943731375) < 1e-10)
        }
    }

    @Test(
        "An axis that cannot be laid out says why, with the line",
        arguments: [
            ("{linear: {from: 0.01, to: 0.1, step: 0.01}}", "4e-4", ["without the origin's CO2, 0.0004", "widen it"]),
            ("{linear: {from: 0.1, to: 0.01, step: 0.01}}", "0.05", ["from 0.1 to 0.01", "no values"]),
            ("{linear: {from: 0, to: 0.1, step: 0}}", "0.05", ["linear.step", "more than 0"]),
            ("{linear: {from: 0, to: 0.1, step: -0.01}}", "0.05", ["linear.step", "more than 0"]),
            ("{linear: {from: 0, to: 0.1, step: .nan}}", "0.05", ["linear.step", "'.nan'", "not a finite number"]),
            ("{linear: {from: 0, to: .inf, step: 0.1}}", "0.05", ["linear.to", "'.inf'", "not a finite number"]),
            ("{linear: {from: 0, to: 1.1, step: 0.1}}", "0.05", ["linear.to", "between 0 and 1"]),
            ("{linear: {from: 0, to: 0.1}}", "0.05", ["axes.CO2.linear has no 'step'"]),
            ("{linear: {from: 0, to: 1, step: 1e-9}}", "0.05", ["1000000001 values", "larger step"]),
            ("{linear: {from: 0, to: 0.5, step: 0.4}}", "0.2", ["only its origin value 0.2"]),
            ("{linear: {from: 1e-60, to: 0.1, step: 0.1}}", "0.05", ["more than 36 digits apart"]),
            ("{log: {from: 0, to: 0.1, per_decade: 8}}", "0.05", ["log starts at 0"]),
            ("{linear: {from: 0.5, to: 0.6, step: 1e-20}}", "0.5", ["10000000000000000001 values"]),
            ("{linear: {from: 0.5, to: 0.50000000000000000003, step: 1e-20}}", "0.5", ["runs from 0.5 to 0.5"]),
            (
                "{piecewise: {from: 0.5, steps: [{step: 1e-20, to: 0.50000000000000000003}]}}", "0.5",
                ["closer together"]
            ),
            ("{log: {from: 1e-400, to: 0.1, per_decade: 8}}", "0.05", ["log starts at 0"]),
            ("{log: {from: 1e-323, to: 0.1, per_decade: 1000}}", "0.05", ["closer together"]),
            ("{log: {from: 1e-3, to: 1.00000000000001e-3, count: 9}}", "1e-3", ["closer together"]),
            ("{log: {from: 1e-5, to: 0.1}}", "0.05", ["'per_decade'", "'count'"]),
            ("{log: {from: 1e-5, to: 0.1, per_decade: 8, count: 9}}", "0.05", ["'per_decade'", "'count'"]),
            ("{log: {from: 1e-5, to: 0.1, per_decade: 0}}", "0.05", ["whole number from 1 to 1000"]),
            ("{log: {from: 1e-5, to: 0.1, per_decade: 2.5}}", "0.05", ["whole number from 1 to 1000"]),
            (
                "{log: {from: 1e-5, to: 1e-1, count: 5}}", "4e-4",
                ["origin's CO2, 0.0004", "0.0001 and 0.001", "per_decade"]
            ),
            ("{values: [1e-4, 1e-3]}", "4e-4", ["origin's CO2, 0.0004", "0.0001 and 0.001", "add it"]),
            ("{values: [1e-3, 1e-2]}", "4e-4", ["(nearest: 0.001)"]),
            ("{values: []}", "4e-4", ["empty list"]),
            ("{values: 4e-4}", "4e-4", ["'4e-4'", "list"]),
            ("{values: [4e-4, 1e-4]}", "4e-4", ["values[2] is 0.0001, after 0.0004", "ascending"]),
            ("{values: [4e-4, 4e-4]}", "4e-4", ["ascending"]),
            ("{values: [4e-4, [1e-3]]}", "4e-4", ["values[2] is a list"]),
            ("{values: [4e-4]}", "4e-4", ["only its origin value"]),
            ("{piecewise: {from: 0, steps: []}}", "0.1", ["empty list"]),
            ("{piecewise: {from: 0, steps: [{step: 0.03, to: 0.1}]}}", "0.03", ["not a whole number of steps"]),
            ("{piecewise: {from: 0.1, steps: [{step: 0.01, to: 0.1}]}}", "0.1", ["not a whole number of steps"]),
            ("{piecewise: {from: 0, steps: [{step: 0.1, to: 0.5}]}}", "0.15", ["0.15 (nearest: 0.1 and 0.2)"]),
            ("{pyatmos: {step: 0.01, to: 0.1}}", "0.2", ["ends at 0.1", "starts at 0.2"]),
            ("{pyatmos: {step: 0.01, to: 0.1}}", "0", ["above 0"]),
            ("{step: {from: 0, to: 0.1}}", "0.05", ["unknown key 'step'", "linear, log, values, piecewise, pyatmos"]),
            ("{lineer: {from: 0, to: 0.1}}", "0.05", ["did you mean 'linear'?"]),
            ("{values: [0.1], log: {from: 0, to: 0.1}}", "0.1", ["exactly one rule"]),
            ("0.1", "0.1", ["axes.CO2 is not a mapping"]),
        ])
    func bad(rule: String, origin: String, parts: [String]) throws {
        let error = #expect(throws: ExperimentError.self) { try axis(rule, origin: origin) }
        #expect(error?.line == 4)
        for part in parts { #expect(error?.description.contains(part) == true, "\(part) in: \(error!)") }
    }
}
