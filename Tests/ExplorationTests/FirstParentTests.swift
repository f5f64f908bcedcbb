import Atmospheres
import Testing

@testable import Exploration

@Suite struct FirstParentTests {
    /// Two neighbours of one point, the farther one told first.
    private func parent(keepsFirst: Bool) throws -> [Int] {
        let lattice = try Lattice(axes: [
            Axis(.co2, values: [0.001, 0.1], origin: 0), Axis(.ch4, values: [0.001, 0.0011], origin: 0),
        ])
        var rules = Frontier.Rules()
        rules.order = .arrival
        rules.keepsFirstParent = keepsFirst
        let frontier = Frontier(lattice, rules: rules)
        frontier.start()
        let origin = try frontier.askNow()
        _ = frontier.tell(origin, .stable)
        var neighbours: [[Int]: PointID] = [:]
        while let id = frontier.ask() { neighbours[lattice.indices(of: frontier.position(id))] = id }
        // From (0, 1) the corner is far along CO2; from (1, 0) it is near along CH4.
        _ = frontier.tell(try #require(neighbours[[0, 1]]), .stable)
        _ = frontier.tell(try #require(neighbours[[1, 0]]), .stable)
        let corner = try frontier.askNow()
        #expect(lattice.indices(of: frontier.position(corner)) == [1, 1])
        return lattice.indices(of: frontier.position(try #require(frontier.parent(corner))))
    }

    @Test("A point that is not asked yet changes to a nearer parent, unless it keeps its first")
    func firstParent() throws {
        #expect(try parent(keepsFirst: false) == [1, 0])
        #expect(try parent(keepsFirst: true) == [0, 1])
    }
}
