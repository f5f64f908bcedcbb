internal import Clocks
internal import Glibc
internal import Subprocess

/// A process that this one has started, in a process group of its own.
///
/// Starting and reaping are the Subprocess library's, which spawns without copying this process. It works on threads of
/// its own; here one thread starts a child, looks after it and ends it, and waits only for as long as it says.
public final class Child: Sendable {
    /// Process number of the child, which is that of its group.
    public let processID: Int32

    private let spawner: Spawner
    private let guardian: Guardian

    /// Starts `command`; should this process be killed, `guardian` ends the child.
    ///
    /// - Throws: when the program cannot be started: it is not there, or may not be run.
    public init(_ command: Command, under guardian: Guardian) throws(ChildError) {
        var options = PlatformOptions()
        options.processGroupID = 0
        let spawner = Spawner()
        processID = try spawner.begin(command, guardian.environment(command.environment), options)
        guardian.watch(processID)
        self.spawner = spawner
        self.guardian = guardian
    }

    /// How the child ended; `nil` while it lives.
    public var exitStatus: ExitStatus? { spawner.exitStatus }

    /// Waits until the child has ended, for `seconds` at most.
    ///
    /// - Returns: how it ended; `nil` when it lives.
    public func wait(_ seconds: Double) -> ExitStatus? {
        if let exitStatus = spawner.exitStatus { return exitStatus }
        return spawner.wait(seconds)
    }

    /// Sends a signal to the child and everything that it has started in its group.
    public func signal(_ number: Int32) {
        // The group outlives the child while a process is left in it.
        kill(-processID, number)
    }

    /// Ends the child and its group: asks it with TERM, and after `grace` seconds does not ask any more.
    ///
    /// - Parameter attend: called every few tenths of a second.
    @discardableResult
    public func end(grace: Double, attend: () -> Void = {}) -> ExitStatus {
        let begin = Time.monotonic()
        if spawner.exitStatus == nil { signal(SIGTERM) }
        while spawner.exitStatus == nil, Time.monotonic() - begin < grace {
            attend()
            _ = spawner.wait(0.05)
        }
        return clean(attend)
    }

    /// Ends what the child has left of its group behind, the child itself if need be.
    @discardableResult
    public func clean(_ attend: () -> Void = {}) -> ExitStatus {
        signal(SIGKILL)
        while true {
            if let exitStatus = spawner.wait(0.1) {
                guardian.leave(processID)
                return exitStatus
            }
            attend()
        }
    }
}
