internal import Clocks
internal import Glibc
internal import Subprocess

/// A child process, which runs in its own process group.
///
/// The Subprocess library starts and reaps it without forking this process, whose memory may be large, and does so on
/// its own threads. The interface here is synchronous: one thread starts a child, watches it and ends it, and blocks
/// only for as long as it asks to.
public final class Child: Sendable {
    /// The process ID of the child, which is also its process group ID.
    public let processID: Int32

    private let spawner: Spawner
    private let guardian: Guardian

    /// Starts `command`; if this process is killed, `guardian` ends the child.
    ///
    /// - Throws: an error if the program cannot be started: it is missing, or is not executable.
    public init(_ command: Command, under guardian: Guardian) throws(ChildError) {
        var options = PlatformOptions()
        options.processGroupID = 0
        let spawner = Spawner()
        processID = try spawner.start(command, guardian.environment(command.environment), options)
        guardian.watch(processID)
        self.spawner = spawner
        self.guardian = guardian
    }

    /// How the child ended; `nil` while it is running.
    public var exitStatus: ExitStatus? { spawner.exitStatus }

    /// Waits up to `seconds` for the child to end.
    ///
    /// - Returns: how it ended; `nil` if it is still running.
    public func wait(_ seconds: Double) -> ExitStatus? { spawner.wait(seconds) }

    /// Sends a signal to every process in the child's group.
    public func signal(_ number: Int32) {
        // The group exists for as long as any process is left in it, even after the child itself has ended.
        kill(-processID, number)
    }

    /// Ends the child and its group: sends SIGTERM, then SIGKILL if the child is still running after `grace` seconds.
    ///
    /// - Parameters:
    ///   - grace: the time that the child has to end after SIGTERM, in seconds.
    ///   - attend: called several times a second while waiting.
    /// - Returns: how the child ended.
    @discardableResult
    public func end(grace: Double, attend: () -> Void = {}) -> ExitStatus {
        let begin = Time.monotonic()
        if exitStatus == nil { signal(SIGTERM) }
        while exitStatus == nil, Time.monotonic() - begin < grace {
            attend()
            _ = spawner.wait(0.05)
        }
        return killGroup(attend)
    }

    /// Kills every process that is left in the child's group, the child included if it is still running.
    ///
    /// - Parameter attend: called several times a second while waiting.
    /// - Returns: how the child ended.
    @discardableResult
    public func killGroup(_ attend: () -> Void = {}) -> ExitStatus {
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
