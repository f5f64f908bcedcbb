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
    private var matrix: [Double] = []
    private var pivots: [Int] = []
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
        matrix.removeAll(keepingCapacity: true)
        matrix.append(contentsOf: repeatElement(0, count: size * size))
        for i in 0..<count {
            for j in 0..<i {
                let value = kernelValue(squaredDistance(i, j))
                matrix[i * size + j] = value
                matrix[j * size + i] = value
            }
            matrix[i * size + i] = smoothing
            matrix[i * size + count] = 1
            matrix[count * size + i] = 1
            for axis in 0..<dimensions {
                let place = self.places[i * dimensions + axis]
                matrix[i * size + count + 1 + axis] = place
                matrix[(count + 1 + axis) * size + i] = place
            }
        }
        // Places in one plane leave a slope undetermined: the smallest is taken.
        for row in count..<size { matrix[row * size + row] = -1e-9 }
        factorise(size)
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
        copy.matrix = []
        copy.pivots = []
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

    /// LU factors of the matrix by Gaussian elimination with partial pivoting, in place.
    private mutating func factorise(_ size: Int) {
        pivots.removeAll(keepingCapacity: true)
        // The inner loops of every prediction: without checks of bounds they take half the time.
        matrix.withUnsafeMutableBufferPointer { matrix in
            for k in 0..<size {
                var pivot = k
                for i in k..<size where abs(matrix[i * size + k]) > abs(matrix[pivot * size + k]) { pivot = i }
                pivots.append(pivot)
                if pivot != k { for j in 0..<size { matrix.swapAt(k * size + j, pivot * size + j) } }
                let diagonal = matrix[k * size + k]
                guard diagonal != 0 else { continue }
                for i in k + 1..<max(size, k + 1) {
                    let factor = matrix[i * size + k] / diagonal
                    matrix[i * size + k] = factor
                    guard factor != 0 else { continue }
                    for j in k + 1..<max(size, k + 1) { matrix[i * size + j] -= factor * matrix[k * size + j] }
                }
            }
        }
    }

    /// Solves for the weights and the tail, the matrix factorised.
    private mutating func solve(_ values: [Double]) {
        let size = count + 1 + dimensions
        let columns = columns
        solution.removeAll(keepingCapacity: true)
        solution += values
        solution += repeatElement(0, count: (1 + dimensions) * columns)
        solution.withUnsafeMutableBufferPointer { solution in
            matrix.withUnsafeBufferPointer { matrix in
                for column in 0..<columns {
                    for k in 0..<size where pivots[k] != k {
                        solution.swapAt(k * columns + column, pivots[k] * columns + column)
                    }
                    for i in 1..<size {
                        var sum = solution[i * columns + column]
                        for j in 0..<i { sum -= matrix[i * size + j] * solution[j * columns + column] }
                        solution[i * columns + column] = sum
                    }
                    for k in (0..<size).reversed() {
                        var sum = solution[k * columns + column]
                        for j in k + 1..<max(size, k + 1) {
                            sum -= matrix[k * size + j] * solution[j * columns + column]
                        }
                        let diagonal = matrix[k * size + k]
                        solution[k * columns + column] = diagonal == 0 ? 0 : sum / diagonal
                    }
                }
            }
        }
    }
}
