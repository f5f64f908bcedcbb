internal import Dispatch
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// A child between its start and its end, on the library's threads.
final class Spawner: Sendable {
    private struct State {
        var processID: Int32?
        var exitStatus: ExitStatus?
        var failure: String?
    }

    private let state = Mutex(State())
    private let hasStarted = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    var exitStatus: ExitStatus? { state.withLock { $0.exitStatus } }

    /// - Returns: the child's process number.
    func begin(
        _ command: Command, _ environment: Environment, _ options: PlatformOptions
    ) throws(ChildError) -> Int32 {
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
                let exitStatus: ExitStatus =
                    switch result.terminationStatus {
                    case .exited(let code): .exited(code)
                    case .signaled(let signal): .signalled(signal)
                    }
                self.state.withLock { $0.exitStatus = exitStatus }
            } catch {
                self.state.withLock { state in
                    state.failure = "\(error)"
                    state.exitStatus = .exited(127)
                }
                self.hasStarted.signal()
            }
            self.hasEnded.signal()
        }
        hasStarted.wait()
        streams.close()
        guard let processID = state.withLock({ $0.processID }) else {
            let why = state.withLock { $0.failure } ?? "unknown"
            throw ChildError("cannot start \(command.program): \(why)")
        }
        return processID
    }

    func wait(_ seconds: Double) -> ExitStatus? {
        if let exitStatus { return exitStatus }
        if hasEnded.wait(timeout: .now() + seconds) == .success { hasEnded.signal() }
        return exitStatus
    }
}

/// The descriptors that a child begins with.
private struct Streams {
    private(set) var input: Int32 = -1
    private(set) var output: Int32 = -1
    private(set) var error: Int32 = -1
    private var owned: [Int32] = []

    init(_ command: Command) throws(ChildError) {
        do {
            input = try open(command.input, O_RDONLY)
            output = try open(command.output, O_WRONLY | O_CREAT | O_TRUNC)
            error = command.error == command.output ? output : try open(command.error, O_WRONLY | O_CREAT | O_TRUNC)
        } catch {
            close()
            throw error
        }
    }

    private mutating func open(_ stream: Command.Stream, _ flags: Int32) throws(ChildError) -> Int32 {
        let path: String
        switch stream {
        case .descriptor(let descriptor): return descriptor
        case .null: path = "/dev/null"
        case .file(let name): path = name
        }
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ChildError("cannot open \(path): \(String(cString: strerror(errno)))") }
        owned.append(descriptor)
        return descriptor
    }

    func close() { for descriptor in owned { _ = Glibc.close(descriptor) } }
}
