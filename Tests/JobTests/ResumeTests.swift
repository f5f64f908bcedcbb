import Atmospheres
import Foundation
import Results
import SeededRandom
import TestSupport
import Testing

/// Number of kills in a test; `KILLS=200 ./jobs/test --filter ResumeTests` for a long run.
private let kills = ProcessInfo.processInfo.environment["KILLS"].flatMap { Int($0) } ?? 6

@Suite("Resuming", .serialized, .namesSeeds)
struct ResumeTests {
    /// Two gases on a fine lattice: some 30,000 points, seconds of work.
    private static let fine = [
        "CO2: {log: {from: 1e-6, to: 0.9, per_decade: 24}}": "CO2: {log: {from: 1e-6, to: 0.9, per_decade: 72}}",
        "CH4: {log: {from: 1e-8, to: 1e-3, per_decade: 16}}": "CH4: {log: {from: 1e-8, to: 1e-3, per_decade: 40}}",
    ]

    private func command(_ experiment: String, _ output: String, _ options: String...) -> [String] {
        Program.mpirun(2) + [Products.program, "run", experiment, "--output", output] + options
    }

    /// A command for the launcher, which ends mpirun when mpirun would wait for a dead rank.
    private func launch(ranks: Int, _ experiment: String, _ output: String) -> [String] {
        [
            Products.repository.appending(path: "jobs/launch").path, "--quiet", "--oversubscribe", "-n", "\(ranks)",
            Products.program, "run", experiment, "--output", output,
        ]
    }

    /// The results of an undisturbed run.
    private func reference(_ experiment: String, in scratch: Scratch) throws -> [UInt64: Finding] {
        let ended = try run(command(experiment, "reference.h5"), in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        return try findings(in: scratch.path("reference.h5"))
    }

    @Test(
        "Killing rank 0 at random moments loses or corrupts no committed row, and the final results are complete")
    func killed() throws {
        let scratch = try Scratch()
        let experiment = try scratch.example("faint-sun-2d", replacing: Self.fine)
        let reference = try reference(experiment, in: scratch)
        var random = SeededGenerator(seed: Seeds.new)
        var (lost, wrong, unopened, beforeCreation, rows) = (0, 0, 0, 0, 0)
        var committed: [UInt64: Finding] = [:]
        for kill in 1...kills {
            // Restart after every five kills, so that kills hit the creation, the middle and the end of a file.
            if kill % 5 == 1 {
                for name in ["killed.h5", "killed.h5.partial"] {
                    try? FileManager.default.removeItem(atPath: scratch.path(name))
                }
                committed = [:]
            }
            // The start limits apply to a rank 0 that is killed before its first sign of life.
            let running = try Running(
                launch(ranks: 2, experiment, "killed.h5"), in: scratch,
                environment: ["LAUNCH_START_LIMIT": "20", "LAUNCH_JOIN_LIMIT": "20"])
            try running.wait {
                Processes.ranks(writing: "killed.h5", in: scratch).contains { Processes.rank(of: $0) == 0 }
            }
            Thread.sleep(forTimeInterval: Double.random(in: 0...2.5, using: &random))
            for id in Processes.ranks(writing: "killed.h5", in: scratch) where Processes.rank(of: id) == 0 {
                Foundation.kill(id, SIGKILL)
            }
            _ = try running.end()
            guard FileManager.default.fileExists(atPath: scratch.path("killed.h5")) else {
                beforeCreation += 1
                continue
            }
            guard let now = try? findings(in: scratch.path("killed.h5")) else {
                unopened += 1
                continue
            }
            lost += committed.count { now[$0.key] == nil }
            wrong += now.count { reference[$0.key] != $0.value }
            rows += now.count
            committed = now
        }
        let ended = try run(command(experiment, "killed.h5"), in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        let final = try findings(in: scratch.path("killed.h5"))
        lost += committed.count { final[$0.key] == nil }
        #expect(final == reference, "the resumed results equal those of an undisturbed run")
        #expect((lost, wrong, unopened) == (0, 0, 0))
        print(
            "rank 0 killed \(kills) times (\(beforeCreation) before the file was there): \(rows) rows looked at, "
                + "\(lost) lost, \(wrong) wrong, \(unopened) files not opened")
    }

    @Test("When workers are killed at random moments the job continues, and the final results are complete")
    func workersKilled() throws {
        let scratch = try Scratch()
        let experiment = try scratch.example("faint-sun-2d", replacing: Self.fine)
        let reference = try reference(experiment, in: scratch)
        var random = SeededGenerator(seed: Seeds.new)
        var (completed, equal, lost) = (0, 0, 0)
        let rounds = max(kills / 2, 2)
        for round in 1...rounds {
            let output = "workers\(round).h5"
            let running = try Running(launch(ranks: 4, experiment, output), in: scratch)
            // Earlier, in MPI_Init, Open MPI waits for every rank, and the launcher's start limit would end the job.
            try running.wait { FileManager.default.fileExists(atPath: scratch.path(output)) }
            Thread.sleep(forTimeInterval: Double.random(in: 0...1.2, using: &random))
            let victim = Processes.ranks(writing: output, in: scratch).filter { Processes.rank(of: $0) != 0 }
                .randomElement(
                    using: &random)
            if let victim { kill(victim, SIGKILL) }
            let ended = try running.end()
            if ended.status == 0 { completed += 1 } else { Issue.record("\(ended.status): \(ended.errors)") }
            if ended.errors.contains("lost rank") { lost += 1 }
            if try findings(in: scratch.path(output)) == reference { equal += 1 }
            #expect(Processes.with(output).isEmpty, "nothing of the job is left")
            try FileManager.default.removeItem(atPath: scratch.path(output))
        }
        #expect((completed, equal) == (rounds, rounds))
        print("a worker killed in \(rounds) runs: \(lost) lost with work to do, \(completed) completed, \(equal) equal")
    }

    @Test(
        "A signal ends a run with 75, and the same command completes it",
        arguments: [SIGUSR1, SIGTERM])
    func stopped(signal: Int32) throws {
        let scratch = try Scratch()
        let running = try Running(
            command(try scratch.fiveGases(until: "points: 100000000"), "stopped.h5"), in: scratch)
        try running.wait { (try? ResultsReader(at: scratch.path("stopped.h5")).rowCount > 1000) ?? false }
        // mpirun forwards USR1. TERM is sent to rank 0, since mpirun would end the job.
        let rankZero = try #require(
            Processes.ranks(writing: "stopped.h5", in: scratch).first { Processes.rank(of: $0) == 0 })
        kill(signal == SIGUSR1 ? running.id : rankZero, signal)
        let ended = try running.end()
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains(signal == SIGUSR1 ? "SIGUSR1" : "SIGTERM"))
        try expectResumes("stopped.h5", in: scratch)
    }

    @Test("A deadline ends a run with 75 and a closed file, and the same command completes it")
    func deadline() throws {
        let scratch = try Scratch()
        let experiment = try scratch.fiveGases(until: "points: 100000000")
        let ended = try run(command(experiment, "a.h5", "--until", "5s"), in: scratch)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("deadline"))
        print("a deadline of 5 s ended the run after \(ended.seconds) s")
        try expectResumes("a.h5", in: scratch)
    }

    /// Expects that the stopped run over five gases is resumed to an end 5000 points later, with its rows unchanged.
    private func expectResumes(_ output: String, in scratch: Scratch) throws {
        #expect(try ResultsReader(at: scratch.path(output)).condition == .closed(.partial))
        let part = try findings(in: scratch.path(output))
        #expect(!part.isEmpty)
        let experiment = try scratch.fiveGases(until: "points: \(part.count + 5000)")
        let again = try run(command(experiment, output), in: scratch)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try ResultsReader(at: scratch.path(output)).condition == .closed(.complete))
        let whole = try findings(in: scratch.path(output))
        #expect(whole.count == part.count + 5000)
        #expect(part.allSatisfy { whole[$0.key] == $0.value }, "earlier rows are unchanged")
    }

    @Test("A complete file is not changed, and the run says so")
    func complete() throws {
        let scratch = try Scratch()
        let words = command(Program.example("earthlike-2d"), "a.h5")
        _ = try run(words, in: scratch)
        let before = try findings(in: scratch.path("a.h5"))
        let again = try run(words, in: scratch)
        #expect(again.status == 0, "\(again.errors)")
        #expect(again.output.contains("launch    0 evaluations"))
        #expect(try findings(in: scratch.path("a.h5")) == before)
    }

    @Test("A different experiment is refused with the keys that differ, and the file is unchanged")
    func changedExperiment() throws {
        let scratch = try Scratch()
        _ = try run(command(Program.example("earthlike-2d"), "a.h5"), in: scratch)
        let before = FileManager.default.contents(atPath: scratch.path("a.h5"))
        let changed = try scratch.example(
            "earthlike-2d", replacing: ["max: 340 K": "max: 330 K", "reach: 1": "reach: 2", "O2: 0.21": "O2: 0.2"])
        let ended = try run(command(changed, "a.h5"), in: scratch)
        #expect(ended.status == 65)
        for text in ["another experiment", "limits.surface_temperature", "neighbours", "origin.O2"] {
            #expect(ended.errors.contains(text), "\(ended.errors)")
        }
        #expect(FileManager.default.contents(atPath: scratch.path("a.h5")) == before)
        print(ended.errors)
        // Comments, the title and the stop conditions do not identify an experiment.
        let same = try scratch.example(
            "earthlike-2d", replacing: ["title: Carbon": "title: Still carbon"],
            adding: "\n# more\nstop: {points: 100000}\n")
        #expect(try run(command(same, "a.h5"), in: scratch).status == 0)
        // --overwrite starts from the beginning.
        let overwritten = try run(command(changed, "a.h5", "--overwrite"), in: scratch)
        #expect(overwritten.status == 0, "\(overwritten.errors)")
        #expect(try findings(in: scratch.path("a.h5")).count != 3493)
    }

    @Test("A second writer is refused while the first is alive, and the lock of a dead one is taken over")
    func lock() throws {
        let scratch = try Scratch()
        let experiment = try scratch.fiveGases(until: "points: 100000000")
        let running = try Running(command(experiment, "a.h5"), in: scratch)
        try running.wait { FileManager.default.fileExists(atPath: scratch.path("a.h5")) }
        let second = try run(command(experiment, "a.h5", "--overwrite"), in: scratch)
        #expect(second.status == 64)
        let rankZero = try #require(Processes.ranks(writing: "a.h5", in: scratch).first { Processes.rank(of: $0) == 0 })
        #expect(second.errors.contains("\(rankZero)"), "names the holder: \(second.errors)")
        print(second.errors)
        kill(rankZero, SIGKILL)
        _ = try running.end()
        #expect(FileManager.default.fileExists(atPath: scratch.path("a.h5.lock")))
        let rowCount = try ResultsReader(at: scratch.path("a.h5")).rowCount
        try scratch.fiveGases(until: "points: \(rowCount + 5000)")
        let third = try run(command(experiment, "a.h5"), in: scratch)
        #expect(third.status == 0, "\(third.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.h5.lock")))
    }

    @Test(
        "A full disk ends the job with 74 and a readable file, and the run resumes when there is room",
        .enabled(if: getuid() == 0, "only root can make a small file system"))
    func fullDisk() throws {
        let scratch = try Scratch()
        let experiment = try scratch.example("faint-sun-2d", replacing: Self.fine)
        let reference = try reference(experiment, in: scratch)
        let disk = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        guard try run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], in: scratch).status == 0 else {
            print("A full disk: not tested, mount is not permitted here")
            return
        }
        defer { _ = try? run(["umount", "-l", disk], in: scratch) }
        let ended = try run(command(experiment, disk + "/a.h5"), in: scratch)
        #expect(ended.status == 74, "\(ended.errors)")
        print(String(ended.errors.split(separator: "\n").last ?? ""))
        let part = try findings(in: disk + "/a.h5")
        #expect(!part.isEmpty)
        #expect(part.allSatisfy { reference[$0.key] == $0.value })
        #expect(try run(["mount", "-o", "remount,size=64m", disk], in: scratch).status == 0)
        let again = try run(command(experiment, disk + "/a.h5"), in: scratch)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try findings(in: disk + "/a.h5") == reference)
    }

    @Test("A results folder that vanishes ends the job with 74")
    func vanishedFolder() throws {
        let scratch = try Scratch()
        let folder = scratch.path("folder")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let endless = try scratch.fiveGases(until: "points: 100000000")
        let running = try Running(command(endless, folder + "/a.h5", "--sync-interval", "1"), in: scratch)
        try running.wait { FileManager.default.fileExists(atPath: folder + "/a.h5") }
        try FileManager.default.removeItem(atPath: folder)
        let ended = try running.end()
        #expect(ended.status == 74, "\(ended.errors)")
        #expect(ended.errors.contains("No such file or directory"))
    }
}
