import Atmospheres
import SeededRandom
import Testing

@testable import Exploration

/// A lattice of `side` points an axis between 0.001 and 0.101, its origin near the middle.
func cube(_ dimensions: Int, side: Int, filler: Gas? = nil) throws -> Lattice {
    let gases: [Gas] = [.co2, .ch4, .o2, .h2, .h2o]
    return try Lattice(
        axes: gases.prefix(dimensions).map { gas in
            Axis(gas, values: (0..<side).map { 0.001 + 0.1 * Double($0) / Double(side) }, origin: side / 2)
        }, filler: filler)
}

/// What a search found, in a form that two searches can be compared in.
struct Found: Equatable, CustomStringConvertible {
    var outcome: Outcome
    var parent: UInt64?
    var generation: Int32
    var attempts: Int

    var description: String { "\(outcome.name) from \(parent.map(String.init) ?? "-") at \(generation), \(attempts)" }
}

extension Frontier {
    func askNow() throws -> PointID {
        let id = ask()
        return try #require(id, "a point can be asked")
    }

    func expectNothingToAsk() {
        let id = ask()
        #expect(id == nil)
    }

    /// Runs the search with up to `workers` points pending, answered in random order by `model`, which is told the
    /// point and its parent.
    func explore(
        workers: Int, seed: UInt64, losing: Double = 0, model: (Position, Position?) -> Outcome
    ) -> [UInt64: Found] {
        var generator = SeededGenerator(seed: seed)
        var pending: [PointID] = []
        var found: [UInt64: Found] = [:]
        while true {
            while pending.count < workers, let id = ask() { pending.append(id) }
            guard !pending.isEmpty else { break }
            let id = pending.remove(at: Int.random(in: pending.indices, using: &generator))
            if Double.random(in: 0..<1, using: &generator) < losing {
                forget([id])
                continue
            }
            guard tell(id, model(position(id), parent(id).map(position))) else { continue }
            found[position(id).key] = Found(
                outcome: outcome(id), parent: parent(id).map { position($0).key }, generation: generation(id),
                attempts: attempts(id))
        }
        return found
    }

    func outcome(_ id: PointID) -> Outcome { table[id].outcome }
}
