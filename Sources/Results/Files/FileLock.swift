internal import Glibc
internal import SystemPackage

// Raw descriptors: swift-system has no flock, which this is about.

/// The right to write a results file: an advisory lock on `NAME.h5.lock`, which says who holds it.
///
/// Where the file system has no locks, the text of the lock file decides: a process of this host is looked up, one of
/// another host is assumed to be alive. The lock file is removed at the end.
public struct FileLock: ~Copyable, Sendable {
    /// Who holds a lock.
    public struct Holder: Sendable, Equatable, CustomStringConvertible {
        /// The name of the holder's machine.
        public var host: String
        /// The process identifier.
        public var process: Int32
        /// The start of the process in clock ticks since boot, which distinguishes it from a later one with the same
        /// identifier.
        public var startTicks: UInt64
        /// The identifier of the batch job, if it runs in one.
        public var job: String?
        /// When the lock was taken, ISO 8601.
        public var since: String

        /// The holder in words, for messages.
        public var description: String {
            "process \(process) on \(host)" + (job.map { ", job \($0)" } ?? "") + ", since \(since)"
        }
    }

    /// The path of the lock file.
    public let path: String

    /// What to tell the user when the lock of a process that is gone was taken over; else `nil`.
    public let note: String?

    private let descriptor: Int32

    /// Takes the lock of the results file at `results`.
    ///
    /// - Throws: `ResultsError.locked`, which names the holder, or `ResultsError.system`.
    public init(for results: String) throws(ResultsError) {
        let path = results + ".lock"
        let (descriptor, isLocked) = try Self.open(path, results)
        let previous = Holder(text: Self.read(descriptor))
        if let previous, !isLocked, previous.mayLive {
            close(descriptor)
            throw .locked(path: results, holder: previous.description, advice: Self.advice(previous, path))
        }
        try Self.write(Holder.current, descriptor, path)
        self.path = path
        self.descriptor = descriptor
        note = previous.map { "\(path): taken over from \($0), which is gone" }
    }

    /// Returns who writes the results file at `results` now; `nil` when nobody does.
    public static func holder(of results: String) -> Holder? {
        let descriptor = Glibc.open(results + ".lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let holder = Holder(text: read(descriptor))
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return nil }
        return errno == EWOULDBLOCK || holder?.mayLive == true ? holder : nil
    }

    deinit {
        unlink(path)
        close(descriptor)
    }

    /// Opens the lock file and locks it.
    ///
    /// - Returns: the descriptor, and whether it is locked: false where the file system has no locks.
    private static func open(_ path: String, _ results: String) throws(ResultsError) -> (Int32, Bool) {
        for attempt in 0... {
            let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { throw .system(action: "opening \(path)", reason: Errno.current.description) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                // The last holder may have removed the file between our opening and locking it.
                if isCurrent(descriptor, path) { return (descriptor, true) }
                close(descriptor)
                continue
            }
            guard errno == EWOULDBLOCK else { return (descriptor, false) }
            let holder = Holder(text: read(descriptor))
            close(descriptor)
            // A process that only looks for the holder has the lock for an instant.
            if attempt < 5 {
                usleep(20_000)
                continue
            }
            throw .locked(
                path: results, holder: holder?.description ?? "another process",
                advice: "wait for it to end, or cancel it")
        }
        fatalError("unreachable")
    }

    private static func isCurrent(_ descriptor: Int32, _ path: String) -> Bool {
        var (mine, named) = (stat(), stat())
        return fstat(descriptor, &mine) == 0 && stat(path, &named) == 0
            && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev
    }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func write(_ holder: Holder, _ descriptor: Int32, _ path: String) throws(ResultsError) {
        let bytes = Array(holder.text.utf8)
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw .system(action: "writing \(path)", reason: Errno.current.description)
        }
        fsync(descriptor)
    }

    private static func advice(_ holder: Holder, _ path: String) -> String {
        holder.host == Host.name
            ? "wait for it to end, or stop it"
            : "this file system has no locks, so if that job has ended, remove \(path)"
    }
}

extension FileLock.Holder {
    /// This process.
    static var current: FileLock.Holder {
        let variables = ["SLURM_JOB_ID", "PBS_JOBID", "LSB_JOBID", "JOB_ID"]
        let job = variables.lazy.compactMap { (name: String) in getenv(name).map { String(cString: $0) } }.first
        return FileLock.Holder(
            host: Host.name, process: getpid(), startTicks: startTicks(of: getpid()) ?? 0, job: job,
            since: timestamp(now()))
    }

    /// Whether the process may be alive, as far as can be seen from this host.
    var mayLive: Bool {
        guard host == Host.name else { return true }
        return Self.startTicks(of: process) == startTicks
    }

    /// Returns field 22 of /proc/PID/stat (proc(5)); `nil` when there is no such process.
    private static func startTicks(of process: Int32) -> UInt64? {
        let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        // The second field is the name of the command in parentheses and may contain anything.
        let fields = bytes.prefix(max(0, count)).split(separator: UInt8(ascii: ")")).last?.split(separator: 32)
        return fields.flatMap { $0.count > 19 ? UInt64(String(decoding: $0[19], as: UTF8.self)) : nil }
    }

    /// The text of the lock file.
    var text: String {
        """
        host \(host)
        process \(process)
        start_ticks \(startTicks)
        job \(job ?? "-")
        since \(since)

        """
    }

    /// Reads the text of a lock file; `nil` when it names no holder.
    init?(text: String) {
        var words: [Substring: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { words[parts[0]] = String(parts[1]) }
        }
        guard let host = words["host"], let process = words["process"].flatMap({ Int32($0) }),
            let startTicks = words["start_ticks"].flatMap({ UInt64($0) })
        else { return nil }
        self.init(
            host: host, process: process, startTicks: startTicks, job: words["job"].flatMap { $0 == "-" ? nil : $0 },
            since: words["since"] ?? "an unknown time")
    }
}
