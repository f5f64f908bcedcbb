internal import Atmospheres
internal import Glibc

/// Foretells the temperatures of a point from the solved points on the way to it: level by level, linear in the
/// logarithms of the mixing ratios around the parent.
///
/// The climate model lays its pressure grid by the surface temperature that it starts with, and its stratosphere is
/// slower than its surface: a start near the answer saves passes.
enum AtmosForecast {
    /// Weight of the belief that a gas without an effect seen so far has none.
    private static let damping = 1e-2
    /// Further than this from the parent's no level is foretold, K: the way is then no longer straight.
    private static let furthest = 15.0

    /// - Parameters:
    ///   - trail: solved points, the parent first.
    ///   - target: mixing ratios of the point, in the order of the trail's.
    /// - Returns: K, one a level; the parent's where nothing else is known, `nil` without a parent.
    static func temperature(_ trail: [AtmosSolution.Ancestor], at target: [Double]) -> [Double]? {
        guard let parent = trail.first else { return nil }
        let gases = target.count
        func step(to ratios: [Double]) -> [Double] {
            zip(ratios, parent.mixingRatios).map {
                log(max($0, Composition.logFloor)) - log(max($1, Composition.logFloor))
            }
        }
        // Least squares with weights 1/distance^2, damped: (sum w d d' + damping) s = sum w d dT at each level. The
        // answer is linear in the ancestors' dT, so one solution of the system serves all levels.
        let ancestors = trail.dropFirst().map { (d: step(to: $0.mixingRatios), temperature: $0.temperature) }
            .filter { $0.temperature.count == parent.temperature.count && $0.d.contains { $0 != 0 } }
        var matrix = (0..<gases).map { row in (0..<gases).map { $0 == row ? damping : 0 } }
        for (d, _) in ancestors {
            let weight = 1 / squared(d)
            for row in 0..<gases {
                for column in 0..<gases { matrix[row][column] += weight * d[row] * d[column] }
            }
        }
        let shares = solve(matrix, step(to: target))
        var change = [Double](repeating: 0, count: parent.temperature.count)
        for (d, temperature) in ancestors {
            let weight = zip(shares, d).reduce(0) { $0 + $1.0 * $1.1 } / squared(d)
            for level in change.indices { change[level] += weight * (temperature[level] - parent.temperature[level]) }
        }
        let scale = furthest / max(furthest, change.reduce(0) { max($0, abs($1)) })
        return zip(parent.temperature, change).map { $0 + scale * $1 }
    }

    private static func squared(_ d: [Double]) -> Double { d.reduce(0) { $0 + $1 * $1 } }

    /// Gaussian elimination of a symmetric positive definite system.
    private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        var (matrix, right) = (matrix, right)
        let count = right.count
        for pivot in 0..<count {
            for row in pivot + 1..<max(count, pivot + 1) {
                let factor = matrix[row][pivot] / matrix[pivot][pivot]
                for column in pivot..<count { matrix[row][column] -= factor * matrix[pivot][column] }
                right[row] -= factor * right[pivot]
            }
        }
        for row in (0..<count).reversed() {
            for column in row + 1..<max(count, row + 1) { right[row] -= matrix[row][column] * right[column] }
            right[row] /= matrix[row][row]
        }
        return right
    }
}
