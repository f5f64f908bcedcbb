import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Tests `jobs/slurm.sbatch` on a Slurm of one node, which each test starts.
@Suite(
    "On a Slurm cluster", .serialized,
    .enabled(if: SlurmCluster.obstacle == nil, "\(SlurmCluster.obstacle ?? "")"))
struct ClusterTests {
    @Test("A submitted array completes; each task has its own experiment and results file")
    func completes() throws {
        let cluster = try SlurmCluster()
        let ended = try cluster.command(
            "sbatch",
            ["--wait", "--array=1-2"] + cluster.options(minutes: 5)
                + [SlurmCluster.script, Program.example("earthlike-2d"), Program.example("faint-sun-2d")]
                + ["--", "--sync-interval", "1"])
        #expect(ended.status == 0, "\(cluster.log)")
        for name in ["earthlike-2d", "faint-sun-2d"] {
            #expect(try ResultsReader(at: cluster.scratch.path("\(name).h5")).condition == .closed(.complete))
        }
        #expect(cluster.log.contains("--until 2"), "the end of the job is handed over: \(cluster.log)")
    }

    @Test("Before its time limit a job stops gracefully, is requeued, and completes the search")
    func requeues() throws {
        let cluster = try SlurmCluster()
        // Slurm may send the signal up to a minute early, here in the first 15 s.
        let job = try cluster.submit(
            minutes: 1, options: ["--signal=B:USR1@45"],
            experiment: try cluster.scratch.fiveGases(until: "points: 100000000"))
        try cluster.wait { try cluster.state(of: job) == "PENDING BeginTime" }
        #expect(cluster.log.contains("stopped: SIGUSR1 received"), "\(cluster.log)")
        #expect(cluster.log.contains("work is left: requeueing"), "\(cluster.log)")
        // 20,000 more points are enough.
        let rows = try cluster.rows(.partial)
        _ = try cluster.scratch.fiveGases(until: "points: \(rows + 20_000)")
        // Kept open, as by a notebook.
        let reader = open(cluster.output, O_RDONLY | O_CLOEXEC)
        defer { close(reader) }
        #expect(flock(reader, LOCK_SH) == 0)
        // Slurm starts a requeued job after two minutes at the earliest, unless root says otherwise.
        try cluster.must("scontrol", "update", "JobId=\(job)", "StartTime=now", "TimeLimit=10")
        try cluster.wait { try cluster.hasEnded(job) }
        let state = try cluster.state(of: job)
        #expect(state.hasPrefix("COMPLETED"), "\(state): \(cluster.log)")
        #expect(cluster.log.contains("start 2"), "in the same log: \(cluster.log)")
        #expect(try cluster.rows(.complete) == rows + 20_000)
    }

    @Test("After the last allowed start, or on USR2, a stopped job is not requeued and ends with 75")
    func staysStopped() throws {
        let cluster = try SlurmCluster()
        for (signal, requeues) in [("USR1", "0"), ("USR2", "5")] {
            let job = try cluster.submit(
                minutes: 10, options: ["--export=ALL,ATMOS_FRONTIER_REQUEUES=\(requeues)"],
                experiment: try cluster.scratch.fiveGases(until: "points: 100000000"))
            try cluster.waitUntilBusy()
            try cluster.must("scancel", "--batch", "--signal=\(signal)", job)
            try cluster.wait { try cluster.hasEnded(job) }
            #expect(try cluster.must("scontrol", "show", "job", job).output.contains("ExitCode=75:0"))
            #expect(try ResultsReader(at: cluster.output).condition == .closed(.partial))
        }
    }

    @Test("A cancelled job leaves only its committed points, and the same command resumes from them")
    func cancelled() throws {
        let cluster = try SlurmCluster()
        let experiment = try cluster.scratch.fiveGases(until: "points: 100000000")
        let job = try cluster.submit(minutes: 10, experiment: experiment)
        try cluster.waitUntilBusy()
        try cluster.must("scancel", job)
        try cluster.wait { try cluster.hasEnded(job) }
        #expect(try cluster.state(of: job).hasPrefix("CANCELLED"))
        try cluster.wait { Processes.ranks(writing: cluster.output).isEmpty }
        let again = try run(
            [Products.program, "run", experiment, "--output", cluster.output, "--until", "3s"], in: cluster.scratch)
        #expect(again.status == 75, "\(again.errors)")
        #expect(try ResultsReader(at: cluster.output).rowCount > 2000)
    }
}

/// Mistakes that `jobs/slurm.sbatch` reports before it starts anything, without Slurm.
@Suite("Mistakes in the use of the Slurm script")
struct ClusterErrorTests {
    @Test(
        "A mistake is reported with exit code 64",
        arguments: [
            ([], [:], "give one experiment"),
            (["a.yaml", "b.yaml"], [:], "--array=1-N"),
            (["a.yaml"], ["SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "2"], "array task 2, but 1 experiments"),
            (["a.yaml"], ["ATMOS_FRONTIER_HOME": "/nowhere"], "no jobs/launch in /nowhere"),
            (["a.yaml"], ["ATMOS_FRONTIER_PROGRAM": "/nowhere/x exec y"], "no /nowhere/x: run jobs/build"),
        ] as [([String], [String: String], String)])
    func mistake(words: [String], variables: [String: String], message: String) throws {
        let job = [
            "SLURM_JOB_ID": "7", "SLURM_SUBMIT_DIR": Products.repository.path, "SLURM_JOB_NODELIST": "here",
            "ATMOS_FRONTIER_PROGRAM": Products.program,
        ]
        let ended = try Running(
            [SlurmCluster.script] + words, in: try Scratch(), environment: job.merging(variables) { $1 }
        ).end()
        #expect(ended.status == 64)
        #expect(ended.errors.contains(message), "\(ended.errors)")
    }
}

/// A Slurm of one node on this machine, with its own folder and ports.
final class SlurmCluster {
    struct Overdue: Error { let log: String }

    static let script = Products.repository.appending(path: "jobs/slurm.sbatch").path
    private static let control = Products.repository.appending(path: "Tests/Tools/slurm/slurm").path

    /// Why Slurm cannot be started on this machine, or `nil`.
    static var obstacle: String? {
        guard getuid() == 0 else { return "starting a Slurm needs root" }
        for tool in ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged"]
        where !FileManager.default.isExecutableFile(atPath: tool) {
            return "\(tool) is missing: jobs/setup test installs it"
        }
        return nil
    }

    let scratch: Scratch
    private let environment: [String: String]

    /// The results file of ``submit(minutes:options:experiment:)``.
    var output: String { scratch.path("five-gases.h5") }

    init() throws {
        scratch = try Scratch()
        let state = scratch.path("slurm")
        environment = [
            "SLURM_STATE": state, "SLURM_PORT": "\(20_000 + 2 * Int.random(in: 0..<5000))",
            "SLURM_CONF": state + "/slurm.conf",
            "ATMOS_FRONTIER_HOME": Products.repository.path, "ATMOS_FRONTIER_PROGRAM": Products.program,
            "ATMOS_FRONTIER_RESULTS": scratch.folder.path,
        ]
        try must(Self.control, "start")
    }

    deinit { _ = try? command(Self.control, ["stop"]) }

    func command(_ name: String, _ words: [String]) throws -> Running.Ended {
        try Running(Products.leavingDaemons + [name] + words, in: scratch, environment: environment).end()
    }

    @discardableResult
    func must(_ name: String, _ words: String...) throws -> Running.Ended {
        let ended = try command(name, words)
        try #require(ended.status == 0, "\(name) \(words): \(ended.output)\(ended.errors)")
        return ended
    }

    /// Options for four ranks on this machine, with a time limit.
    func options(minutes: Int) -> [String] {
        ["--ntasks=4", "--mem-per-cpu=100M", "--time=\(minutes)", "--output=\(scratch.path("job-%j.log"))"]
    }

    /// Submits one experiment, and returns the job's id.
    func submit(minutes: Int, options extra: [String] = [], experiment: String) throws -> String {
        let ended = try command(
            "sbatch", ["--parsable"] + options(minutes: minutes) + extra + [Self.script, experiment])
        try #require(ended.status == 0, "\(ended.errors)")
        return ended.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Returns the state of a job and the reason for which it waits.
    func state(of job: String) throws -> String {
        try must("squeue", "--noheader", "--states=all", "--job", job, "--format", "%T %r").output
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Returns the number of rows in the results file, after checking its condition and that no point is in it twice.
    func rows(_ completion: Completion) throws -> Int {
        let file = try ResultsReader(at: output)
        #expect(file.condition == .closed(completion))
        let points = try file.points(on: try file.lattice())
        #expect(Set(points.map(\.key)).count == file.rowCount, "no point was run twice")
        return file.rowCount
    }

    func hasEnded(_ job: String) throws -> Bool {
        let state = try state(of: job)
        return ["COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL"].contains { state.hasPrefix($0) }
    }

    /// The output of all jobs.
    var log: String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)) ?? []
        return names.filter { $0.hasPrefix("job-") }.sorted()
            .map { (try? String(contentsOfFile: scratch.path($0), encoding: .utf8)) ?? "" }.joined()
    }

    func waitUntilBusy() throws {
        try wait {
            !Processes.ranks(writing: output).isEmpty && ((try? ResultsReader(at: output).rowCount) ?? 0) > 2000
        }
    }

    func wait(within seconds: Double = 300, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            guard ContinuousClock.now < deadline else { throw Overdue(log: log) }
            Thread.sleep(forTimeInterval: 0.5)
        }
    }
}
