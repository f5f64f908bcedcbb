import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Commands that look at a results file, in each state that a file can have.
@Suite("Looking at results", .serialized)
struct SeeingTests {
    private func program(_ words: String..., in scratch: Scratch) throws -> Running.Ended {
        try run([Products.program] + words, in: scratch)
    }

    /// Writes a small complete file.
    private func make(_ name: String = "a.h5", _ example: String = "earthlike-2d", in scratch: Scratch) throws {
        let ended = try run(
            Program.mpirun(3) + [Products.program, "run", Program.example(example), "-o", name], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
    }

    /// Checks status, map and snapshot of `name`; they must not change a file that is not being written (`isStill`).
    private func look(at name: String, says state: String, in scratch: Scratch, isStill: Bool = true) throws {
        let before = isStill ? FileManager.default.contents(atPath: scratch.path(name)) : nil
        let text = try program("status", name, in: scratch)
        #expect(text.status == 0 && text.output.contains(state), "\(text.output) \(text.errors)")
        for word in ["points  ", "frontier  ", "rate  ", "workers  ", "last commit", "last points #"] {
            #expect(text.output.contains(word), "\(word) in \(text.output)")
        }
        let json = try program("status", name, "--format", "json", in: scratch)
        let fields = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        let points = try #require(fields["points"] as? Int)
        #expect(points > 0)
        let map = try program("map", name, in: scratch)
        #expect(map.status == 0 && map.output.contains("*") && map.output.contains("stable"), "\(map.errors)")
        let picture = try program("map", name, "-o", "map.png", "--overwrite", in: scratch)
        #expect(picture.status == 0, "\(picture.errors)")
        #expect(FileManager.default.contents(atPath: scratch.path("map.png"))?.starts(with: [0x89, 0x50]) == true)
        let snapshot = try program("snapshot", name, "snapshot.h5", "--overwrite", in: scratch)
        #expect(snapshot.status == 0, "\(snapshot.errors)")
        #expect(try ResultsReader(at: scratch.path("snapshot.h5")).rows.count >= points)
        if let before {
            #expect(before == FileManager.default.contents(atPath: scratch.path(name)), "the file is unchanged")
            let compared = try program("compare", name, "snapshot.h5", in: scratch)
            #expect(compared.status == 0, "\(compared.output)")
        }
    }

    @Test("A complete file, the file of a running job, and one left by kill -9")
    func states() throws {
        let scratch = try Scratch()
        try make(in: scratch)
        try look(at: "a.h5", says: ": complete", in: scratch)

        let experiment = try scratch.fiveGases(until: "points: 40000")
        let running = try Running(
            Program.mpirun(2) + [Products.program, "run", experiment, "-o", "live.h5"], in: scratch)
        defer { if running.isRunning { _ = try? running.end(within: 1) } }
        try running.wait {
            (try? ResultsReader(at: scratch.path("live.h5")))?.rows.isEmpty == false
        }
        // Suspended, so that the job is running for as long as its file is looked at.
        let ranks = Processes.ranks(writing: "live.h5", in: scratch)
        #expect(ranks.count == 2)
        for rank in ranks { kill(rank, SIGSTOP) }
        try look(at: "live.h5", says: "being written by process", in: scratch)
        for rank in ranks { kill(rank, SIGKILL) }
        for rank in ranks { kill(rank, SIGCONT) }
        _ = try running.end()
        try look(at: "live.h5", says: "interrupted", in: scratch)
        try FileManager.default.removeItem(atPath: scratch.path("live.h5.lock"))
        let resumed = try run(
            [Products.program, "run", experiment, "-o", "snapshot.h5"], in: scratch)
        #expect(resumed.status == 0, "a snapshot resumes: \(resumed.errors)")
        #expect(try ResultsReader(at: scratch.path("snapshot.h5")).rows.count == 40_000)
    }

    @Test("--watch continues until the job ends")
    func watch() throws {
        let scratch = try Scratch()
        let experiment = try scratch.fiveGases(until: "points: 40000")
        let running = try Running(
            Program.mpirun(2) + [Products.program, "run", experiment, "-o", "live.h5"], in: scratch)
        try running.wait { FileManager.default.fileExists(atPath: scratch.path("live.h5")) }
        let watched = try run(
            [Products.program, "status", "live.h5", "--watch", "--interval", "0.1"], in: scratch)
        #expect(watched.status == 0, "\(watched.errors)")
        let states = watched.output.split(separator: "\n").filter { $0.hasPrefix("file  ") }
        #expect(states.count > 1 && states.first?.contains("being written") == true)
        _ = try running.end()
    }

    @Test("A file that is not a results file gets one clear error and the right exit code")
    func badInput() throws {
        let scratch = try Scratch()
        try make(in: scratch)
        _ = try scratch.write("text.h5", "precious")
        try Data(contentsOf: scratch.folder.appending(path: "a.h5")).prefix(48)
            .write(to: scratch.folder.appending(path: "half.h5.partial"))
        let foreign = try run(
            [
                "sh", "-c",
                "printf 'netcdf f { dimensions: n = 2; variables: double v(n); }' | ncgen -4 -o foreign.h5 -",
            ],
            in: scratch)
        #expect(foreign.status == 0, "\(foreign.errors)")
        let commands: [[String]] = [
            ["status"], ["map"], ["map", "-o", "m.png"], ["snapshot"], ["archive"], ["export"],
        ]
        for (file, status, words) in [
            ("nothere.h5", Int32(66), "no such file"), ("text.h5", 65, "not an HDF5 file"),
            ("foreign.h5", 65, "not a results file"), ("half.h5", 65, "creation was interrupted"),
        ] {
            for command in commands {
                var line = [Products.program, command[0], file] + command.dropFirst()
                if ["snapshot", "archive"].contains(command[0]) { line.append("out.h5") }
                if command[0] == "export" { line += ["--csv", "out.csv"] }
                let before = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).count
                let ended = try run(line, in: scratch)
                #expect(ended.status == status && ended.errors.contains(words), "\(line): \(ended.errors)")
                #expect(ended.errors.split(separator: "\n").count == 1 && ended.output.isEmpty, "\(ended.errors)")
                // Two more: the output of this command.
                let after = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path).count
                #expect(after == before + 2, "no file is created")
            }
        }
        for (words, says) in [
            (["map", "a.h5", "--x", "H2"], "its axes are CO2, CH4"), (["map", "a.h5", "--slice", "CO2"], "GAS=VALUE"),
            (["map", "a.h5", "--slice", "CO2=0.01"], "two axes"),
            (["map", "a.h5", "--color", "red"], "choose one of status"),
            (["map", "a.h5", "-o", "map.gif"], ".png, .svg or .pdf"),
            (["map", "a.h5", "-o", "no/map.png"], "does not exist"),
            (["compare", "a.h5", "a.h5", "--tolerance", "x"], "NAME=NUMBER"), (["export", "a.h5"], "either --csv"),
            (["archive", "a.h5", "a.h5", "--overwrite"], "exists already"),
        ] {
            let ended = try run([Products.program] + words, in: scratch)
            #expect(ended.status == 64 && ended.errors.contains(says), "\(words): \(ended.errors)")
        }
    }

    @Test("Nothing is overwritten without --overwrite")
    func overwriting() throws {
        let scratch = try Scratch()
        try make(in: scratch)
        for words in [
            ["map", "a.h5", "-o", "x.png"], ["snapshot", "a.h5", "x.h5"], ["archive", "a.h5", "y.h5"],
            ["export", "a.h5", "--csv", "x.csv"], ["export", "a.h5", "--pyatmos", "x"],
        ] {
            #expect(try run([Products.program] + words, in: scratch).status == 0)
            let refused = try run([Products.program] + words, in: scratch)
            #expect(refused.status == 64 && refused.errors.contains("--overwrite"), "\(refused.errors)")
            #expect(try run([Products.program] + words + ["--overwrite"], in: scratch).status == 0)
        }
    }

    @Test("The PyATMOS table is refused for results of another model")
    func otherModel() throws {
        let scratch = try Scratch()
        try NotebookTests.writeProfiles(scratch.path("other.h5"))
        let refused = try program("export", "other.h5", "--pyatmos", "x", in: scratch)
        #expect(refused.status == 65 && refused.errors.contains("energy-balance"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("x")))
        #expect(try program("export", "other.h5", "--csv", "x.csv", in: scratch).status == 0)
    }

    @Test("Comparing two experiments ends with 1, and an archive cannot be resumed")
    func different() throws {
        let scratch = try Scratch()
        try make(in: scratch)
        try make("b.h5", "faint-sun-2d", in: scratch)
        let compared = try program("compare", "a.h5", "b.h5", in: scratch)
        #expect(compared.status == 1 && compared.output.contains("surface_temperature: "), "\(compared.output)")
        #expect(compared.output.contains("verdict     different"))
        #expect(try program("archive", "b.h5", "z.h5", in: scratch).status == 0)
        let archive = try Data(contentsOf: scratch.folder.appending(path: "z.h5"))
        let refused = try program("run", Program.example("faint-sun-2d"), "-o", "z.h5", in: scratch)
        #expect(refused.status == 64 && refused.errors.contains("snapshot"), "\(refused.errors)")
        #expect(archive == (try Data(contentsOf: scratch.folder.appending(path: "z.h5"))), "it is unchanged")
    }

    @Test(
        "The archive of the five-gas example is small, and every reader finds the same bits",
        .enabled(if: Products.python != nil, "ATMOS_FRONTIER_PYTHON is not set: run jobs/test"))
    func archive() throws {
        let scratch = try Scratch()
        try make("a.h5", "pyatmos-5gas", in: scratch)
        for command in ["archive", "snapshot"] {
            let ended = try program(command, "a.h5", "\(command).h5", in: scratch)
            #expect(ended.status == 0, "\(ended.errors)")
            let read = try run(
                [try #require(Products.python), Self.resource("same_bits.py"), "a.h5", "\(command).h5"], in: scratch)
            #expect(read.status == 0 && read.output.hasPrefix("same "), "\(read.output) \(read.errors)")
            let dumped = try run(["ncdump", "-h", "\(command).h5"], in: scratch)
            #expect(dumped.status == 0 && dumped.output.contains("surface_temperature:units = \"K\""))
            #expect(try program("compare", "a.h5", "\(command).h5", in: scratch).status == 0)
        }
        let sizes = try ["a.h5", "archive.h5"].map { try Data(contentsOf: scratch.folder.appending(path: $0)).count }
        #expect(Double(sizes[1]) <= 0.4 * Double(sizes[0]), "\(sizes)")
        print("archive of pyatmos-5gas: \(sizes[1]) of \(sizes[0]) bytes")
    }

    static func resource(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: name).path
    }

    @Test("The README's table of the results file is what the schema says")
    func readme() throws {
        let scratch = try Scratch()
        let ended = try program("schema", Program.example("earthlike-2d"), "--format", "markdown", in: scratch)
        #expect(ended.status == 0)
        let readme = try String(contentsOf: Products.repository.appending(path: "README.md"), encoding: .utf8)
        #expect(
            readme.contains(ended.output),
            "put what 'atmos-frontier schema jobs/experiments/earthlike-2d.yaml --format markdown' prints into README.md"
        )
    }
}
