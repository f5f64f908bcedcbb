import Atmospheres
import TestSupport
import Testing

@testable import Exploration

@Suite("Refinement", .namesSeeds)
struct RefinementTests {
    /// Sides of the lattices by number of axes: small enough for a brute-force map.
    static let sides = [1: 60, 2: 15, 3: 7, 4: 5, 5: 4]

    static func rules(_ stride: Int, _ change: (inout Refinement.Rules) -> Void = { _ in }) -> Refinement.Rules {
        var rules = Refinement.Rules()
        rules.stride = stride
        change(&rules)
        return rules
    }

    static func map(_ search: Refinement, _ found: [PointID], _ region: Region) -> InferredMap {
        InferredMap(
            found.map { search.position($0) }, isStable: found.map { region.isStable(search.position($0).key) },
            values: [],
            bounds: [], stride: search.rules.stride, on: region.lattice)
    }

    @Test(
        "Every inferred point is right, or in a pocket without an evaluated point",
        arguments: Region.Shape.allCases, 1...5)
    func inferences(shape: Region.Shape, dimensions: Int) throws {
        for seed in 1...2 {
            let region = try Region(shape, dimensions: dimensions, side: Self.sides[dimensions]!, seed: UInt64(seed))
            for stride in [2, 4] {
                let search = Refinement(region.lattice, rules: Self.rules(stride))
                search.start()
                let found = search.explore(workers: 7, seed: 1) { region.isStable($0.key) }
                let kinds = Self.map(search, found, region).kinds
                let met = region.pockets(of: found.map { Int(search.position($0).key) })
                for key in kinds.indices {
                    switch kinds[key] {
                    case .evaluated, .open, .noAtmosphere: break
                    case .enclosedStable: #expect(region.stable[key] || !met.contains(key))
                    case .enclosedOther: #expect(!region.stable[key] || !met.contains(key))
                    case .predictedStable, .predictedOther: Issue.record("predicted after the end of an exact search")
                    }
                }
                // The origin's region is mapped, all of it, and so is the rim that a flood sees.
                let own = region.pockets(of: [Int(region.lattice.origin.key)])
                for key in own {
                    #expect(kinds[key] == .evaluated || kinds[key] == .enclosedStable)
                    for neighbour in region.neighbours(of: key) where !region.stable[neighbour] {
                        #expect(kinds[neighbour] != .enclosedStable || !met.contains(neighbour))
                    }
                }
            }
        }
    }

    @Test("Where both know a point, flood and refinement agree", arguments: Region.Shape.allCases, 1...4)
    func agreesWithFlood(shape: Region.Shape, dimensions: Int) throws {
        let region = try Region(shape, dimensions: dimensions, side: Self.sides[dimensions]!, seed: 9)
        let flood = Frontier(region.lattice, rules: Frontier.Rules())
        flood.start()
        let flooded = flood.explore(workers: 5, seed: 3) { point, _ in
            region.isStable(point.key) ? .stable : .unstable
        }
        let search = Refinement(region.lattice, rules: Self.rules(4))
        search.start()
        let found = search.explore(workers: 5, seed: 3) { region.isStable($0.key) }
        let kinds = Self.map(search, found, region).kinds
        let met = region.pockets(of: found.map { Int(search.position($0).key) })
        for (key, result) in flooded {
            switch kinds[Int(key)] {
            case .enclosedStable: #expect(result.outcome == .stable || !met.contains(Int(key)))
            case .enclosedOther: #expect(result.outcome == .unstable)
            default: break
            }
        }
    }

    @Test(
        "On a connected region it evaluates at most 5 % more points than a flood",
        arguments: [Region.Shape.connected, .thin, .atRim, .onePointWide], 1...4)
    func neverMuchMoreThanFlood(shape: Region.Shape, dimensions: Int) throws {
        for seed in 11...12 {
            let region = try Region(shape, dimensions: dimensions, side: Self.sides[dimensions]!, seed: UInt64(seed))
            let own = region.pockets(of: [Int(region.lattice.origin.key)])
            let flood = own.union(own.flatMap { region.neighbours(of: $0) }).count
            for stride in [2, 8] {
                let search = Refinement(region.lattice, rules: Self.rules(stride))
                search.start()
                let count = search.explore(workers: 7, seed: 1) { region.isStable($0.key) }.count
                #expect(Double(count) <= 1.05 * Double(flood), "\(shape) \(dimensions) \(seed) \(stride)")
            }
        }
    }

    @Test("Points, parents and generations do not depend on the order of the answers, nor on lost workers")
    func orderOfAnswers() throws {
        let region = try Region(.connected, dimensions: 2, side: 33, seed: 5)
        func run(workers: Int, seed: UInt64, losing: Double) -> [UInt64: Found] {
            let search = Refinement(region.lattice, rules: Self.rules(4))
            search.start()
            let found = search.explore(workers: workers, seed: seed, losing: losing) { region.isStable($0.key) }
            return Dictionary(
                uniqueKeysWithValues: found.map { id in
                    (
                        search.position(id).key,
                        Found(
                            outcome: search.table[id].outcome,
                            parent: search.parent(id).map { search.position($0).key },
                            generation: search.generation(id), attempts: search.attempts(id))
                    )
                })
        }
        let alone = run(workers: 1, seed: 0, losing: 0)
        #expect(alone.count > 20)
        #expect(run(workers: 64, seed: 7, losing: 0.2) == alone)
    }

    @Test("A search that recalls an earlier one's results asks the rest, and no point twice")
    func recalling() throws {
        let region = try Region(.connected, dimensions: 2, side: 33, seed: 6)
        func isStable(_ point: Position) -> Bool { region.isStable(point.key) }
        let whole = Refinement(region.lattice, rules: Self.rules(4))
        whole.start()
        let all = Set(whole.explore(workers: 3, seed: 1, isStable: isStable).map { whole.position($0) })

        let first = Refinement(region.lattice, rules: Self.rules(4) { $0.pointLimit = 60 })
        first.start()
        let early = first.explore(workers: 3, seed: 1, isStable: isStable).map { first.position($0) }
        #expect(early.count == 60)
        let second = Refinement(region.lattice, rules: Self.rules(4))
        for (row, point) in early.enumerated() {
            second.recall(point, outcome: isStable(point) ? .stable : .unstable, attempts: 1, tag: UInt32(row)) { _ in
                .nan
            }
        }
        second.start()
        let late = second.explore(workers: 3, seed: 1, isStable: isStable).map { second.position($0) }
        #expect(Set(early).isDisjoint(with: late))
        #expect(Set(early).union(late) == all)
    }

    @Test("A failed point is asked again while it has attempts, and its last failure stands")
    func attempts() throws {
        let region = try Region(.connected, dimensions: 2, side: 33, seed: 6)
        let search = Refinement(region.lattice, rules: Self.rules(4) { $0.attempts = 2 })
        search.start()
        let first = search.ask()
        let isRecorded = search.tell(try #require(first), .failed) { _ in .nan }
        #expect(!isRecorded)
        let second = search.ask()
        #expect(second == first)
        let isRecordedNow = search.tell(try #require(second), .failed) { _ in .nan }
        #expect(isRecordedNow)
        let third = search.ask()
        #expect(third == nil)
        #expect(search.settledCount(.failed) == 1)
    }

    @Test("A quantity that is limited saves points: the map of a budget is nearly right")
    func values() throws {
        let side = 129
        let lattice = try cube(2, side: side)
        func distance(_ point: Position) -> Double {
            let indices = lattice.indices(of: point)
            return indices.reduce(0.0) { $0 + (Double($1) / 128 - 0.5) * (Double($1) / 128 - 0.5) }.squareRoot() - 0.35
        }
        var rules = Self.rules(16) { $0.budget = 100 }
        rules.bounds = [ValueBound(row: 0, maximum: 288)]
        let search = Refinement(lattice, rules: rules)
        search.start()
        func value(_ point: Position) -> Double { 288 + 80 * distance(point) + 30 * distance(point) * distance(point) }
        let found = search.explore(workers: 9, seed: 2, value: value) { distance($0) < 0 }
        #expect(found.count <= 100)
        let points = found.map { search.position($0) }
        let map = InferredMap(
            points, isStable: points.map { distance($0) < 0 }, values: points.map(value), bounds: rules.bounds,
            stride: 16, on: lattice)
        let wrong = map.kinds.indices.count { key in
            let isStable = distance(Position(key: UInt64(key))) < 0
            switch map.kinds[key] {
            case .enclosedStable, .predictedStable: return !isStable
            case .enclosedOther, .predictedOther: return isStable
            case .open: return true
            case .evaluated, .noAtmosphere: return false
            }
        }
        // Some 500 points have a neighbour of the other kind.
        #expect(wrong <= 50)
    }

    @Test("Points whose gases exceed 1 are neither asked nor inferred")
    func missingPoints() throws {
        let lattice = try Lattice(
            axes: [
                Axis(.co2, values: (0..<21).map { 0.05 * Double($0) }, origin: 4),
                Axis(.o2, values: (0..<21).map { 0.05 * Double($0) }, origin: 4),
            ], filler: .n2)
        let search = Refinement(lattice, rules: Self.rules(4))
        search.start()
        let points = search.explore(workers: 3, seed: 1) { _ in true }.map { search.position($0) }
        #expect(points.allSatisfy { lattice.isFeasible($0) })
        let map = InferredMap(
            points, isStable: points.map { _ in true }, values: [], bounds: [], stride: 4, on: lattice)
        for key in map.kinds.indices {
            let isFeasible = lattice.isFeasible(Position(key: UInt64(key)))
            #expect((map.kinds[key] == .noAtmosphere) == !isFeasible)
            if isFeasible { #expect(map.kinds[key] == .evaluated || map.kinds[key] == .enclosedStable) }
        }
    }
}
