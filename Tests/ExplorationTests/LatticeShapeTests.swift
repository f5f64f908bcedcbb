import SeededRandom
import TestSupport
import Testing

@testable import Exploration

@Suite("Lattice shape", .namesSeeds)
struct LatticeShapeTests {
    /// Shapes of one to five axes.
    private func shapes(_ random: inout SeededGenerator) throws -> [LatticeShape] {
        try (0..<40).map { i in
            let counts = (0...i % 5).map { _ in Int.random(in: 1...6, using: &random) }
            return try #require(LatticeShape(counts))
        }
    }

    @Test("Keys count the positions in row-major order, and give their indices back")
    func keys() throws {
        var random = SeededGenerator(seed: Seeds.new)
        for shape in try shapes(&random) {
            var expected = [Int](repeating: 0, count: shape.dimensions)
            #expect(shape.count == shape.counts.reduce(1, *))
            for key in 0..<shape.count {
                #expect(shape.indices(of: key) == expected)
                #expect(shape.key(of: expected) == key && shape.key { expected[$0] } == key)
                for axis in 0..<shape.dimensions { #expect(shape.index(of: key, on: axis) == expected[axis]) }
                for axis in (0..<shape.dimensions).reversed() {
                    expected[axis] += 1
                    if expected[axis] < shape.counts[axis] { break }
                    expected[axis] = 0
                }
            }
        }
    }

    @Test("A box is walked through in ascending order of its keys, each position once")
    func boxes() throws {
        var random = SeededGenerator(seed: Seeds.new)
        for shape in try shapes(&random) {
            let box = shape.counts.map { count in
                let lower = Int.random(in: 0...count, using: &random)
                return lower..<Int.random(in: lower...count, using: &random)
            }
            var keys: [Int] = []
            shape.forEach(in: box) { key, indices in
                #expect(shape.indices(of: key) == indices)
                keys.append(key)
            }
            let expected = (0..<shape.count).filter { key in
                zip(shape.indices(of: key), box).allSatisfy { $1.contains($0) }
            }
            #expect(keys == expected)
        }
    }

    @Test("Neighbours are the positions one step away along one axis")
    func neighbours() throws {
        var random = SeededGenerator(seed: Seeds.new)
        for shape in try shapes(&random) {
            let all = (0..<shape.count).map { shape.indices(of: $0) }
            // A comparison with every position is slow: not for all of them.
            for key in (0..<shape.count).shuffled(using: &random).prefix(50) {
                let indices = all[key]
                var found: [Int] = []
                shape.forEachNeighbour(of: key, at: indices) { found.append($0) }
                let expected = (0..<shape.count).filter { other in
                    zip(indices, all[other]).reduce(0) { $0 + abs($1.0 - $1.1) } == 1
                }
                #expect(found.sorted() == expected)
                for other in expected { #expect(shape.hasNeighbour(of: key, at: indices) { $0 == other }) }
                #expect(!shape.hasNeighbour(of: key, at: indices) { $0 == key })
            }
        }
    }

    @Test("Keys that would not fit in 63 bits are refused")
    func tooLarge() {
        #expect(LatticeShape([1 << 31, 1 << 31]) != nil)
        #expect(LatticeShape([1 << 32, 1 << 31]) == nil)
    }

    @Test("Indices off an axis are not contained")
    func contains() throws {
        let shape = try #require(LatticeShape([2, 3]))
        #expect(shape.contains([1, 2]) && !shape.contains([2, 0]) && !shape.contains([0, -1]))
    }
}
