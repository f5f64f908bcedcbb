import Atmospheres
import Foundation
import Results
import TestSupport
import Testing

@Suite("Extending a run", .serialized)
struct ExtendTests {
    private static let example = "earthlike-2d"
    /// The example within narrower bounds on both axes and for temperature.
    private static let narrow = [
        "{step: 0.5 %, to: 40 %}": "{step: 0.5 %, to: 5 %}",
        "{log: {from: 3e-8, to: 3e-4, per_decade: 16}}": "{log: {from: 2e-7, to: 2e-5, per_decade: 8}}",
        "{min: 0 degC, max: 340 K}": "{min: 5 degC, max: 310 K}",
    ]

    private func command(_ experiment: String, _ output: String, _ options: String...) -> [String] {
        Program.mpirun(3) + [Products.program, "run", experiment, "--output", output] + options
    }

    /// The results that must not depend on the order in which the search found the points.
    private func results(in path: String) throws -> [UInt64: Finding] {
        try findings(in: path).mapValues { finding in
            var finding = finding
            (finding.parent, finding.generation) = (nil, 0)
            return finding
        }
    }

    @Test("With wider axes and limits a run finds what a wide run from the start finds, and keeps its earlier rows")
    func wider() throws {
        let scratch = try Scratch()
        let (narrow, wide) = (
            try scratch.example(Self.example, replacing: Self.narrow), Program.example(Self.example)
        )
        let first = try run(command(narrow, "a.h5"), in: scratch)
        #expect(first.status == 0, "\(first.errors)")
        try FileManager.default.copyItem(atPath: scratch.path("a.h5"), toPath: scratch.path("narrow.h5"))

        let refused = try run(command(wide, "a.h5"), in: scratch)
        #expect(refused.status == 65, "\(refused.errors)")
        #expect(refused.errors.contains("only widens; give --extend to continue from its points"), "\(refused.errors)")
        #expect(FileManager.default.contentsEqual(atPath: scratch.path("a.h5"), andPath: scratch.path("narrow.h5")))

        let second = try run(command(wide, "a.h5", "--extend"), in: scratch)
        #expect(second.status == 0, "\(second.errors)")
        #expect(second.errors.contains("points carried over"), "\(second.errors)")
        print(refused.errors + second.errors + second.output)
        let reference = try run(command(wide, "reference.h5"), in: scratch)
        #expect(reference.status == 0, "\(reference.errors)")
        let expected = try results(in: scratch.path("reference.h5"))
        #expect(try results(in: scratch.path("a.h5")) == expected)

        do {
            let old = try ResultsReader(at: scratch.path("narrow.h5"))
            let new = try ResultsReader(at: scratch.path("a.h5"))
            #expect(second.output.contains("launch    \(new.rows.count - old.rows.count) evaluations"))
            #expect(try new.parents().prefix(old.rows.count) == old.parents()[...])
            #expect(try new.generations().prefix(old.rows.count) == old.generations()[...])
            #expect(try new.finishedAt().prefix(old.rows.count) == old.finishedAt()[...])
            #expect(try new.text(.id) == old.text(.id))
            #expect(new.condition == .closed(.complete))
        }

        // The file now belongs to the wide experiment.
        let again = try run(command(wide, "a.h5", "--extend"), in: scratch)
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.output.contains("launch    0 evaluations"))
        #expect(!again.errors.contains("points carried over"))
        #expect(try results(in: scratch.path("a.h5")) == expected)
    }

    @Test("A finer axis keeps all earlier points, including those that the search would no longer visit")
    func finer() throws {
        let scratch = try Scratch()
        let coarse = try scratch.example(Self.example, replacing: ["per_decade: 16": "per_decade: 4"])
        #expect(try run(command(coarse, "a.h5"), in: scratch).status == 0)
        let before = try ResultsReader(at: scratch.path("a.h5")).rows.count
        let fine = Program.example(Self.example)
        let extended = try run(command(fine, "a.h5", "--extend"), in: scratch)
        #expect(extended.status == 0, "\(extended.errors)")
        #expect(try run(command(fine, "reference.h5"), in: scratch).status == 0)
        let (found, expected) = (
            try results(in: scratch.path("a.h5")), try results(in: scratch.path("reference.h5"))
        )
        #expect(expected.allSatisfy { found[$0.key] == $0.value })
        #expect(found.count - expected.count < before)
    }

    @Test("A narrower experiment is refused with a reason for every key, and the file is unchanged")
    func narrower() throws {
        let scratch = try Scratch()
        #expect(try run(command(Program.example(Self.example), "a.h5"), in: scratch).status == 0)
        let before = FileManager.default.contents(atPath: scratch.path("a.h5"))
        let changes = Self.narrow.merging(["reach: 1": "reach: 2"]) { $1 }
        let ended = try run(
            command(try scratch.example(Self.example, replacing: changes), "a.h5", "--extend"), in: scratch)
        #expect(ended.status == 65, "\(ended.errors)")
        for part in [
            "a.h5 cannot be extended to", "axes.CO2: ", "values of the results file are missing", "axes.CH4: ",
            "limits.surface_temperature: 278.15 ... 310.0 K here, 273.15 ... 340.0 K in the results file; "
                + "the new range must contain the old one",
            "neighbours: sides, reach 2 here, sides, reach 1 in the results file; only axes and limits may be widened",
        ] {
            #expect(ended.errors.contains(part), "\(part) in \(ended.errors)")
        }
        print(ended.errors)
        #expect(FileManager.default.contents(atPath: scratch.path("a.h5")) == before)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.h5.extending")))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.h5.lock")))
    }

    @Test("A job that was killed is extended from its committed points")
    func killed() throws {
        let scratch = try Scratch()
        // Fine enough for the run to take seconds.
        let axes = [
            "CO2: {log: {from: 1e-6, to: 0.9, per_decade: 24}}": "CO2: {log: {from: 1e-6, to: 0.9, per_decade: 72}}",
            "CH4: {log: {from: 1e-8, to: 1e-3, per_decade: 16}}": "CH4: {log: {from: 1e-8, to: 1e-3, per_decade: 40}}",
        ]
        let wide = try scratch.example("faint-sun-2d", replacing: axes)
        let narrow = try scratch.example(
            "faint-sun-2d", replacing: axes.merging(["max: 340 K": "max: 310 K"]) { $1 })
        let running = try Running(command(narrow, "a.h5"), in: scratch)
        try running.wait { FileManager.default.fileExists(atPath: scratch.path("a.h5")) }
        Thread.sleep(forTimeInterval: 0.3)
        for id in Processes.ranks(writing: "a.h5", in: scratch) where Processes.rank(of: id) == 0 { kill(id, SIGKILL) }
        _ = try running.end()
        #expect(try ResultsReader(at: scratch.path("a.h5")).condition == .interrupted)
        let ended = try run(command(wide, "a.h5", "--extend"), in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        let reference = try run(command(wide, "reference.h5"), in: scratch)
        #expect(reference.status == 0, "\(reference.errors)")
        #expect(try results(in: scratch.path("a.h5")) == results(in: scratch.path("reference.h5")))
    }

    @Test("--extend creates a missing file, and cannot be combined with --overwrite")
    func options() throws {
        let scratch = try Scratch()
        let words = [Products.program, "run", Program.example(Self.example), "--output", "a.h5", "--extend"]
        #expect(try run(words, in: scratch).status == 0)
        let both = try run(words + ["--overwrite"], in: scratch)
        #expect(both.status == 64)
        #expect(both.errors.contains("--extend and --overwrite exclude each other"), "\(both.errors)")
    }
}
