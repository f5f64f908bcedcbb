import Atmospheres
import SeededRandom
import TestSupport
import Testing

@testable import Exploration

@Suite("Frontier", .namesSeeds)
struct FrontierTests {
    /// Stable inside a ball around the origin.
    private func ball(_ lattice: Lattice, radius: Double) -> (Position, Position?) -> Outcome {
        { point, _ in
            let squares = zip(lattice.indices(of: point), lattice.axes).map { index, axis in
                Double((index - axis.origin) * (index - axis.origin))
            }
            return squares.reduce(0, +) <= radius * radius ? .stable : .unstable
        }
    }

    private func frontier(_ lattice: Lattice, _ change: (inout Frontier.Rules) -> Void = { _ in }) -> Frontier {
        var rules = Frontier.Rules()
        change(&rules)
        return Frontier(lattice, rules: rules)
    }

    @Test("The origin is asked first, and its neighbours only when it is stable")
    func originFirst() throws {
        let frontier = frontier(try cube(2, side: 5))
        frontier.start()
        let origin = try frontier.askNow()
        #expect(frontier.position(origin) == frontier.lattice.origin)
        frontier.expectNothingToAsk()
        let settled = frontier.tell(origin, .unstable)
        #expect(settled)
        frontier.expectNothingToAsk()
        #expect(frontier.pendingCount == 0 && frontier.openCount == 0)
    }

    @Test("A flood visits every stable point and its rim, and nothing else", arguments: [1, 2, 3, 4])
    func floodVisitsRegionAndRim(dimensions: Int) throws {
        let lattice = try cube(dimensions, side: 11)
        let model = ball(lattice, radius: 3.5)
        let frontier = frontier(lattice)
        frontier.start()
        let found = frontier.explore(workers: 7, seed: 1, model: model)
        let steps = Neighbourhood().offsets(dimensions: dimensions)
        for key in 0..<lattice.count {
            let point = Position(key: key)
            let isStable = model(point, nil) == .stable
            let indices = lattice.indices(of: point)
            let isRim = steps.contains { step in
                let other = zip(indices, step).map(+)
                guard other.allSatisfy({ (0..<11).contains($0) }) else { return false }
                return model(lattice[other], nil) == .stable
            }
            #expect((found[key] != nil) == (isStable || isRim), "point \(indices)")
        }
    }

    @Test(
        "Points, parents and generations do not depend on workers or timing",
        arguments: [Neighbourhood(.sides), Neighbourhood(.diagonals), Neighbourhood(.sides, reach: 2)], 1...3)
    func independentOfTiming(neighbourhood: Neighbourhood, dimensions: Int) throws {
        let lattice = try cube(dimensions, side: 9)
        let model = ball(lattice, radius: 3.2)
        var reference: [UInt64: Found]?
        for (workers, seed) in [(1, 0), (2, 1), (3, 2), (8, 3), (64, 4), (10_000, 5)] as [(Int, UInt64)] {
            let frontier = frontier(lattice) { $0.neighbourhood = neighbourhood }
            frontier.start()
            let found = frontier.explore(workers: workers, seed: seed, model: model)
            #expect(reference == nil || found == reference)
            reference = found
        }
    }

    @Test(
        "With retries and a model that depends on the parent, parents are still the same",
        arguments: 0..<20 as Range<UInt64>)
    func retriesAreIndependentOfTiming(seed: UInt64) throws {
        let lattice = try cube(2, side: 13)
        // Converges or not by a hash of point and parent: some points need a second or a third parent.
        func model(_ point: Position, _ parent: Position?) -> Outcome {
            guard let parent else { return .stable }
            var hash = SeededGenerator(hashing: point.key &* 1_000_003 &+ parent.key &+ seed << 40)
            return [.stable, .stable, .stable, .notConverged, .notConverged, .unstable].randomElement(using: &hash)!
        }
        var reference: [UInt64: Found]?
        for workers in [1, 2, 5, 200] {
            let frontier = frontier(lattice) {
                $0.attempts = 3
                $0.parentMatters = true
            }
            frontier.start()
            let found = frontier.explore(workers: workers, seed: seed, losing: workers == 1 ? 0 : 0.2, model: model)
            #expect(reference == nil || found == reference)
            reference = found
        }
        // A search that got anywhere has met points that only another parent solved.
        if reference!.count > 60 { #expect(reference!.values.contains { $0.attempts > 1 && $0.outcome == .stable }) }
    }

    @Test("The parent is the stable neighbour nearest in log mixing ratio")
    func nearestParent() throws {
        // Both neighbours of (1, 1) on the first axis and on the second are stable; the second axis has the finer steps.
        let lattice = try Lattice(axes: [
            Axis(.co2, values: [1e-4, 1e-3], origin: 0), Axis(.ch4, values: [1e-6, 1.1e-6], origin: 0),
        ])
        let frontier = frontier(lattice)
        frontier.start()
        let found = frontier.explore(workers: 4, seed: 0) { _, _ in .stable }
        #expect(found[lattice[[1, 1]].key]?.parent == lattice[[1, 0]].key)
    }

    @Test("The points of a lost worker are asked again, and a late answer counts once")
    func lostWorker() throws {
        let frontier = frontier(try cube(1, side: 3))
        frontier.start()
        let origin = try frontier.askNow()
        frontier.forget([origin])
        let again = try frontier.askNow()
        #expect(again == origin)
        frontier.forget([origin])
        let settled = frontier.tell(origin, .stable)
        #expect(settled)
        let late = frontier.tell(origin, .unstable)
        #expect(!late)
        #expect(frontier.outcome(origin) == .stable)
        let next = try frontier.askNow()
        #expect(next != origin)
    }

    @Test("A failed point is asked again as often as the rules allow")
    func failedPoint() throws {
        let frontier = frontier(try cube(1, side: 3)) { $0.attempts = 3 }
        frontier.start()
        for attempt in 1...3 {
            let id = try frontier.askNow()
            let settled = frontier.tell(id, .failed)
            #expect(settled == (attempt == 3))
            #expect(frontier.attempts(id) == attempt)
        }
        frontier.expectNothingToAsk()
        #expect(frontier.settledCount(.failed) == 1)
    }

    @Test("A limit of points gives the same set for any timing", arguments: [1, 10, 37, 100])
    func pointLimit(limit: Int) throws {
        let lattice = try cube(2, side: 15)
        var reference: Set<UInt64>?
        for workers in [1, 3, 50] {
            let frontier = frontier(lattice) { $0.pointLimit = limit }
            frontier.start()
            let found = frontier.explore(workers: workers, seed: 9, losing: 0.1, model: ball(lattice, radius: 6))
            #expect(found.count == min(limit, 137))
            #expect(reference == nil || Set(found.keys) == reference)
            reference = Set(found.keys)
        }
    }

    @Test("A limit of generations bounds the steps from the origin")
    func generationLimit() throws {
        let frontier = frontier(try cube(2, side: 21)) { $0.generationLimit = 4 }
        frontier.start()
        let found = frontier.explore(workers: 3, seed: 1) { _, _ in .stable }
        #expect(found.count == 41)
        #expect(found.values.map(\.generation).max() == 4)
    }

    @Test("Points whose filler gas would be negative do not exist")
    func infeasible() throws {
        let lattice = try Lattice(
            axes: [
                Axis(.co2, values: (0..<11).map { Double($0) / 10 }, origin: 1),
                Axis(.o2, values: (0..<11).map { Double($0) / 10 }, origin: 2),
            ], filler: .n2)
        let frontier = frontier(lattice)
        frontier.start()
        let found = frontier.explore(workers: 3, seed: 1) { _, _ in .stable }
        #expect(found.count == 66)
        #expect(found.keys.allSatisfy { lattice.composition(of: Position(key: $0))[.n2]! >= 0 })
    }

    @Test(
        "A search that takes up an earlier one asks only what is missing and ends the same",
        arguments: Frontier.Order.allCases)
    func recall(order: Frontier.Order) throws {
        let lattice = try cube(2, side: 15)
        let model = ball(lattice, radius: 5)
        let whole = frontier(lattice) { $0.order = order }
        whole.start()
        let reference = whole.explore(workers: 5, seed: 3, model: model)
        for known in [0, 1, 10, 50, reference.count] {
            let frontier = frontier(lattice) { $0.order = order }
            for (row, item) in reference.sorted(by: { $0.value.generation < $1.value.generation }).prefix(known)
                .enumerated()
            {
                frontier.recall(Position(key: item.key), outcome: item.value.outcome, attempts: 1, tag: UInt32(row))
            }
            frontier.start()
            let rest = frontier.explore(workers: 4, seed: 7, model: model)
            #expect(rest.count == reference.count - known)
            #expect(frontier.settledCount == reference.count)
            if order == .generations { #expect(rest.allSatisfy { reference[$0.key] == $0.value }) }
        }
    }

    @Test("With order arrival the same points are found")
    func arrival() throws {
        let lattice = try cube(3, side: 9)
        let model = ball(lattice, radius: 3)
        let generations = frontier(lattice)
        generations.start()
        let arrival = frontier(lattice) { $0.order = .arrival }
        arrival.start()
        let a = generations.explore(workers: 3, seed: 1, model: model)
        let b = arrival.explore(workers: 20, seed: 2, model: model)
        #expect(a.mapValues(\.outcome) == b.mapValues(\.outcome))
    }

    @Test("A layer's tail does not leave workers idle while the next layer has points that are sure")
    func looksAhead() throws {
        let frontier = frontier(try cube(1, side: 101))
        frontier.start()
        // One side of the line never answers; the other is asked one layer further.
        let origin = try frontier.askNow()
        _ = frontier.tell(origin, .stable)
        let left = try frontier.askNow()
        let right = try frontier.askNow()
        _ = frontier.tell(left, .stable)
        let ahead = try frontier.askNow()
        #expect(frontier.generation(ahead) == 2)
        _ = frontier.tell(ahead, .stable)
        frontier.expectNothingToAsk()
        _ = frontier.tell(right, .stable)
        _ = try frontier.askNow()
    }

    @Test("A point costs at most 64 bytes of the master's memory")
    func memory() throws {
        let lattice = try cube(3, side: 100)
        let frontier = frontier(lattice)
        frontier.start()
        while let id = frontier.ask() { _ = frontier.tell(id, .stable) }
        #expect(frontier.count == 1_000_000)
        #expect(frontier.bytesPerPoint <= 64)
    }
}
