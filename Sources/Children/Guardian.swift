internal import Foundation
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// Ensures that no child process and no scratch folder outlives this process, however it ends.
///
/// A separate guard process holds the read end of a pipe. When this process closes the write end, or is killed, the
/// guard kills every process group that it was told of, and every other process that carries the mark that children
/// inherit in their environment, such as a grandchild in its own session. It then removes the folders.
///
/// `PR_SET_PDEATHSIG` is not sufficient: it acts when the *thread* that started the child ends, and the threads of a
/// pool may end at any time.
public final class Guardian: Sendable {
    /// The environment variable that marks children; its value is unique to this process.
    public static let mark = "ATMOS_FRONTIER_CHILD_OF"

    /// The argument that starts the guard: `PROGRAM guard MARK`.
    public static let argument = "guard"

    private let value: String
    private let guardProcess: Spawner
    private let pipe: Mutex<FileDescriptor?>

    /// Starts the guard process.
    ///
    /// - Parameter program: the path of an executable that calls ``GuardProcess/run(_:)``; `nil` for this process's own.
    /// - Throws: an error if the guard cannot be started.
    public init(program: String? = nil) throws(ChildError) {
        Self.disableCoreDumps()
        // If the guard has been killed, the next message to it must not kill this process.
        Glibc.signal(SIGPIPE, SIG_IGN)
        value = UUID().uuidString
        let ends: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
        do {
            ends = try FileDescriptor.pipe(options: .closeOnExec)
        } catch {
            throw ChildError("cannot create a pipe: \(error)")
        }
        defer { try? ends.readEnd.close() }
        var command = Command(program ?? Self.ownProgram, [Self.argument, value], in: "/")
        command.input = .descriptor(ends.readEnd.rawValue)
        var options = PlatformOptions()
        options.createSession = true
        guardProcess = Spawner()
        pipe = Mutex(ends.writeEnd)
        do {
            _ = try guardProcess.start(command, Self.environment([:]), options)
        } catch {
            try? ends.writeEnd.close()
            throw error
        }
    }

    deinit { close() }

    /// Ends all remaining children and removes all folders; returns when that is done, or after 10 s.
    public func close() {
        let end = pipe.withLock { pipe in
            defer { pipe = nil }
            return pipe
        }
        guard let end else { return }
        try? end.close()
        _ = guardProcess.wait(10)
    }

    /// Registers the folder at `path` for removal when this process ends.
    public func own(_ path: String) { send("folder \(path)") }

    /// Registers a process group to be killed when this process ends.
    func watch(_ group: Int32) { send("watch \(group)") }

    /// Removes a process group from those to be killed.
    func leave(_ group: Int32) { send("leave \(group)") }

    private func send(_ line: String) {
        // A guard that has been killed cannot be told anything; the job continues without it.
        pipe.withLock { pipe in _ = try? pipe?.writeAll((line + "\n").utf8) }
    }

    /// The environment of a child: that of this process with `changes` and the mark, without what identifies an MPI rank.
    func environment(_ changes: [String: String?]) -> Environment {
        var changes = changes
        changes[Self.mark] = value
        return Self.environment(changes)
    }

    private static func environment(_ changes: [String: String?]) -> Environment {
        var values = ProcessInfo.processInfo.environment.filter { name, _ in
            // A model that uses MPI itself must not believe that it is a rank of this job.
            !["OMPI_", "PMIX_", "PMI_", "ORTE_", "OPAL_"].contains { name.hasPrefix($0) }
        }
        for (name, value) in changes { values[name] = value }
        return .custom(
            Dictionary(uniqueKeysWithValues: values.map { (Environment.Key(rawValue: $0.key)!, $0.value) }))
    }

    /// Disables core dumps of this process and its children: those of many crashing models would fill the disk.
    private static func disableCoreDumps() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = 0
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }

    private static var ownProgram: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
