import Foundation
import TestSupport
import Testing

/// Rank 0 beside the launcher, and hosts h1 to h3, with two ranks each, as an MPIJob would have them.
final class ManyHosts: FaultJob {
    /// The script that acts out hosts.
    static let script = Products.repository.appending(path: "Tests/Tools/hosts/hosts").path
    /// A folder that the user of the hosts may write.
    static let work = "/tmp/atmos-frontier-hosts/work"
    static let undisturbed = Result { try measure(try ManyHosts()) }

    /// Why there cannot be hosts here.
    static let obstacle: String? = {
        guard getuid() == 0 else { return "acting out several hosts needs root" }
        guard FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd") else {
            return "/usr/sbin/sshd is missing: jobs/setup test installs it"
        }
        do {
            let lock = lock()
            defer { close(lock) }
            try command("make", "1", "1")
            try command("remove")
            return nil
        } catch {
            return "this machine does not let several hosts be acted out: \(error)"
        }
    }()

    let scratch: Scratch
    let output = work + "/faults.h5"
    private let experiment: String
    private let lock: Int32

    init() throws {
        scratch = try Scratch()
        lock = Self.lock()
        experiment = try Self.experiment(in: scratch)
        chmod(scratch.folder.path, 0o755)
        try Self.command("make", "3", "2")
    }

    deinit {
        try? Self.command("remove")
        close(lock)
    }

    func start() throws -> Running {
        try Running(
            [Self.script, "run", "launcher", OneHost.launcher, "-n", "8", Products.program, "run", experiment]
                + ["--output", output, "--worker-timeout", "10"],
            in: scratch)
    }

    /// The hosts are the machine's: one test at a time has them, until it closes this.
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
    /// In front of a command that starts daemons: Foundation takes it for running as long as something holds what it
    /// inherited.
    static let leavingDaemons = [
        "bash", "-c", #"for fd in $(ls /proc/self/fd); do [[ $fd -le 2 ]] || eval "exec $fd>&-"; done; exec "$@""#,
        "bash",
    ]
}
