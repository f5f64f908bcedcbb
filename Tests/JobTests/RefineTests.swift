import Atmospheres
import Exploration
import Foundation
import Results
import Testing

/// The boundary by coarse-to-fine search, under mpirun.
@Suite("A refinement", .serialized)
struct RefineTests {
    /// The kind of every point of a file's lattice that its rows tell.
    private func outcomes(in path: String) throws -> [GridPoint: Outcome] {
        let reader = try ResultsReader(at: path)
        let points = try reader.points(on: try reader.lattice())
        return Dictionary(uniqueKeysWithValues: zip(points, reader.outcomes))
    }

    private static let plane =
        "axes: {CO2: {log: {from: 1e-5, to: 0.9, per_decade: 8}}, CH4: {log: {from: 1e-7, to: 1e-4, per_decade: 8}}}"
    private static let space =
        "axes: {CO2: {log: {from: 1e-4, to: 0.9, per_decade: 4}}, CH4: {log: {from: 1e-7, to: 1e-4, per_decade: 4}}, "
        + "O2: {linear: {from: 0.01, to: 0.61, step: 0.05}}}"

    @Test(
        "The map is the flood's, point by point, from fewer evaluations; for any number of ranks",
        arguments: [plane, space])
    func mapOfFlood(axes: String) throws {
        let scratch = try Scratch()
        func experiment(_ search: String) throws -> String {
            try scratch.write(
                "\(search).yaml",
                """
                title: A boundary
                origin: {CO2: 400 ppm, CH4: 1.63 ppm, O2: 0.21}
                filler: N2
                \(axes)
                search: \(search)
                model: energy-balance
                """)
        }
        for search in ["flood", "refine"] {
            let ended = try run(
                Program.mpirun(3) + [Program.path, "run", try experiment(search), "-o", "\(search).h5"], in: scratch)
            #expect(ended.status == 0, "\(ended.errors)")
        }
        let flood = try outcomes(in: scratch.path("flood.h5"))
        let refined = try outcomes(in: scratch.path("refine.h5"))
        #expect(refined.count < flood.count)
        let reader = try ResultsReader(at: scratch.path("refine.h5"))
        let map = try reader.inferredMap(bounds: [], names: [], stride: 1, on: try reader.lattice())
        for (point, outcome) in flood {
            switch map.kinds[Int(point.key)] {
            case .evaluated: #expect(refined[point] == outcome)
            case .enclosedStable: #expect(outcome == .stable)
            case .enclosedOther: #expect(outcome != .stable)
            default: Issue.record("a point of the flood's that the refinement leaves open")
            }
        }
        let alone = try run([Program.path, "run", try experiment("refine"), "-o", "alone.h5"], in: scratch)
        #expect(alone.status == 0, "\(alone.errors)")
        #expect(try findings(in: scratch.path("alone.h5")) == findings(in: scratch.path("refine.h5")))
    }
}
