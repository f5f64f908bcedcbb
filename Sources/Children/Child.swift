internal import Dispatch
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// A process that this one has started, in a process group of its own.
///
/// Starting and reaping are the Subprocess library's, which spawns without copying this process. It works on threads of
/// its own; here one thread starts a child, looks after it and ends it, and waits only for as long as it says.
public final class Child: Sendable {
    /// Process number of the child, which is that of its group.
    public let processID: Int32

    private let life: Life
    private let guardian: Guardian

    /// Starts `command`; should this process be killed, `guardian` ends the child.
    ///
    /// - Throws: when the program cannot be started: it is not there, or may not be run.
    public init(_ command: Command, under guardian: Guardian) throws(ChildrenError) {
        var options = PlatformOptions()
        options.processGroupID = 0
        let life = Life()
        processID = try life.begin(command, guardian.environment(command.environment), options)
        guardian.watch(processID)
        self.life = life
        self.guardian = guardian
    }

    /// How the child ended; `nil` while it lives.
    public var ending: Ending? { life.ending }

    /// Waits until the child has ended, for `seconds` at most.
    ///
    /// - Returns: how it ended; `nil` when it lives.
    public func wait(_ seconds: Double) -> Ending? {
        if let ending = life.ending { return ending }
        return life.wait(seconds)
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
    public func end(grace: Double, attend: () -> Void = {}) -> Ending {
        let begin = monotonicTime()
        if life.ending == nil { signal(SIGTERM) }
        while life.ending == nil, monotonicTime() - begin < grace {
            attend()
            _ = life.wait(0.05)
        }
        return clean(attend)
    }

    /// Ends what the child has left of its group behind, the child itself if need be.
    @discardableResult
    public func clean(_ attend: () -> Void = {}) -> Ending {
        signal(SIGKILL)
        while true {
            if let ending = life.wait(0.1) {
                guardian.leave(processID)
                return ending
            }
            attend()
        }
    }
}

/// A child between its start and its end, on the library's threads.
final class Life: Sendable {
    private struct State {
        var processID: Int32?
        var ending: Ending?
        var failure: String?
    }

    private let state = Mutex(State())
    private let hasStarted = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    var ending: Ending? { state.withLock { $0.ending } }

    /// - Returns: the child's process number.
    func begin(
        _ command: Command, _ environment: Environment, _ options: PlatformOptions
    ) throws(ChildrenError) -> Int32 {
        let streams = try Streams(command)
        let configuration = Configuration(
            executable: command.program.contains("/") ? .path(FilePath(command.program)) : .name(command.program),
            arguments: Arguments(command.arguments), environment: environment,
            workingDirectory: FilePath(command.workingDirectory), platformOptions: options)
        let (input, output, error) = (streams.input, streams.output, streams.error)
        Task.detached {
            do {
                let result = try await run(
                    configuration,
                    input: .fileDescriptor(FileDescriptor(rawValue: input), closeAfterSpawningProcess: false),
                    output: .fileDescriptor(FileDescriptor(rawValue: output), closeAfterSpawningProcess: false),
                    error: .fileDescriptor(FileDescriptor(rawValue: error), closeAfterSpawningProcess: false)
                ) { execution in
                    self.state.withLock { $0.processID = execution.processIdentifier.value }
                    self.hasStarted.signal()
                }
                let ending: Ending =
                    switch result.terminationStatus {
                    case .exited(let code): .exited(code)
                    case .signaled(let signal): .signalled(signal)
                    }
                self.state.withLock { $0.ending = ending }
            } catch {
                self.state.withLock { state in
                    state.failure = "\(error)"
                    state.ending = .exited(127)
                }
                self.hasStarted.signal()
            }
            self.hasEnded.signal()
        }
        hasStarted.wait()
        streams.close()
        guard let processID = state.withLock({ $0.processID }) else {
            let why = state.withLock { $0.failure } ?? "unknown"
            throw ChildrenError("cannot start \(command.program): \(why)")
        }
        return processID
    }

    func wait(_ seconds: Double) -> Ending? {
        if let ending { return ending }
        if hasEnded.wait(timeout: .now() + seconds) == .success { hasEnded.signal() }
        return ending
    }
}

/// The descriptors that a child begins with.
private struct Streams {
    private(set) var input: Int32 = -1
    private(set) var output: Int32 = -1
    private(set) var error: Int32 = -1
    private var owned: [Int32] = []

    init(_ command: Command) throws(ChildrenError) {
        do {
            input = try open(command.input, O_RDONLY)
            output = try open(command.output, O_WRONLY | O_CREAT | O_TRUNC)
            error = command.error == command.output ? output : try open(command.error, O_WRONLY | O_CREAT | O_TRUNC)
        } catch {
            close()
            throw error
        }
    }

    private mutating func open(_ stream: Command.Stream, _ flags: Int32) throws(ChildrenError) -> Int32 {
        let path: String
        switch stream {
        case .descriptor(let descriptor): return descriptor
        case .null: path = "/dev/null"
        case .file(let name): path = name
        }
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ChildrenError("cannot open \(path): \(String(cString: strerror(errno)))") }
        owned.append(descriptor)
        return descriptor
    }

    func close() { for descriptor in owned { _ = Glibc.close(descriptor) } }
}

/// Seconds on a clock that never steps, from an arbitrary start.
func monotonicTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
