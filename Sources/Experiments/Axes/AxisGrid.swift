import Atmospheres
import Exploration
import Foundation

/// Computes the values of one axis from its rule's settings: volume mixing ratios, ascending. The origin's is one of
/// them, bit for bit.
struct AxisGrid {
    let gas: Gas
    let origin: ExactDecimal
    let setting: Setting

    func linear() throws(ExperimentError) -> (AxisRule, [Double]) {
        let section = try Section(setting, keys: ["from", "to", "step"])
        let (from, to) = try bounds(of: section)
        let step = try step(of: section)
        let (grid, exponent) = try aligned([origin, step, from, to])
        let (down, up) = ((grid[0] - grid[2]) / grid[1], (grid[3] - grid[0]) / grid[1])
        try checkCount(down + up + 1, setting)
        let values = (-down...up).map { ExactDecimal.value(grid[0] + $0 * grid[1], exponent) }
        return (.linear(from: from.value, to: to.value, step: step.value), values)
    }

    func log() throws(ExperimentError) -> (AxisRule, [Double]) {
        let section = try Section(setting, keys: ["from", "to", "per_decade", "count"])
        let (from, to) = try bounds(of: section)
        guard from.value > 0 else {
            throw setting.error("starts at 0, which a logarithmic axis cannot reach; give 'from' a positive number")
        }
        switch (section["per_decade"], section["count"]) {
        case (let perDecade?, nil):
            return try logThroughOrigin(from: from, to: to, perDecade: perDecade.integer(in: 1...1000))
        case (nil, let count?):
            return try log(from: from, to: to, count: count.integer(in: 2...AxisRule.maximumCount))
        default:
            throw setting.error(
                "needs either 'per_decade', for a grid through the origin, or 'count'; give one of them")
        }
    }

    private func logThroughOrigin(
        from: ExactDecimal, to: ExactDecimal, perDecade: Int
    ) throws(ExperimentError) -> (AxisRule, [Double]) {
        let count = Double(perDecade)
        // The 1e-9 includes a bound at a whole number of steps that the logarithm's rounding would miss.
        let down = Int((count * (log10(origin.value) - log10(from.value)) + 1e-9).rounded(.down))
        let up = Int((count * (log10(to.value) - log10(origin.value)) + 1e-9).rounded(.down))
        try checkCount(Int128(down + up + 1), setting)
        let values = (-down...up).map { k in
            k % perDecade == 0
                ? ExactDecimal.value(origin.significand, origin.exponent + k / perDecade)
                : (origin.value * pow(10, Double(k) / count)).roundedTo12Digits
        }
        return (.logPerDecade(from: from.value, to: to.value, perDecade: perDecade), values)
    }

    private func log(
        from: ExactDecimal, to: ExactDecimal, count: Int
    ) throws(ExperimentError) -> (AxisRule, [Double]) {
        let decades = log10(to.value) - log10(from.value)
        var values = (0..<count).map {
            (from.value * pow(10, decades * Double($0) / Double(count - 1))).roundedTo12Digits
        }
        values[0] = from.value
        values[count - 1] = to.value
        try placeOrigin(on: &values, advice: "write 'per_decade' instead of 'count' for a grid through the origin")
        return (.logCount(from: from.value, to: to.value, count: count), values)
    }

    func explicit() throws(ExperimentError) -> [Double] {
        let elements = try setting.list("a list of mixing ratios, ascending")
        try checkCount(Int128(elements.count), setting)
        var values: [Double] = []
        for element in elements {
            let value = try element.mixingRatio().value
            if let last = values.last, value <= last {
                throw element.error("is \(value), after \(last); list each value once, in ascending order")
            }
            values.append(value)
        }
        try placeOrigin(on: &values, advice: "add it to the list")
        return values
    }

    func piecewise() throws(ExperimentError) -> (AxisRule, [Double]) {
        let section = try Section(setting, keys: ["from", "steps"])
        let from = try section.required("from", "the value at which the axis begins").mixingRatio()
        let example = "a list such as [{step: 0.001, to: 0.01}, {step: 0.01, to: 0.1}]"
        var segments: [AxisRule.Segment] = []
        var values = [from.value]
        var end = from
        for element in try section.required("steps", example).list(example) {
            let segment = try Section(element, keys: ["step", "to"])
            let step = try step(of: segment)
            let toSetting = try segment.required("to", "the value at which this step ends")
            let to = try toSetting.mixingRatio()
            let (grid, exponent) = try aligned([end, step, to])
            let (steps, rest) = (grid[2] - grid[0]).quotientAndRemainder(dividingBy: grid[1])
            guard steps > 0, rest == 0 else {
                throw toSetting.error(
                    "is \(to.value), which is not a whole number of steps of \(step.value) above \(end.value); "
                        + "change 'to' or 'step'")
            }
            try checkCount(Int128(values.count) + steps, setting)
            values += (1...steps).map { ExactDecimal.value(grid[0] + $0 * grid[1], exponent) }
            segments.append(AxisRule.Segment(step: step.value, to: to.value))
            end = to
        }
        try placeOrigin(on: &values, advice: "shift 'from' or change the steps so that they meet it")
        return (.piecewise(from: from.value, steps: segments), values)
    }

    func pyatmos() throws(ExperimentError) -> (AxisRule, [Double]) {
        let section = try Section(setting, keys: ["step", "to"])
        let step = try step(of: section)
        let to = try section.required("to", "the largest value").mixingRatio()
        guard to.value >= origin.value, origin.significand > 0 else {
            throw setting.error(
                "ends at \(to.value) and \(gas) starts at \(origin.value); the origin must be above 0 and within")
        }
        let (grid, exponent) = try aligned([origin, step, to])
        var (nearest, rest) = grid[0].quotientAndRemainder(dividingBy: grid[1])
        rest = 2 * rest - grid[1]
        if rest > 0 || (rest == 0 && nearest % 2 == 1) { nearest += 1 }
        let count = grid[2] / grid[1]
        try checkCount(count + 1, setting)
        var multiples = (0...count).dropFirst().filter { $0 != nearest }.map { $0 * grid[1] }
        multiples.insert(grid[0], at: multiples.firstIndex { $0 > grid[0] } ?? multiples.endIndex)
        return (.pyatmos(step: step.value, to: to.value), multiples.map { ExactDecimal.value($0, exponent) })
    }

    // MARK: Shared by the rules

    private func bounds(of section: Section) throws(ExperimentError) -> (from: ExactDecimal, to: ExactDecimal) {
        let from = try section.required("from", "the smallest value").mixingRatio()
        let to = try section.required("to", "the largest value").mixingRatio()
        guard from.value < to.value else {
            throw setting.error(
                "runs from \(from.value) to \(to.value), so it has no values; 'from' must be less than 'to'")
        }
        let isLogCount = section["count"] != nil
        guard isLogCount || (from.value...to.value).contains(origin.value) else {
            throw setting.error(
                "runs from \(from.value) to \(to.value), without the origin's \(gas), \(origin.value); "
                    + "widen it or move the origin"
            )
        }
        return (from, to)
    }

    private func step(of section: Section) throws(ExperimentError) -> ExactDecimal {
        let setting = try section.required("step", "the distance between two values")
        let step = try setting.exact(.ratio)
        guard step.significand > 0 else { throw setting.error("is \(step.value); a step must be more than 0") }
        return step
    }

    private func aligned(
        _ numbers: [ExactDecimal]
    ) throws(ExperimentError) -> (multiples: [Int128], exponent: Int) {
        guard let result = ExactDecimal.aligned(numbers) else {
            throw setting.error("mixes numbers more than 36 digits apart; write coarser ones")
        }
        return result
    }

    private func checkCount(_ count: Int128, _ setting: Setting) throws(ExperimentError) {
        guard count <= AxisRule.maximumCount else {
            throw setting.error("gives \(gas) \(count) values, more than \(AxisRule.maximumCount); use a larger step")
        }
    }

    /// Replaces the value within a relative 1e-9 of the origin's by the origin's.
    private func placeOrigin(on values: inout [Double], advice: String) throws(ExperimentError) {
        let origin = origin.value
        if let index = values.firstIndex(where: { abs($0 - origin) <= 1e-9 * origin }) {
            values[index] = origin
            return
        }
        let around = [values.last { $0 < origin }, values.first { $0 > origin }].compactMap { $0?.description }
        throw setting.error(
            "does not contain the origin's \(gas), \(origin) (nearest: \(around.joined(separator: " and "))); \(advice)"
        )
    }
}
