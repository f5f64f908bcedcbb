import SeededRandom
import TestSupport
import Testing

@testable import Exploration

@Suite("Linear system", .namesSeeds)
struct LinearSystemTests {
    @Test("The solution fulfils the equations, for several right-hand sides", arguments: 1...12)
    func solves(size: Int) {
        var random = SeededGenerator(seed: Seeds.new)
        func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in .random(in: -1...1, using: &random) } }
        var matrix = numbers(size * size)
        // Well conditioned, but with zeros where elimination without pivoting would divide.
        for i in 0..<size { matrix[i * size + (i + 1) % size] += 4 }
        let columns = 3
        let right = numbers(size * columns)
        var solution = right
        LinearSystem(matrix, size: size).solve(&solution, columns: columns)
        for row in 0..<size {
            for column in 0..<columns {
                let sum = (0..<size).reduce(0) { $0 + matrix[row * size + $1] * solution[$1 * columns + column] }
                #expect(abs(sum - right[row * columns + column]) < 1e-11)
            }
        }
    }

    @Test("A zero on the diagonal is no obstacle, and an undetermined unknown becomes 0")
    func singular() {
        var solution = [3.0, 5.0]
        LinearSystem([0, 1, 1, 0], size: 2).solve(&solution)
        #expect(solution == [5, 3])
        var undetermined = [4.0, 0.0]
        LinearSystem([2, 0, 0, 0], size: 2).solve(&undetermined)
        #expect(undetermined == [2, 0])
    }
}
