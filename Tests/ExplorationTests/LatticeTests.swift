import Atmospheres
import Testing

@testable import Exploration

@Suite("Lattice")
struct LatticeTests {
    @Test("Indices and keys are one-to-one")
    func keys() throws {
        let lattice = try Lattice(axes: [
            Axis(.co2, values: [0.1, 0.2, 0.3], origin: 1), Axis(.ch4, values: [0, 1e-6], origin: 0),
            Axis(.o2, values: [0.2], origin: 0), Axis(.h2, values: [0, 0.1, 0.2, 0.3], origin: 3),
        ])
        #expect(lattice.count == 24)
        for key in 0..<24 as Range<UInt64> {
            #expect(lattice[lattice.indices(of: Position(key: key))].key == key)
        }
        #expect(lattice.indices(of: lattice.origin) == [1, 0, 0, 3])
    }

    @Test("A composition lists axes, held gases and filler, and sums to 1")
    func composition() throws {
        let lattice = try Lattice(
            axes: [Axis(.co2, values: [0.1, 0.2], origin: 0)], held: [.init(.o2, 0.21)], filler: .n2)
        let composition = lattice.composition(of: Position(key: 1))
        #expect(composition.gases == [.co2, .o2, .n2])
        #expect(composition.mixingRatios == [0.2, 0.21, 1 - (0.21 + 0.2)])
    }

    @Test("The PyATMOS origin leaves the nitrogen that PyATMOS had")
    func pyatmosOrigin() throws {
        let lattice = try Lattice(
            axes: [
                Axis(.o2, values: [0.21], origin: 0), Axis(.h2o, values: [0.0123], origin: 0),
                Axis(.ch4, values: [1.63e-6], origin: 0), Axis(.co2, values: [4e-4], origin: 0),
                Axis(.h2, values: [8.13e-8], origin: 0),
            ], filler: .n2)
        let n2 = try #require(lattice.composition(of: lattice.origin)[.n2])
        #expect(abs(n2 - 0.7772982887) < 5e-11)
    }

    @Test("A lattice beyond 2^63 points is refused")
    func tooManyPoints() {
        let axes = (0..<9).map { Axis(Gas.known[$0], values: (0..<128).map(Double.init), origin: 0) }
        #expect(throws: Lattice.Problem.tooManyPoints) { try Lattice(axes: axes) }
        #expect(throws: Never.self) { try Lattice(axes: Array(axes.dropLast())) }
    }

    @Test(
        "A neighbourhood has as many points as its shape says",
        arguments: [
            (Neighbourhood(.sides), 3, 6), (Neighbourhood(.sides, reach: 2), 5, 20), (Neighbourhood(.diagonals), 3, 26),
            (Neighbourhood(.diagonals, reach: 2), 2, 24),
        ])
    func neighbourhood(neighbourhood: Neighbourhood, dimensions: Int, count: Int) {
        let offsets = neighbourhood.offsets(dimensions: dimensions)
        #expect(offsets.count == count)
        #expect(Set(offsets).count == count)
        #expect(offsets.allSatisfy { offset in offsets.contains(offset.map { -$0 }) })
    }
}
