import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Injects faults into jobs that `jobs/launch` starts.
@Suite("Faults", .serialized)
struct FaultTests {
    @Test("On one host the job survives the loss of a worker", arguments: LocalFault.allCases)
    func oneHost(_ fault: LocalFault) throws {
        let reference = try OneHost.undisturbed.get()
        let job = try OneHost()
        let running = try job.start()
        try job.waitUntilBusy(running)
        for _ in 0..<fault.times {
            try? job.signal(fault.signal, rank: 2)
            Thread.sleep(forTimeInterval: 0.3)
        }
        try expectComplete(running.end(), job, after: "\(fault)", reference)
        #expect(try job.history().contains("workers lost: 1"))
    }

    @Test("When rank 0 is killed the launcher reports it and cleans up, and the next launch completes the search")
    func rankZeroKilled() throws {
        let reference = try OneHost.undisturbed.get()
        let job = try OneHost()
        let running = try job.start()
        try job.waitUntilBusy(running)
        try job.signal(SIGSTOP, rank: 3)
        try job.signal(SIGKILL, rank: 0)
        let ended = try running.end()
        report("rank 0 killed, another rank hung", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("rank 0 is lost"))
        #expect(job.processes.isEmpty, "nothing of the job is left")
        let resumed = try job.start().end()
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try job.digest() == reference.digest)
    }

    @Test("Without the launcher, the workers also exit when rank 0 is killed")
    func rankZeroKilledUnderMpirun() throws {
        let job = try OneHost()
        let running = try job.start(by: ["mpirun", "--enable-recovery"])
        try job.waitUntilBusy(running)
        try job.signal(SIGKILL, rank: 0)
        report("rank 0 killed, without the launcher", try running.end())
        #expect(job.processes.isEmpty, "nothing of the job is left")
    }

    @Test("A hung rank 0 is ended together with its job")
    func rankZeroHung() throws {
        let job = try OneHost()
        let running = try job.start(environment: ["LAUNCH_SILENCE_LIMIT": "6"])
        try job.waitUntilBusy(running)
        try job.signal(SIGSTOP, rank: 0)
        let ended = try running.end()
        report("rank 0 hung, given up after 6 s", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("rank 0 is hung"))
        #expect(job.processes.isEmpty, "nothing of the job is left")
    }

    @Test(
        "On a signal the launcher lets rank 0 save and stop; the same command resumes",
        arguments: [SIGTERM, SIGINT, SIGUSR1])
    func stopped(by signal: Int32) throws {
        // Endless, so that the job cannot complete before it is stopped.
        let job = try OneHost(stop: "points: 100000000")
        let running = try job.start()
        try job.waitUntilBusy(running)
        kill(running.id, signal)
        let ended = try running.end()
        report("signal \(signal) to the launcher", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("stopped: "))
        #expect(job.processes.isEmpty, "nothing of the job is left")
        let rowCount = try ResultsReader(at: job.output).rowCount
        try job.write(stop: "points: \(rowCount + 10_000)")
        let resumed = try job.start().end()
        #expect(resumed.status == 0, "\(resumed.errors)")
        let reader = try ResultsReader(at: job.output)
        #expect(reader.condition == .closed(.complete))
        #expect(reader.rowCount == rowCount + 10_000)
        #expect(Set(try reader.points(on: try reader.lattice())).count == reader.rowCount, "no point is in it twice")
    }

    @Test("With fewer workers than --min-workers the job stops gracefully")
    func tooFewWorkers() throws {
        let job = try OneHost()
        let running = try job.start(options: ["--min-workers", "3"])
        try job.waitUntilBusy(running)
        try job.signal(SIGKILL, rank: 1)
        let ended = try running.end()
        report("worker killed, --min-workers 3", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("too few workers: 2 left, 3 wanted"))
        #expect(try ResultsReader(at: job.output).condition == .closed(.partial))
    }

    @Test(
        "The launcher returns the program's exit code, and adds nothing to its message",
        arguments: [
            (["run", "nowhere.yaml", "-o", "x.h5"], 66, "atmos-frontier: error: nowhere.yaml: no such file"),
            (["run", Program.example("earthlike-2d"), "-o", "/nowhere/x.h5"], 64, "atmos-frontier: error: --output"),
            (
                ["run", Program.example("earthlike-2d"), "-o", "x.h5", "--worker-timeout", "1"], 64,
                "Error: --worker-timeout"
            ),
            (["run"], 64, "Error: Missing expected argument"),
            (["check", Program.example("earthlike-2d")], 0, ""),
        ])
    func exitCode(words: [String], status: Int32, message: String) throws {
        let ended = try run(OneHost.launch(ranks: 3) + [Products.program] + words, in: try Scratch())
        #expect(ended.status == status)
        #expect(ended.errors.hasPrefix(message), "\(ended.errors)")
        #expect(!ended.errors.contains("mpirun") && !ended.errors.contains("PMIX"), "\(ended.errors)")
    }

    @Test("A missing program and a foreign program end with the launcher's own exit codes")
    func noProgram() throws {
        let scratch = try Scratch()
        #expect(try run(OneHost.launch(ranks: 2) + ["nothing-of-this-name"], in: scratch).status == 64)
        #expect(try run(OneHost.launch(ranks: 2) + ["true"], in: scratch).status == 69)
        #expect(try run([OneHost.launcher], in: scratch).status == 64)
        let help = try run([OneHost.launcher, "-h"], in: scratch)
        #expect(help.status == 0 && help.output.contains("Usage: jobs/launch"))
    }

}

/// Injects faults into hosts that are simulated with network namespaces. These tests mostly wait, so `jobs/test` runs them
/// beside others.
@Suite(
    "Faults of hosts", .serialized, .enabled(if: ManyHosts.obstacle == nil, "\(ManyHosts.obstacle ?? "")"))
struct HostFaultTests {
    @Test("With several hosts the job survives the loss of one", arguments: HostFault.allCases)
    func manyHosts(_ fault: HostFault) throws {
        let reference = try ManyHosts.undisturbed.get()
        let job = try ManyHosts()
        let running = try job.start()
        try job.waitUntilBusy(running)
        try fault.act(on: job)
        try expectComplete(running.end(), job, after: "3 hosts: \(fault)", reference)
        #expect(try job.history().contains("workers lost: \(fault.lostWorkers)") || fault.lostWorkers == 0)
    }
}

/// Expects the results of an undisturbed run, and that no process of the job is left.
private func expectComplete(
    _ ended: Running.Ended, _ job: some FaultJob, after fault: String, _ reference: Undisturbed
) throws {
    report(fault, ended, undisturbed: reference.seconds)
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(try job.digest() == reference.digest, "the results equal those of an undisturbed run")
    // Workers on a host that is cut off exit when they have not heard from rank 0 for long enough.
    let isOver = poll(within: 180) { job.processes.isEmpty }
    #expect(isOver, "nothing of the job is left")
}

/// Prints how long a run with a fault took; no test depends on it.
private func report(_ fault: String, _ ended: Running.Ended, undisturbed: Double? = nil) {
    func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10) s" }
    print("fault: \(fault): \(seconds(ended.seconds))" + (undisturbed.map { ", undisturbed \(seconds($0))" } ?? ""))
}

enum LocalFault: String, CaseIterable, CustomStringConvertible {
    case killed = "worker killed"
    case crashed = "worker crashed (SEGV)"
    case hung = "worker hung (STOP)"

    var description: String { rawValue }

    /// Open MPI catches the first SEGV to print a backtrace.
    var times: Int { self == .crashed ? 2 : 1 }

    var signal: Int32 {
        switch self {
        case .killed: SIGKILL
        case .crashed: SIGSEGV
        case .hung: SIGSTOP
        }
    }
}

/// A fault of the host h2, which runs ranks 4 and 5.
enum HostFault: String, CaseIterable, CustomStringConvertible {
    case rankKilled = "rank killed"
    case orted = "orted killed"
    case sshd = "sshd killed"
    case host = "host killed"
    case power = "host without power"
    case cut = "network cut"
    case away = "network away for 5 s"

    var description: String { rawValue }

    var lostWorkers: Int {
        switch self {
        case .rankKilled: 1
        // The ranks of a host that has lost its ssh connection may survive.
        case .sshd, .away: 0
        default: 2
        }
    }

    func act(on job: ManyHosts) throws {
        switch self {
        case .rankKilled: try job.signal(SIGKILL, rank: 4)
        case .orted: try ManyHosts.command("run", "-r", "h2", "pkill", "-9", "-x", "orted")
        case .sshd: try ManyHosts.command("run", "-r", "h2", "pkill", "-9", "sshd")
        case .host: try ManyHosts.command("kill", "h2")
        case .power: try ManyHosts.command("kill", "-l", "h2")
        case .cut: try ManyHosts.command("cut", "h2")
        case .away:
            try ManyHosts.command("cut", "h2")
            Thread.sleep(forTimeInterval: 5)
            try ManyHosts.command("join", "h2")
        }
    }
}

/// The duration and the results of a run without a fault.
struct Undisturbed {
    let seconds: Double
    let digest: [UInt64]
}

/// A job that runs long enough for a fault to hit it.
protocol FaultJob {
    var scratch: Scratch { get }
    var output: String { get }
    func start() throws -> Running
}

extension FaultJob {
    /// Writes the experiment: a five-dimensional search in which each point opens the next ones, so that no worker can run
    /// ahead. It ends after some 65,000 points, or as `stop` says.
    @discardableResult
    static func writeExperiment(in scratch: Scratch, stop: String = "generations: 12") throws -> String {
        try scratch.fiveGases(until: stop)
    }

    /// The ranks' processes.
    var processes: [Int32] { Processes.ranks(writing: output) }

    func waitUntilBusy(_ running: Running) throws {
        try running.wait { (try? ResultsReader(at: output).rowCount > 2000) ?? false }
    }

    func signal(_ signal: Int32, rank: Int) throws {
        kill(try #require(processes.first { Processes.rank(of: $0) == rank }, "rank \(rank) runs"), signal)
    }

    func history() throws -> String { try ResultsReader(at: output).text(.history) ?? "" }

    /// A digest of the points and their results that does not depend on their order in the file.
    func digest() throws -> [UInt64] {
        let reader = try ResultsReader(at: output)
        guard reader.condition == .closed(.complete) else { return [] }
        let points = try reader.points(on: try reader.lattice())
        let temperatures = try reader.values(of: "surface_temperature")
        let generations = try reader.generations()
        var (sum, other) = (UInt64(0), UInt64(0))
        for (i, point) in points.enumerated() {
            var hash = point.key
            for word in [
                UInt64(bitPattern: Int64(reader.outcomes[i].rawValue)), temperatures[i].bitPattern,
                UInt64(generations[i]),
            ] {
                hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
            }
            sum &+= hash
            other ^= hash &* hash
        }
        return [UInt64(points.count), sum, other]
    }

    static func measure(_ job: Self) throws -> Undisturbed {
        let ended = try job.start().end()
        report(job is ManyHosts ? "none, 3 hosts" : "none", ended)
        try #require(ended.status == 0, "\(ended.errors)")
        return Undisturbed(seconds: ended.seconds, digest: try job.digest())
    }
}

/// A job of four ranks on this machine.
struct OneHost: FaultJob {
    static let launcher = Products.repository.appending(path: "jobs/launch").path
    static let undisturbed = Result { try measure(try OneHost()) }

    let scratch: Scratch
    let output: String
    private let experiment: String

    static func launch(ranks: Int) -> [String] { [launcher, "--oversubscribe", "-n", "\(ranks)"] }

    init(stop: String = "generations: 12") throws {
        scratch = try Scratch()
        output = scratch.path("faults.h5")
        experiment = try Self.writeExperiment(in: scratch, stop: stop)
    }

    /// Replaces the experiment by one with another end.
    func write(stop: String) throws { try Self.writeExperiment(in: scratch, stop: stop) }

    func start() throws -> Running { try start(options: []) }

    func start(
        by launcher: [String] = [launcher], options: [String] = [], environment: [String: String] = [:]
    ) throws -> Running {
        try Running(
            launcher + ["--oversubscribe", "-n", "4", Products.program, "run", experiment, "--output", output]
                + ["--worker-timeout", "10"] + options,
            in: scratch, environment: environment)
    }
}
