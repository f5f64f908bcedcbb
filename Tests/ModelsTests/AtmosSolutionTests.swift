import Testing

@testable import Models

@Suite struct AtmosSolutionTests {
    private static let shape = DistFile.Shape(species: 12, levels: 3)

    /// A state of ``shape`` with the kinds of numbers that the program writes.
    private static var state: [UInt8] {
        var columns: [[Double]] = []
        for column in 0..<12 + 5 + 6 {
            columns.append((0..<3).map { level -> Double in Double(column * 3 + level + 1) * 1.0625e-9 })
        }
        columns[4] = [1.23456789e-230, 0, 5e17]
        return DistFile(columns: columns, shape: shape).bytes
    }

    private static let ancestor = AtmosSolution.Ancestor(
        mixingRatios: [0.01, 0.21], temperature: [190.25, 302.723728])

    @Test("A solution is restored to the byte, its chemistry encoded in half the size")
    func roundTrip() throws {
        let solution = AtmosSolution(
            chemistry: Self.state, climate: Array("   287.697781396979\n".utf8),
            coupling: Array("0.25 288 0.01\n".utf8), restSteps: 60,
            trail: [Self.ancestor, .init(mixingRatios: [4e-4, 0.21], temperature: [200, 287.7])])
        let bytes = solution.bytes(Self.shape)
        #expect(try AtmosSolution(bytes, shape: Self.shape, gases: 2) == solution)
        #expect(bytes.count < Self.state.count / 2 + 200)
    }

    @Test("A state that its numbers do not reproduce is kept as text")
    func oddState() throws {
        let odd = Array("a state with a comment\n".utf8)
        let solution = AtmosSolution(chemistry: odd, climate: [], coupling: [], restSteps: 40, trail: [])
        #expect(try AtmosSolution(solution.bytes(Self.shape), shape: Self.shape, gases: 2) == solution)
    }

    @Test("Bytes that are not a solution are refused, wherever they end")
    func refused() throws {
        let bytes = AtmosSolution(
            chemistry: Self.state, climate: [1], coupling: [2], restSteps: 40, trail: [Self.ancestor]
        )
        .bytes(Self.shape)
        for count in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: AtmosFileError.self) {
                try AtmosSolution(Array(bytes[..<count]), shape: Self.shape, gases: 2)
            }
        }
        #expect(throws: AtmosFileError.self) {
            try AtmosSolution(Array("energy-balance".utf8), shape: Self.shape, gases: 2)
        }
    }

    @Test("Only the nearest ancestors are kept")
    func longTrail() {
        let trail = (0..<40).map { AtmosSolution.Ancestor(mixingRatios: [Double($0)], temperature: [288]) }
        let solution = AtmosSolution(chemistry: [], climate: [], coupling: [], restSteps: 40, trail: trail)
        #expect(solution.trail == Array(trail.prefix(solution.trail.count)) && solution.trail.count < 40)
    }
}

@Suite struct AtmosPredictionTests {
    private func point(_ co2: Double, _ o2: Double, _ kelvin: Double) -> AtmosSolution.Ancestor {
        .init(mixingRatios: [co2, o2], temperature: [kelvin - 90, kelvin])
    }

    private func surface(_ trail: [AtmosSolution.Ancestor], _ target: [Double]) throws -> Double {
        try #require(AtmosPrediction.temperature(trail, at: target)?.last)
    }

    @Test("Nothing is predicted without a solved point, and with one point its own temperatures")
    func fewPoints() {
        #expect(AtmosPrediction.temperature([], at: [0.01, 0.2]) == nil)
        #expect(AtmosPrediction.temperature([point(0.01, 0.2, 302.7)], at: [0.02, 0.2]) == [302.7 - 90, 302.7])
    }

    @Test("A trend along one gas continues, in the logarithm; nothing changes across it")
    func along() throws {
        let trail = [point(0.04, 0.2, 312.8), point(0.02, 0.2, 308.3), point(0.01, 0.2, 303.8)]
        #expect(abs(try surface(trail, [0.08, 0.2]) - 317.3) < 0.2)
        #expect(abs(try surface(trail, [0.04, 0.1]) - 312.8) < 0.01)
    }

    @Test("Each level is predicted independently")
    func levels() throws {
        let trail: [AtmosSolution.Ancestor] = [
            .init(mixingRatios: [0.02], temperature: [198, 217, 308]),
            .init(mixingRatios: [0.01], temperature: [204, 217, 304]),
        ]
        let ahead = try #require(AtmosPrediction.temperature(trail, at: [0.04]))
        #expect(zip(ahead, [192, 217, 312]).allSatisfy { abs($0 - $1) < 0.2 })
    }

    @Test("Two gases have independent slopes")
    func twoGases() throws {
        let trail = [point(0.04, 0.2, 310), point(0.02, 0.2, 306), point(0.04, 0.1, 311), point(0.02, 0.1, 307)]
        #expect(abs(try surface(trail, [0.08, 0.4]) - 313) < 0.3)
    }

    @Test("A large predicted change is limited")
    func limited() throws {
        let trail = [point(0.04, 0.2, 312.8), point(0.0399, 0.2, 308.3)]
        #expect(try surface(trail, [0.08, 0.2]) <= 312.8 + 15)
    }
}
