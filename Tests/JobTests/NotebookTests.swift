import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Executes the notebook as its readers do.
@Suite("The notebook", .serialized)
struct NotebookTests {
    /// Whether the tests' Python can run notebooks.
    static let canRun: Bool = {
        guard let python = Products.python, let scratch = try? Scratch() else { return false }
        return (try? run([python, "-c", "import nbconvert, ipykernel, matplotlib"], in: scratch).status) == 0
    }()

    private static let notebook = Products.repository.appending(path: "jobs/results.ipynb").path

    /// Executes the notebook on `file`, and checks that no figure is missing or empty.
    private func execute(on file: String, figures: Int, in scratch: Scratch) throws -> String {
        let python = try #require(Products.python)
        let executed = try Running(
            [
                python, "-m", "nbconvert", "--to", "notebook", "--execute", Self.notebook, "--output-dir",
                scratch.folder.path, "--output", "done.ipynb",
            ], in: scratch, environment: ["ATMOS_FRONTIER_FILE": scratch.path(file)]
        ).end()
        #expect(executed.status == 0, "\(executed.errors.suffix(3000))")
        return try check(scratch.path("done.ipynb"), figures: figures, in: scratch)
    }

    private func check(_ notebook: String, figures: Int, in scratch: Scratch) throws -> String {
        let checked = try run(
            [try #require(Products.python), SeeingTests.resource("check_notebook.py"), notebook, "\(figures)"],
            in: scratch)
        #expect(checked.status == 0, "\(checked.output) \(checked.errors.suffix(2000))")
        return checked.output
    }

    @Test("It runs on a small real file, and no figure is missing or empty", .enabled(if: canRun, "needs jobs/test"))
    func small() throws {
        let scratch = try Scratch()
        let ended = try run(
            Program.mpirun(3) + [Products.program, "run", Program.example("earthlike-2d"), "-o", "a.h5"], in: scratch)
        #expect(ended.status == 0)
        let output = try execute(on: "a.h5", figures: 3, in: scratch)
        #expect(output.contains("This file has no profiles"))
    }

    @Test(
        "It draws the inferred cells of a refinement, complete or stopped by its budget",
        .enabled(if: canRun, "needs jobs/test"), arguments: ["stride: 8, points: 250}", "stride: 8}"])
    func refinement(settings: String) throws {
        let scratch = try Scratch()
        let experiment = try scratch.example("faint-sun-2d-refine", replacing: ["stride: 8}": settings])
        let ended = try run(Program.mpirun(3) + [Products.program, "run", experiment, "-o", "a.h5"], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        _ = try execute(on: "a.h5", figures: 3, in: scratch)
    }

    @Test(
        "It draws the profiles in a file, and a slice through three gases",
        .enabled(if: canRun, "needs jobs/test"))
    func profiles() throws {
        let scratch = try Scratch()
        try Self.writeProfiles(scratch.path("profiles.h5"))
        let output = try execute(on: "profiles.h5", figures: 4, in: scratch)
        #expect(!output.contains("This file has no profiles"))
    }

    @Test(
        "The outputs that are checked in are complete, for readers on the web",
        .enabled(if: canRun, "needs jobs/test"))
    func checkedIn() throws {
        let output = try check(Self.notebook, figures: 3, in: try Scratch())
        #expect(output.contains("3493 points so far"))
    }

    /// Writes a synthetic results file over three gases, with profiles of temperature and of two mixing ratios.
    static func writeProfiles(_ path: String) throws {
        let levels = VerticalGrid("level", count: 30, longName: "level of the climate model")
        func profile(_ name: String, _ unit: String, _ longName: String, _ standardName: String? = nil) -> Profile {
            Profile(Quantity(name, unit, longName, standardName: standardName, storage: .float32), on: levels)
        }
        let model = ModelDescription(
            name: "made-up", version: "1", references: [], respondsTo: [.co2, .ch4],
            quantities: [.surfaceTemperature],
            profiles: [
                profile("pressure", "Pa", "pressure", "air_pressure"),
                profile("air_temperature", "K", "air temperature", "air_temperature"),
                profile("h2o_profile", "1", "H2O volume mixing ratio"),
                profile("o3_profile", "1", "O3 volume mixing ratio"),
            ])
        let lattice = try Lattice(
            axes: [
                Axis(.co2, values: (0..<10).map { 1e-5 * pow(10, Double($0) / 3) }, origin: 4),
                Axis(.ch4, values: (0..<8).map { 1e-7 * pow(10, Double($0) / 3) }, origin: 3),
                Axis(.o2, values: [0.1, 0.2], origin: 1),
            ], filler: .n2)
        let metadata = RunMetadata(
            title: "Profiles of a made-up planet", summary: "Made up.", institution: "-", creatorName: "-",
            license: "-", references: [], comment: "", source: "test 1; model made-up 1",
            invocation: Invocation(program: "test 1", commandLine: "test"), id: UUID().uuidString,
            experiment: "title: made up", experimentSHA256: "00", buildInfo: "-", hosts: ["node1", "node2"])
        var file = try ResultsFile.create(at: path, schema: Schema(of: model, on: lattice), metadata: metadata)
        var provenance: [Provenance] = []
        var evaluations = Evaluations(of: model)
        for row in 0..<160 {
            let (x, y, z) = (row / 16, row / 2 % 8, row % 2)
            provenance.append(
                Provenance(
                    row: row, position: lattice[[x, y, z]], parentRow: row - 1, generation: 1, attempt: 1, worker: 1))
            var evaluation = Evaluation(of: model)
            evaluation.outcome = x + y < 14 ? .stable : .unstable
            evaluation.values = [270 + 5 * Double(x) + Double(y)]
            for level in 0..<levels.count {
                let height = Float(level) / Float(levels.count)
                evaluation.profiles[level] = 1e5 * exp(-8 * height)
                evaluation.profiles[levels.count + level] = Float(evaluation.values[0]) - 80 * height
                evaluation.profiles[2 * levels.count + level] = 0.01 * exp(-9 * height)
                evaluation.profiles[3 * levels.count + level] = 1e-8 * exp(6 * height)
            }
            evaluations.append(UInt32(row), evaluation, startedAt: 1_793_000_000 + Double(row), wallTime: 0.9)
        }
        try file.append(provenance, evaluations)
        try file.close(.complete)
    }
}
