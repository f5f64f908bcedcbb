/// A polyharmonic spline with a linear tail through values at scattered points: s(x) = sum w_i |x - x_i|^3 + a + b.x.
///
/// Duchon 1977, "Splines minimizing rotation-invariant semi-norms in Sobolev spaces"; as a model of an expensive
/// function between its evaluations: Gutmann 2001, J. Global Optim. 19, 201-227; as an implicit surface: Carr et al.
/// 2001, SIGGRAPH, 67-76. It needs no length scale, and reproduces linear functions.
struct PolyharmonicSpline: Sendable {
    private let dimensions: Int
    private let columns: Int
    private var count = 0
    /// Points relative to `centre`, in units of `scale`; shape (count, dimensions).
    private var points: [Double] = []
    private var centre: [Double] = []
    private var scale = 1.0
    private var system = LinearSystem()
    /// Weights, then the tail's constant and slopes; shape (count + 1 + dimensions, columns).
    private var solution: [Double] = []

    /// Creates a spline without points.
    ///
    /// - Parameters:
    ///   - dimensions: coordinates of a point.
    ///   - columns: functions that are fitted at the same points.
    init(dimensions: Int, columns: Int) {
        self.dimensions = dimensions
        self.columns = columns
    }

    /// Fits the spline.
    ///
    /// - Parameters:
    ///   - points: shape (points, dimensions).
    ///   - values: shape (points, columns).
    ///   - smoothing: 0 to pass through every value; more to pass near them.
    ///   - centre: about where the spline will be evaluated.
    ///   - scale: about the distance to the farthest point.
    mutating func fit(
        _ points: [Double], _ values: [Double], smoothing: Double, centre: [Double], scale: Double
    ) {
        count = points.count / dimensions
        self.centre = centre
        self.scale = scale
        self.points.removeAll(keepingCapacity: true)
        for i in points.indices { self.points.append((points[i] - centre[i % dimensions]) / scale) }
        let size = count + 1 + dimensions
        system.reset(size: size)
        for i in 0..<count {
            for j in 0..<i {
                let value = kernelValue(squaredDistance(i, j))
                system.matrix[i * size + j] = value
                system.matrix[j * size + i] = value
            }
            system.matrix[i * size + i] = smoothing
            system.matrix[i * size + count] = 1
            system.matrix[count * size + i] = 1
            for axis in 0..<dimensions {
                let point = self.points[i * dimensions + axis]
                system.matrix[i * size + count + 1 + axis] = point
                system.matrix[(count + 1 + axis) * size + i] = point
            }
        }
        // Points in one plane leave a slope undetermined: this takes the smallest.
        for row in count..<size { system.matrix[row * size + row] = -Self.tailRegularisation }
        system.factorise()
        solve(values)
    }

    /// Fits the smoothest spline with `sign x s >= 1/2` at every point, as far as the smoothing allows: a support vector
    /// machine with a quadratic penalty on what falls short (Cortes & Vapnik 1995, Machine Learning 20, 273-297).
    ///
    /// Each iteration fits the values that the one before it left: a value beyond the margin on its own side is as good
    /// as the margin. The matrix is factorised once.
    ///
    /// - Parameters:
    ///   - points: shape (points, dimensions).
    ///   - signs: of every point, +1 or -1.
    ///   - smoothing: more of it lets more points fall short.
    ///   - centre: about where the spline will be evaluated.
    ///   - scale: about the distance to the farthest point.
    ///   - iterations: at most.
    mutating func separate(
        _ points: [Double], _ signs: [Double], smoothing: Double, centre: [Double], scale: Double,
        iterations: Int
    ) {
        var targets = signs.map { $0 * Self.margin }
        fit(points, targets, smoothing: smoothing, centre: centre, scale: scale)
        for _ in 0..<iterations {
            var change = 0.0
            for i in 0..<count {
                // At one of its points, the fit is the target less what the smoothing takes.
                let value = targets[i] - smoothing * solution[i]
                let target = signs[i] * max(Self.margin, signs[i] * value)
                change = max(change, abs(target - targets[i]))
                targets[i] = target
            }
            if change < Self.tolerance * Self.margin { return }
            solve(targets)
        }
    }

    /// The spline without the memory that only fitting needs.
    var fitted: PolyharmonicSpline {
        var copy = self
        copy.system = LinearSystem()
        return copy
    }

    private static let margin = 0.5
    /// Change of the targets, in margins, at which the iteration ends.
    private static let tolerance = 1e-3
    /// Small beside the kernel's values, which are about 1.
    private static let tailRegularisation = 1e-9

    /// Evaluates the spline of every column at `point`.
    func evaluate(at point: [Double], into result: inout [Double]) {
        for column in 0..<columns { result[column] = solution[count * columns + column] }
        for axis in 0..<dimensions {
            let x = (point[axis] - centre[axis]) / scale
            for column in 0..<columns { result[column] += x * solution[(count + 1 + axis) * columns + column] }
        }
        for i in 0..<count {
            var sum = 0.0
            for axis in 0..<dimensions {
                let difference = (point[axis] - centre[axis]) / scale - points[i * dimensions + axis]
                sum += difference * difference
            }
            let value = kernelValue(sum)
            for column in 0..<columns { result[column] += value * solution[i * columns + column] }
        }
    }

    private func kernelValue(_ squared: Double) -> Double { squared * squared.squareRoot() }

    private func squaredDistance(_ i: Int, _ j: Int) -> Double {
        var sum = 0.0
        for axis in 0..<dimensions {
            let difference = points[i * dimensions + axis] - points[j * dimensions + axis]
            sum += difference * difference
        }
        return sum
    }

    /// Solves the factorised system for the weights and the tail.
    private mutating func solve(_ values: [Double]) {
        solution.removeAll(keepingCapacity: true)
        solution += values
        solution += repeatElement(0, count: (1 + dimensions) * columns)
        system.solve(&solution, columns: columns)
    }
}
