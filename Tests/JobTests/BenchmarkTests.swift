import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Tests that the benchmark runs and counts correctly; what it measures is not tested.
@Suite("The benchmark", .serialized)
struct BenchmarkTests {
    private static let benchmark = Products.path("DispatchBenchmark")

    /// Names and numbers in turn, as the benchmarks print them.
    private func numbers(_ output: String) throws -> [String: Double] {
        let words = output.split { $0.isWhitespace }.map(String.init)
        try #require(words.count % 2 == 0, "names and numbers: \(output)")
        return Dictionary(
            uniqueKeysWithValues: stride(from: 0, to: words.count, by: 2).map {
                (words[$0], Double(words[$0 + 1]) ?? .nan)
            })
    }

    @Test("A flood over MPI visits every point once, one by one, in batches, and with the file", arguments: [2, 3])
    func flood(ranks: Int) throws {
        let scratch = try Scratch()
        for more in [["batch=1"], [], ["file=free.h5"]] {
            let ended = try run(
                Program.mpirun(ranks) + [Self.benchmark, "flood", "12", "3"] + more, in: scratch)
            #expect(ended.status == 0, "\(ended.errors)")
            let found = try numbers(ended.output)
            #expect(found["points"] == 1728)
            #expect(found["seconds"]! > 0)
            #expect(found["bytes_per_point"]! <= 64)
        }
        let reader = try ResultsReader(at: scratch.path("free.h5"))
        #expect(reader.outcomes.count == 1728)
        #expect(reader.outcomes.allSatisfy { $0 == .stable })
        #expect(Set(try reader.points(on: try reader.lattice())).count == 1728)
    }

    @Test("Simulated workers evaluate every point, and are busy for at most all of the time")
    func simulation() throws {
        let scratch = try Scratch()
        for words in [["flood", "2", "900", "10", "1"], ["arrival", "3", "1000", "20", "0.001"]] {
            let ended = try run([Self.benchmark, "simulate"] + words + ["message=1e-6", "point=1e-6"], in: scratch)
            #expect(ended.status == 0, "\(ended.errors)")
            let found = try numbers(ended.output)
            #expect(found["points"] == Double(words[2]))
            // On a small lattice twenty workers often wait at its rim.
            #expect(found["utilization"]! > 0.2 && found["utilization"]! <= 1)
        }
        let refined = try run([Self.benchmark, "simulate", "refine", "2", "900", "10", "1"], in: scratch)
        let found = try numbers(refined.output)
        #expect(found["points"]! > 50 && found["points"]! < 900)
    }

    @Test("jobs/bench runs in its shortest form, with the loop in C beside it", .timeLimit(.minutes(5)))
    func shortest() throws {
        let scratch = try Scratch()
        let folder = Products.folder.path
        let ended = try Running(
            [Products.repository.appending(path: "jobs/bench").path, "--short"], in: scratch,
            environment: ["ATMOS_FRONTIER_BIN": folder]
        ).end(within: 240)
        #expect(ended.status == 0, "\(ended.errors)")
        for text in ["| 2 ranks, one point per message |", "| flood, 2-D, 10,000, 60 s |", " points: "] {
            #expect(ended.output.contains(text), "\(ended.output)")
        }
        let refused = try run([Products.repository.appending(path: "jobs/bench").path, "speed"], in: scratch)
        #expect(refused.status == 64)
    }
}
