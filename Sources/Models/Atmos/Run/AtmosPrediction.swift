internal import Atmospheres
internal import Exploration
internal import Glibc

/// Predicts the temperatures of a point from the solved points on the way to it: level by level, linear in the
/// logarithms of the mixing ratios around the parent.
///
/// The climate model derives its pressure grid from the surface temperature that it starts with, and its stratosphere
/// converges more slowly than its surface: a start near the solution saves passes.
enum AtmosPrediction {
    /// The weight of the prior that a gas whose effect has not been seen yet has none.
    private static let damping = 1e-2
    /// The largest difference from the parent that is predicted for any level, K; beyond it, linearity cannot be
    /// assumed.
    private static let largestChange = 15.0

    /// Predicts the temperature of each level, K.
    ///
    /// - Parameters:
    ///   - trail: solved points, the parent first.
    ///   - target: the mixing ratios of the point, in the order of the trail's.
    /// - Returns: the parent's temperatures if nothing else is known; `nil` without a parent.
    static func temperature(_ trail: [AtmosSolution.Ancestor], at target: [Double]) -> [Double]? {
        guard let parent = trail.first else { return nil }
        let gases = target.count
        func step(to ratios: [Double]) -> [Double] {
            (0..<gases).map { logarithm(ratios[$0]) - logarithm(parent.mixingRatios[$0]) }
        }
        // Least squares with weights 1/distance^2, damped: (sum w d d' + damping) s = sum w d dT at each level. The
        // solution is linear in the ancestors' dT, so that the system is solved once for all levels.
        let ancestors = trail.dropFirst().map { (d: step(to: $0.mixingRatios), temperature: $0.temperature) }
            .filter { $0.temperature.count == parent.temperature.count && $0.d.contains { $0 != 0 } }
        var matrix = [Double](repeating: 0, count: gases * gases)
        for gas in 0..<gases { matrix[gas * gases + gas] = damping }
        for (d, _) in ancestors {
            let weight = 1 / squaredLength(d)
            for row in 0..<gases {
                for column in 0..<gases { matrix[row * gases + column] += weight * d[row] * d[column] }
            }
        }
        var shares = step(to: target)
        LinearSystem(matrix, size: gases).solve(&shares)
        var change = [Double](repeating: 0, count: parent.temperature.count)
        for (d, temperature) in ancestors {
            let weight = zip(shares, d).reduce(0) { $0 + $1.0 * $1.1 } / squaredLength(d)
            for level in change.indices { change[level] += weight * (temperature[level] - parent.temperature[level]) }
        }
        let scale = largestChange / max(largestChange, change.reduce(0) { max($0, abs($1)) })
        return zip(parent.temperature, change).map { $0 + scale * $1 }
    }

    private static func logarithm(_ ratio: Double) -> Double { log(max(ratio, Composition.logFloor)) }

    private static func squaredLength(_ d: [Double]) -> Double { d.reduce(0) { $0 + $1 * $1 } }
}
