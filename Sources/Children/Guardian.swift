internal import Foundation
internal import Glibc
internal import Subprocess
internal import Synchronization

/// Sees to it that no child outlives this process, however it ends, and that no folder of it stays behind.
///
/// A process of its own holds the other end of a pipe. When this process closes the pipe, or is killed, the guard kills
/// every group that it was told of, and whatever else carries the mark that all children inherit in their environment,
/// such as a grandchild in a session of its own; then it removes the folders. `PR_SET_PDEATHSIG` would not do: it acts
/// when the thread ends that started the child, and a thread of a pool may end at any time.
public final class Guardian: Sendable {
    /// The variable that marks children. Its value is unlike that of any other process.
    public static let mark = "ATMOS_FRONTIER_CHILD_OF"

    /// The word that starts the guard: `PROGRAM guard MARK`.
    public static let argument = "guard"

    private let value: String
    private let guardProcess: Spawner
    private let pipe: Mutex<Int32>

    /// Starts the guard.
    ///
    /// - Parameter program: path of an executable that calls ``Guard/run(_:)``; this process's own when `nil`.
    /// - Throws: when it cannot be started.
    public init(program: String? = nil) throws(ChildError) {
        // A pool of ranks whose children dump their memory fills the disk.
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 {
            limit.rlim_cur = 0
            setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        }
        // A guard that was killed must not kill its ward at the next word.
        Glibc.signal(SIGPIPE, SIG_IGN)
        value = UUID().uuidString
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else {
            throw ChildError("cannot make a pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var command = Command(program ?? Self.ownProgram, [Self.argument, value], in: "/")
        command.input = .descriptor(ends[0])
        var options = PlatformOptions()
        options.createSession = true
        guardProcess = Spawner()
        pipe = Mutex(ends[1])
        defer { Glibc.close(ends[0]) }
        do {
            _ = try guardProcess.begin(command, Self.environment([:]), options)
        } catch {
            Glibc.close(ends[1])
            throw error
        }
    }

    deinit { close() }

    /// Ends every child that is left and removes every folder; returns when that is done, or after some seconds.
    public func close() {
        let end = pipe.withLock { pipe in
            defer { pipe = -1 }
            return pipe
        }
        guard end >= 0 else { return }
        Glibc.close(end)
        _ = guardProcess.wait(10)
    }

    /// Removes the folder at `path` when this process ends.
    public func own(_ path: String) { say("folder \(path)") }

    func watch(_ group: Int32) { say("watch \(group)") }
    func leave(_ group: Int32) { say("leave \(group)") }

    private func say(_ line: String) {
        pipe.withLock { pipe in
            guard pipe >= 0 else { return }
            let bytes = Array((line + "\n").utf8)
            _ = bytes.withUnsafeBytes { Glibc.write(pipe, $0.baseAddress, $0.count) }
        }
    }

    /// The environment of a child: that of this process without what makes it an MPI rank, with the mark.
    func environment(_ changes: [String: String?]) -> Environment {
        var changes = changes
        changes[Self.mark] = value
        return Self.environment(changes)
    }

    private static func environment(_ changes: [String: String?]) -> Environment {
        var values = ProcessInfo.processInfo.environment.filter { name, _ in
            // A model that uses MPI itself must not take itself for a rank of this job.
            !["OMPI_", "PMIX_", "PMI_", "ORTE_", "OPAL_"].contains { name.hasPrefix($0) }
        }
        for (name, value) in changes { values[name] = value }
        return .custom(
            Dictionary(uniqueKeysWithValues: values.map { (Environment.Key(rawValue: $0.key)!, $0.value) }))
    }

    private static var ownProgram: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
