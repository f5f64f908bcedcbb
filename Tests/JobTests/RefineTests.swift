import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Coarse-to-fine searches under mpirun.
@Suite("A refinement", .serialized)
struct RefineTests {
    /// The outcome of every point that has a row in the file.
    private func outcomes(in path: String) throws -> [Position: Outcome] {
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
        "The map equals that of a flood, point by point, from fewer evaluations, for any number of ranks",
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
                Program.mpirun(3) + [Products.program, "run", try experiment(search), "-o", "\(search).h5"], in: scratch
            )
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
            default: Issue.record("the refinement leaves open a point that the flood has evaluated")
            }
        }
        for command in [
            [Products.program], Program.mpirun(2) + [Products.program], Program.mpirun(4) + [Products.program],
        ] {
            let ended = try run(
                command + ["run", try experiment("refine"), "-o", "other.h5", "--overwrite"], in: scratch)
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(try findings(in: scratch.path("other.h5")) == findings(in: scratch.path("refine.h5")))
        }
    }

    @Test("After rank 0 is killed with -9, the resumed run ends like an undisturbed one")
    func killed() throws {
        let scratch = try Scratch()
        let experiment = try scratch.example(
            "faint-sun-2d-refine", replacing: ["per_decade: 24": "per_decade: 48", "per_decade: 16": "per_decade: 32"])
        func command(_ output: String) -> [String] {
            Program.mpirun(2) + [Products.program, "run", experiment, "-o", output]
        }
        #expect(try run(command("whole.h5"), in: scratch).status == 0)
        let whole = try findings(in: scratch.path("whole.h5"))

        let running = try Running(command("killed.h5"), in: scratch)
        try running.wait {
            (try? ResultsReader(at: scratch.path("killed.h5")))?.rows.isEmpty == false
        }
        for id in Processes.ranks(writing: "killed.h5", in: scratch) where Processes.rank(of: id) == 0 {
            kill(id, SIGKILL)
        }
        _ = try running.end()
        let early = try findings(in: scratch.path("killed.h5"))
        #expect(!early.isEmpty && early.count < whole.count)

        let ended = try run(command("killed.h5"), in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try findings(in: scratch.path("killed.h5")) == whole)
    }

    @Test("The budget is respected and reported as the reason to end; part of the map is then predicted")
    func budget() throws {
        let scratch = try Scratch()
        let experiment = try scratch.example(
            "faint-sun-2d-refine", replacing: ["stride: 8}": "stride: 8, points: 150}"])
        let ended = try run(Program.mpirun(3) + [Products.program, "run", experiment, "-o", "a.h5"], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains("its budget of 150 points is used"), "\(ended.output)")
        let reader = try ResultsReader(at: scratch.path("a.h5"))
        #expect(reader.rows.count == 150)
        let kinds = try #require(try reader.inferredKinds())
        #expect(kinds.contains(.predictedStable) && kinds.contains(.predictedOther))
        #expect(kinds.count { $0 == .evaluated } == 150)

        let status = try run([Products.program, "status", "a.h5"], in: scratch)
        #expect(status.output.contains("refine, stride 8, at most 150 points"), "\(status.output)")
        #expect(status.output.contains("\(kinds.count { $0.inferredStable != nil }) points inferred"))
        let map = try run([Products.program, "map", "a.h5"], in: scratch)
        #expect(map.output.contains("inferred stable") && map.output.contains("inferred not stable"), "\(map.output)")
        let picture = try run([Products.program, "map", "a.h5", "-o", "a.png"], in: scratch)
        #expect(picture.status == 0, "\(picture.errors)")

        let python = try #require(Products.python, "needs jobs/test")
        let read = try run(
            [
                python, "-c",
                """
                import h5py, xarray as xr
                a = xr.open_dataset("a.h5", group="inferred")
                s = a.inferred_status
                assert s.dims == ("CO2", "CH4") and s.dtype == "int8", s
                assert len(s.attrs["flag_meanings"].split()) == len(s.attrs["flag_values"])
                assert "No result of the model" in s.attrs["comment"]
                assert (s == 1).sum() == 150
                assert (h5py.File("a.h5")["inferred/inferred_status"][:] == s.values).all()
                assert xr.open_dataset("a.h5").sizes["point"] == 150
                """,
            ], in: scratch)
        #expect(read.status == 0, "\(read.errors)")
    }
}
