/// A square system of linear equations, solved by Gaussian elimination with partial pivoting.
///
/// The factors are kept, so that further right-hand sides cost only their substitution.
public struct LinearSystem: Sendable {
    /// Number of equations.
    public private(set) var size = 0

    /// The matrix, shape (size, size), row-major, until ``factorise()`` replaces it by its LU factors.
    public var matrix: [Double] = []

    /// The row that was swapped with row `k` in step `k`.
    private var pivots: [Int] = []

    /// Creates an empty system; see ``reset(size:)``.
    public init() {}

    /// Creates a system and factorises it.
    ///
    /// - Parameters:
    ///   - matrix: shape (size, size), row-major.
    ///   - size: number of equations.
    public init(_ matrix: [Double], size: Int) {
        precondition(matrix.count == size * size, "a square matrix")
        self.matrix = matrix
        self.size = size
        factorise()
    }

    /// Replaces the matrix by one of zeros, and reuses its memory.
    public mutating func reset(size: Int) {
        self.size = size
        matrix.removeAll(keepingCapacity: true)
        matrix.append(contentsOf: repeatElement(0, count: size * size))
    }

    /// Replaces the matrix by its LU factors.
    public mutating func factorise() {
        let size = size
        pivots.removeAll(keepingCapacity: true)
        // The inner loops of every prediction of a refinement: without bounds checks they take half the time.
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

    /// Replaces right-hand sides by the solutions of the factorised system.
    ///
    /// An unknown that a singular matrix leaves undetermined becomes 0.
    ///
    /// - Parameters:
    ///   - right: shape (size, columns), row-major.
    ///   - columns: number of right-hand sides.
    public func solve(_ right: inout [Double], columns: Int = 1) {
        precondition(right.count == size * columns && pivots.count == size, "right-hand sides of a factorised system")
        right.withUnsafeMutableBufferPointer { right in
            matrix.withUnsafeBufferPointer { matrix in
                for column in 0..<columns {
                    for k in 0..<size where pivots[k] != k {
                        right.swapAt(k * columns + column, pivots[k] * columns + column)
                    }
                    for i in 1..<max(size, 1) {
                        var sum = right[i * columns + column]
                        for j in 0..<i { sum -= matrix[i * size + j] * right[j * columns + column] }
                        right[i * columns + column] = sum
                    }
                    for k in (0..<size).reversed() {
                        var sum = right[k * columns + column]
                        for j in k + 1..<max(size, k + 1) {
                            sum -= matrix[k * size + j] * right[j * columns + column]
                        }
                        let diagonal = matrix[k * size + k]
                        right[k * columns + column] = diagonal == 0 ? 0 : sum / diagonal
                    }
                }
            }
        }
    }
}
