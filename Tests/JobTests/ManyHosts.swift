import Foundation
import TestSupport
import Testing

/// A job of eight ranks: two, with rank 0, on the launcher's host, and two on each of the hosts h1 to h3, as in an MPIJob.
final class ManyHosts: FaultJob {
    /// The script that simulates hosts.
    static let script = Products.repository.appending(path: "Tests/Tools/hosts/hosts").path
    /// A folder that the user of the hosts may write.
    static let work = "/tmp/atmos-frontier-hosts/work"
    static let undisturbed = Result { try measure(try ManyHosts()) }

    /// Settings of the launcher for a quick end: a simulated network needs no long waits for mpirun.
    static let quickEnd = ["LAUNCH_END_LIMIT=1", "LAUNCH_TERM_LIMIT=2"]

    /// Why hosts cannot be simulated on this machine, or `nil`.
    static let obstacle: String? = {
        guard getuid() == 0 else { return "simulating several hosts needs root" }
        guard FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd") else {
            return "/usr/sbin/sshd is missing: jobs/setup test installs it"
        }
        let unshare = ["unshare", "--net", "--uts", "--mount", "--pid", "--fork", "true"]
        guard let scratch = try? Scratch(), let tried = try? run(unshare, in: scratch), tried.status == 0 else {
            return "this machine does not permit network namespaces, with which several hosts are simulated"
        }
        return nil
    }()

    let scratch: Scratch
    let output = work + "/faults.h5"
    private let experiment: String
    private let lock: Int32

    init() throws {
        scratch = try Scratch()
        lock = Self.lock()
        experiment = try Self.writeExperiment(in: scratch)
        chmod(scratch.folder.path, 0o755)
        try Self.command("make", "3", "2")
    }

    deinit {
        try? Self.command("remove")
        close(lock)
    }

    func start() throws -> Running {
        try Running(
            [Self.script, "run", "launcher", "env"] + Self.quickEnd + [OneHost.launcher, "-n", "8", Products.program]
                + ["run", experiment, "--output", output, "--worker-timeout", "10"],
            in: scratch)
    }

    /// Waits for and takes the lock of the simulated hosts, which exist once per machine; closing the file releases it.
    static func lock() -> Int32 {
        let lock = open("/tmp/atmos-frontier-hosts.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        flock(lock, LOCK_EX)
        return lock
    }

    /// Runs the script.
    static func command(_ words: String...) throws {
        let ended = try run(Products.leavingDaemons + [script] + words, in: try Scratch())
        try #require(ended.status == 0, "\(words): \(ended.errors)")
    }
}

extension Products {
    /// The start of a command that starts daemons: it closes inherited files, as Foundation considers the command to be
    /// running while a daemon holds one of them.
    static let leavingDaemons = [
        "bash", "-c", #"for fd in $(ls /proc/self/fd); do [[ $fd -le 2 ]] || eval "exec $fd>&-"; done; exec "$@""#,
        "bash",
    ]
}
