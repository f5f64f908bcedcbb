internal import Glibc

/// Foretells the surface temperature of a point from the solved points on the way to it: linear in the logarithms of
/// the mixing ratios around the parent.
///
/// The climate model lays its pressure grid by the surface temperature that it starts with, so that a start near the
/// answer saves a pass.
enum AtmosForecast {
    /// The mixing ratio that stands for 0 in logarithms.
    private static let floor = 1e-13
    /// Weight of the belief that a gas without an effect seen so far has none.
    private static let damping = 1e-2
    /// Further than this from the parent's nothing is foretold, K: the way is then no longer straight.
    private static let furthest = 15.0

    /// - Parameters:
    ///   - trail: solved points, the parent first.
    ///   - target: mixing ratios of the point, in the order of the trail's.
    /// - Returns: K; the parent's where nothing is known.
    static func surfaceTemperature(_ trail: [AtmosSolution.Ancestor], at target: [Double]) -> Double? {
        guard let parent = trail.first else { return nil }
        let gases = target.count
        func step(to ratios: [Double]) -> [Double] {
            (0..<gases).map { log(max(ratios[$0], floor)) - log(max(parent.mixingRatios[$0], floor)) }
        }
        // Least squares with weights 1/distance^2, damped: (sum w d d' + damping) s = sum w d dT.
        var matrix = (0..<gases).map { row in (0..<gases).map { $0 == row ? damping : 0 } }
        var right = [Double](repeating: 0, count: gases)
        for ancestor in trail.dropFirst() {
            let d = step(to: ancestor.mixingRatios)
            let length = d.reduce(0) { $0 + $1 * $1 }
            guard length > 0 else { continue }
            let weight = 1 / length
            for row in 0..<gases {
                for column in 0..<gases { matrix[row][column] += weight * d[row] * d[column] }
                right[row] += weight * d[row] * (ancestor.surfaceTemperature - parent.surfaceTemperature)
            }
        }
        let slopes = solve(&matrix, &right)
        let change = zip(slopes, step(to: target)).reduce(0) { $0 + $1.0 * $1.1 }
        return parent.surfaceTemperature + min(max(change, -furthest), furthest)
    }

    /// Gaussian elimination of a symmetric positive definite system.
    private static func solve(_ matrix: inout [[Double]], _ right: inout [Double]) -> [Double] {
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
