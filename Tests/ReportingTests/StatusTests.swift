import Atmospheres
import Exploration
import Foundation
import Reporting
import Results
import TestSupport
import Testing

@Suite struct StatusTests {
    private func status(
        _ points: [[Int]] = MadeUp.points, completion: Completion? = .complete,
        _ neighbourhood: Neighbourhood? = Neighbourhood()
    ) throws -> Status {
        let scratch = try Scratch()
        try MadeUp.write(scratch.path("a.h5"), points, completion: completion)
        return try Status(
            of: try ResultsReader(at: scratch.path("a.h5")), neighbourhood, at: Date().timeIntervalSince1970)
    }

    @Test("Counts are by outcome and reason, and the last points come newest first")
    func counts() throws {
        let status = try status()
        #expect(status.state == .complete && status.points == MadeUp.points.count)
        for count in status.outcomes {
            let expected = MadeUp.points.count { MadeUp.outcome($0).name == count.name }
            #expect(count.count == expected)
            #expect(count.reasons?.reduce(0) { $0 + $1.count } == (count.name == "stable" ? 0 : expected))
        }
        #expect(status.lastPoints.map(\.row) == [2, 1, 0].map { MadeUp.points.count - 3 + $0 })
        #expect(status.lastPoints[0].composition.map(\.gas) == ["CO2", "CH4", "O2"])
        let temperatures = MadeUp.points.filter { MadeUp.outcome($0) == .stable }.map(MadeUp.temperature)
        #expect(status.surfaceTemperature == [try #require(temperatures.min()), try #require(temperatures.max())])
    }

    @Test("A file that was not closed is interrupted, and an empty one has no points")
    func unfinished() throws {
        #expect(try status(completion: nil).state == .interrupted)
        #expect(try status(completion: .partial).state == .partial)
        let empty = try status([], completion: nil)
        #expect(empty.points == 0 && empty.frontier == 0 && empty.lastPoints.isEmpty)
        #expect(empty.lines.contains("points      0: none yet"))
    }

    @Test(
        "The frontier has the points that a resumed search would evaluate",
        arguments: [Neighbourhood(), Neighbourhood(.diagonals), Neighbourhood(.sides, reach: 2)])
    func frontier(neighbourhood: Neighbourhood) throws {
        // A third of the points, so that many are open.
        let points = MadeUp.points.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) + [[4, 5, 1]]
        let unique = Array(Set(points)).sorted { $0.lexicographicallyPrecedes($1) }
        var expected: Set<[Int]> = []
        for point in unique where MadeUp.outcome(point) == .stable {
            for offset in neighbourhood.offsets(dimensions: 3) {
                let neighbour = zip(point, offset).map(+)
                let isThere = zip(neighbour, MadeUp.lattice.axes).allSatisfy { $1.values.indices.contains($0) }
                if isThere, MadeUp.lattice.isFeasible(MadeUp.lattice[neighbour]) { expected.insert(neighbour) }
            }
        }
        #expect(try status(unique, neighbourhood).frontier == expected.subtracting(unique).count)
        #expect(try status(unique, nil).frontier == nil)
    }

    @Test("The results show which workers are silent, how busy they were, and the rate")
    func activity() throws {
        let status = try status()
        #expect(status.activity.workers == 2 && status.activity.silentWorkers.isEmpty)
        // A point every 0.5 s, each taking one of the two workers 0.75 s.
        #expect(abs(status.activity.rate - 2) < 0.1)
        #expect(abs((status.activity.busyShare ?? 0) - 0.75) < 0.02)
        #expect(status.activity.window >= 59 && status.activity.window < 61)
    }

    @Test("JSON has snake-case names and can be decoded")
    func json() throws {
        let status = try status()
        let json = try status.json
        #expect(json.contains("\"seconds_since_last_commit\"") && json.contains("\"last_points\""))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        #expect(try decoder.decode(Status.self, from: Data(json.utf8)).outcomes == status.outcomes)
    }
}
