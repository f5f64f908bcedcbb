/// A polyharmonic spline with a linear tail through values at scattered places: s(x) = sum w_i |x - x_i|^3 + a + b.x.
///
/// Duchon 1977, "Splines minimizing rotation-invariant semi-norms in Sobolev spaces"; as a model of an expensive
/// function between its evaluations: Gutmann 2001, J. Global Optim. 19, 201-227; as an implicit surface: Carr et al.
/// 2001, SIGGRAPH, 67-76. It needs no length scale, and reproduces linear functions.
struct PolyharmonicSpline: Sendable {
    private let dimensions: Int
    private let columns: Int
    private var count = 0
    /// Places relative to `centre`, in units of `scale`; shape (count, dimensions).
    private var places: [Double] = []
    private var centre: [Double] = []
    private var scale = 1.0
    private var system = LinearSystem()
    /// Weights, then the tail's constant and slopes; shape (count + 1 + dimensions, columns).
    private var solution: [Double] = []

    /// - Parameter columns: functions that are fitted at the same places.
    init(dimensions: Int, columns: Int) {
        self.dimensions = dimensions
        self.columns = columns
    }

    /// Fits the spline.
    ///
    /// - Parameters:
    ///   - places: shape (points, dimensions).
    ///   - values: shape (points, columns).
    ///   - smoothing: 0 to pass through every value; more to pass by them.
    ///   - centre: where the spline will be evaluated, about.
    ///   - scale: distance to the farthest place, about.
    mutating func fit(
        _ places: [Double], _ values: [Double], smoothing: Double, centre: [Double], scale: Double
    ) {
        count = places.count / dimensions
        self.centre = centre
        self.scale = scale
        self.places.removeAll(keepingCapacity: true)
        for i in places.indices { self.places.append((places[i] - centre[i % dimensions]) / scale) }
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
                let place = self.places[i * dimensions + axis]
                system.matrix[i * size + count + 1 + axis] = place
                system.matrix[(count + 1 + axis) * size + i] = place
            }
        }
        // Places in one plane leave a slope undetermined: the smallest is taken.
        for row in count..<size { system.matrix[row * size + row] = -1e-9 }
        system.factorise()
        solve(values)
    }

    /// Fits the smoothest spline with `sign x s >= 1/2` at every place, as far as the smoothing allows: a support vector
    /// machine with a quadratic penalty on what falls short (Cortes & Vapnik 1995, Machine Learning 20, 273-297).
    ///
    /// Each iteration fits the values that the one before it left: a value beyond the margin on its own side is as good
    /// as the margin. The matrix is factorised once.
    ///
    /// - Parameters:
    ///   - places: shape (points, dimensions).
    ///   - signs: of every place, +1 or -1.
    mutating func separate(
        _ places: [Double], _ signs: [Double], smoothing: Double, centre: [Double], scale: Double,
        iterations: Int
    ) {
        var targets = signs.map { $0 * Self.margin }
        fit(places, targets, smoothing: smoothing, centre: centre, scale: scale)
        for _ in 0..<iterations {
            var change = 0.0
            for i in 0..<count {
                // The fit at a place of its own is the target less the smoothing's part.
                let value = targets[i] - smoothing * solution[i]
                let target = signs[i] * max(Self.margin, signs[i] * value)
                change = max(change, abs(target - targets[i]))
                targets[i] = target
            }
            if change < 1e-3 * Self.margin { return }
            solve(targets)
        }
    }

    /// The spline without what only fitting needs.
    var fitted: PolyharmonicSpline {
        var copy = self
        copy.system = LinearSystem()
        return copy
    }

    private static let margin = 0.5

    /// The spline of every column at `place`.
    func evaluate(at place: [Double], into result: inout [Double]) {
        for column in 0..<columns { result[column] = solution[count * columns + column] }
        for axis in 0..<dimensions {
            let x = (place[axis] - centre[axis]) / scale
            for column in 0..<columns { result[column] += x * solution[(count + 1 + axis) * columns + column] }
        }
        for i in 0..<count {
            var sum = 0.0
            for axis in 0..<dimensions {
                let difference = (place[axis] - centre[axis]) / scale - places[i * dimensions + axis]
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
            let difference = places[i * dimensions + axis] - places[j * dimensions + axis]
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
