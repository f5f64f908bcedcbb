import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Faults acted out on the built program, started by `jobs/launch`. A hang is a failure: everything has a deadline.
@Suite("Faults", .serialized)
struct FaultTests {
    /// What a fault may add to the time of an undisturbed run, in seconds.
    static let allowance = 30.0

    @Test("On one host the job outlives its workers", arguments: LocalFault.allCases)
    func oneHost(_ fault: LocalFault) throws {
        let reference = try OneHost.undisturbed.get()
        let job = try OneHost()
        let running = try job.start()
        try job.waitUntilBusy(running)
        for _ in 0..<fault.times {
            try? job.signal(fault.signal, rank: 2)
            Thread.sleep(forTimeInterval: 0.3)
        }
        let ended = try running.end(within: reference.seconds + 2 * Self.allowance)
        try check(ended, of: job, after: "\(fault)", against: reference)
        #expect(try job.history().contains("workers lost: 1"))
    }

    @Test("When rank 0 is killed the launcher says so, leaves nothing behind, and the next launch completes the search")
    func rankZeroKilled() throws {
        let reference = try OneHost.undisturbed.get()
        let job = try OneHost()
        let running = try job.start()
        try job.waitUntilBusy(running)
        try job.signal(SIGSTOP, rank: 3)
        try job.signal(SIGKILL, rank: 0)
        let ended = try running.end(within: 60)
        FaultTable.add("rank 0 killed, another rank hung", "work left, resumed", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("rank 0 is lost"))
        #expect(job.processes.isEmpty, "nothing of the job is left")
        let resumed = try job.start().end(within: reference.seconds + Self.allowance)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try job.digest() == reference.digest)
    }

    @Test("Without the launcher, too, the workers leave within a minute when rank 0 is killed")
    func rankZeroKilledUnderMpirun() throws {
        let job = try OneHost()
        let running = try job.start(by: ["mpirun", "--enable-recovery"])
        try job.waitUntilBusy(running)
        try job.signal(SIGKILL, rank: 0)
        let ended = try running.end(within: 60)
        FaultTable.add("rank 0 killed, plain mpirun", "workers left", ended)
        #expect(job.processes.isEmpty, "nothing of the job is left")
    }

    @Test("A hung rank 0 is given up, with all that hangs on it")
    func rankZeroHung() throws {
        let job = try OneHost()
        let running = try job.start(environment: ["LAUNCH_SILENCE_LIMIT": "6"])
        try job.waitUntilBusy(running)
        try job.signal(SIGSTOP, rank: 0)
        let ended = try running.end(within: 60)
        FaultTable.add("rank 0 hung (limit 6 s)", "work left", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("rank 0 is hung"))
        #expect(job.processes.isEmpty, "nothing of the job is left")
    }

    @Test(
        "Asked to end, the launcher lets rank 0 save; the same command goes on", arguments: [SIGTERM, SIGINT, SIGUSR1])
    func stopped(by signal: Int32) throws {
        let reference = try OneHost.undisturbed.get()
        let job = try OneHost()
        let running = try job.start()
        try job.waitUntilBusy(running)
        kill(running.process.processIdentifier, signal)
        let ended = try running.end(within: 30)
        FaultTable.add("signal \(signal) to the launcher", "saved, work left", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("stopped: "))
        #expect(job.processes.isEmpty, "nothing of the job is left")
        let resumed = try job.start().end(within: reference.seconds + Self.allowance)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try job.digest() == reference.digest)
    }

    @Test("With fewer workers than --min-workers the job ends in order")
    func tooFewWorkers() throws {
        let job = try OneHost()
        let running = try job.start(options: ["--min-workers", "3"])
        try job.waitUntilBusy(running)
        try job.signal(SIGKILL, rank: 1)
        let ended = try running.end(within: 60)
        FaultTable.add("worker killed, --min-workers 3", "saved, work left", ended)
        #expect(ended.status == 75, "\(ended.errors)")
        #expect(ended.errors.contains("too few workers: 2 left, 3 wanted"))
        #expect(try ResultsReader(at: job.output).condition == .closed(.partial))
    }

    @Test(
        "The launcher's exit code is the program's, and the program's one message stands alone",
        arguments: [
            (["run", "nowhere.yaml", "-o", "x.h5"], 66, "atmos-frontier: error: nowhere.yaml: there is no such file"),
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

    @Test("What is no program, and what is not this program, ends with the launcher's own codes")
    func noProgram() throws {
        let scratch = try Scratch()
        #expect(try run(OneHost.launch(ranks: 2) + ["nothing-of-this-name"], in: scratch).status == 64)
        #expect(try run(OneHost.launch(ranks: 2) + ["true"], in: scratch).status == 69)
        #expect(try run([OneHost.launcher], in: scratch).status == 64)
        let help = try run([OneHost.launcher, "-h"], in: scratch)
        #expect(help.status == 0 && help.output.contains("Usage: jobs/launch"))
    }

    @Test(
        "With several hosts the job outlives them",
        .enabled(if: ManyHosts.obstacle == nil, "\(ManyHosts.obstacle ?? "")"), arguments: HostFault.allCases)
    func manyHosts(_ fault: HostFault) throws {
        let reference = try ManyHosts.undisturbed.get()
        let job = try ManyHosts()
        let running = try job.start()
        try job.waitUntilBusy(running)
        try fault.act(on: job)
        let ended = try running.end(within: reference.seconds + 2 * Self.allowance)
        try check(ended, of: job, after: "3 hosts: \(fault)", against: reference)
        #expect(try job.history().contains("workers lost: \(fault.lostWorkers)") || fault.lostWorkers == 0)
    }

    private func check(
        _ ended: Running.Ended, of job: some Job, after fault: String, against reference: Undisturbed
    ) throws {
        let isComplete = try job.digest() == reference.digest
        FaultTable.add(fault, isComplete ? "complete" : "NOT COMPLETE", ended, undisturbed: reference.seconds)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(isComplete, "the result is that of an undisturbed run")
        #expect(ended.seconds < reference.seconds + Self.allowance, "\(ended.errors)")
        // Workers on a host that is cut off leave by themselves.
        let deadline = ContinuousClock.now + .seconds(60)
        while !job.processes.isEmpty, ContinuousClock.now < deadline { Thread.sleep(forTimeInterval: 0.1) }
        #expect(job.processes.isEmpty, "nothing of the job is left within a minute")
    }
}

enum LocalFault: String, CaseIterable, CustomStringConvertible {
    case killed = "worker killed"
    case crashed = "worker crashed (SEGV)"
    case hung = "worker hung (STOP)"

    var description: String { rawValue }

    /// Open MPI catches the first SEGV, to print where it was.
    var times: Int { self == .crashed ? 2 : 1 }

    var signal: Int32 {
        switch self {
        case .killed: SIGKILL
        case .crashed: SIGSEGV
        case .hung: SIGSTOP
        }
    }
}

/// Faults of the host h2, which has ranks 4 and 5.
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
        // The ranks of a host whose ssh connection has gone may live on.
        case .sshd, .away: 0
        default: 2
        }
    }

    func act(on job: ManyHosts) throws {
        switch self {
        case .rankKilled: try job.signal(SIGKILL, rank: 4)
        case .orted: try ManyHosts.command("on-host", "-r", "h2", "pkill", "-9", "-x", "orted")
        case .sshd: try ManyHosts.command("on-host", "-r", "h2", "pkill", "-9", "sshd")
        case .host: try ManyHosts.command("kill-host", "h2")
        case .power: try ManyHosts.command("kill-host", "-l", "h2")
        case .cut: try ManyHosts.command("cut-host", "h2")
        case .away:
            try ManyHosts.command("cut-host", "h2")
            Thread.sleep(forTimeInterval: 5)
            try ManyHosts.command("cut-host", "-u", "h2")
        }
    }
}

/// What a run without a fault gives.
struct Undisturbed {
    let seconds: Double
    let digest: [UInt64]
}

/// A job that lasts long enough for a fault to land in it: some 140,000 points of a five-dimensional search, each on
/// the way to the next, so that no worker can run ahead.
protocol Job {
    var scratch: Scratch { get }
    var output: String { get }
    func start() throws -> Running
}

extension Job {
    static func experiment(in scratch: Scratch) throws -> String {
        try scratch.example(
            "pyatmos-5gas", replacing: ["stop: {points: 124314}": "stop: {generations: \(generations)}"])
    }

    private static var generations: Int { 14 }

    /// The ranks' processes.
    var processes: [Int32] { Processes.ranks(writing: output) }

    func waitUntilBusy(_ running: Running) throws {
        try running.wait { (try? ResultsReader(at: output).rowCount > 2000) ?? false }
    }

    func signal(_ signal: Int32, rank: Int) throws {
        kill(try #require(processes.first { Processes.rank(of: $0) == rank }, "rank \(rank) runs"), signal)
    }

    func history() throws -> String { try ResultsReader(at: output).text("history") ?? "" }

    /// The same for the same points with the same results, in whatever order they stand in the file.
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
        let ended = try job.start().end(within: 120)
        FaultTable.add(job is ManyHosts ? "3 hosts: none" : "none", "complete", ended)
        try #require(ended.status == 0, "\(ended.errors)")
        return Undisturbed(seconds: ended.seconds, digest: try job.digest())
    }
}

/// Four ranks on this machine.
struct OneHost: Job {
    static let launcher = Products.repository.appending(path: "jobs/launch").path
    static let undisturbed = Result { try measure(try OneHost()) }

    let scratch: Scratch
    let output: String
    private let experiment: String

    static func launch(ranks: Int) -> [String] { [launcher, "--oversubscribe", "-n", "\(ranks)"] }

    init() throws {
        scratch = try Scratch()
        output = scratch.path("faults.h5")
        experiment = try Self.experiment(in: scratch)
    }

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

/// Rank 0 beside the launcher, and hosts h1 to h3, with two ranks each, as an MPIJob would have them.
///
/// The scripts that act out hosts stand beside the repository.
final class ManyHosts: Job {
    static let scripts = Products.repository.deletingLastPathComponent().appending(path: "shared/hosts").path
    static let undisturbed = Result { try measure(try ManyHosts()) }

    /// Why there are no hosts here.
    static var obstacle: String? {
        guard FileManager.default.isExecutableFile(atPath: scripts + "/make-hosts") else {
            return "\(scripts)/make-hosts, which acts out several hosts, is not there"
        }
        return getuid() == 0 ? nil : "acting out several hosts needs root"
    }

    let scratch: Scratch
    let output = "/tmp/mpi-hosts/work/faults.h5"
    private let experiment: String
    private let lock: Int32

    init() throws {
        scratch = try Scratch()
        lock = Self.lock()
        experiment = try Self.experiment(in: scratch)
        chmod(scratch.folder.path, 0o755)
        try Self.command("make-hosts", "-l", "-n", "3", "-s", "2")
    }

    deinit {
        try? Self.command("destroy-hosts")
        close(lock)
    }

    func start() throws -> Running {
        try Running(
            [Self.scripts + "/on-host", "launcher", OneHost.launcher, "-n", "8", Products.program, "run", experiment]
                + ["--output", output, "--worker-timeout", "10"],
            in: scratch)
    }

    /// The hosts are the machine's: one test at a time has them, until it closes this.
    static func lock() -> Int32 {
        let lock = open("/tmp/atmos-frontier-hosts.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        flock(lock, LOCK_EX)
        return lock
    }

    /// Runs one of the scripts.
    static func command(_ name: String, _ words: String...) throws {
        let ended = try run(Program.leavingDaemons + [scripts + "/" + name] + words, in: try Scratch(), within: 30)
        try #require(ended.status == 0, "\(name): \(ended.errors)")
    }
}

/// The table that the tests print.
enum FaultTable {
    private static let header: Void = put(
        "| fault | outcome | seconds | undisturbed | exit code |\n|---|---|---|---|---|")

    static func add(_ fault: String, _ outcome: String, _ ended: Running.Ended, undisturbed: Double? = nil) {
        _ = header
        func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
        put(
            "| \(fault) | \(outcome) | \(seconds(ended.seconds)) | \(undisturbed.map(seconds) ?? "") | \(ended.status) |"
        )
    }

    /// At once, also into a file.
    private static func put(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
