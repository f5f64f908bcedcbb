internal import Dispatch
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// Starts one child process and waits for it, as a synchronous interface to the asynchronous Subprocess library.
final class Spawner: Sendable {
    private struct State {
        var processID: Int32?
        var exitStatus: ExitStatus?
        var failure: String?
    }

    private let state = Mutex(State())
    private let hasStarted = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    /// How the child ended; `nil` while it is running.
    var exitStatus: ExitStatus? { state.withLock { $0.exitStatus } }

    /// Starts `command` and returns once the child is running.
    ///
    /// - Returns: the child's process ID.
    /// - Throws: an error if a stream cannot be opened, or the program cannot be started.
    func start(
        _ command: Command, _ environment: Environment, _ options: PlatformOptions
    ) throws(ChildError) -> Int32 {
        let streams = try Streams(command)
        defer { streams.close() }
        let configuration = Configuration(
            executable: command.program.contains("/") ? .path(FilePath(command.program)) : .name(command.program),
            arguments: Arguments(command.arguments), environment: environment,
            workingDirectory: FilePath(command.workingDirectory), platformOptions: options)
        let (input, output, error) = (streams.input, streams.output, streams.error)
        Task.detached {
            do {
                let result = try await run(
                    configuration,
                    input: .fileDescriptor(input, closeAfterSpawningProcess: false),
                    output: .fileDescriptor(output, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(error, closeAfterSpawningProcess: false)
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
                    // The code that a shell gives for a command that it cannot find.
                    state.exitStatus = .exited(127)
                }
                self.hasStarted.signal()
            }
            self.hasEnded.signal()
        }
        hasStarted.wait()
        guard let processID = state.withLock({ $0.processID }) else {
            let why = state.withLock { $0.failure } ?? "unknown error"
            throw ChildError("cannot start \(command.program): \(why)")
        }
        return processID
    }

    /// Waits up to `seconds` for the child to end.
    ///
    /// - Returns: how it ended; `nil` if it is still running.
    func wait(_ seconds: Double) -> ExitStatus? {
        if let exitStatus { return exitStatus }
        // Signal again, so that the next call returns at once, too.
        if hasEnded.wait(timeout: .now() + seconds) == .success { hasEnded.signal() }
        return exitStatus
    }
}

/// The file descriptors of a child's standard streams, and which of them were opened for it.
private struct Streams {
    let input: FileDescriptor
    let output: FileDescriptor
    let error: FileDescriptor
    private let opened: [FileDescriptor]

    init(_ command: Command) throws(ChildError) {
        var opened: [FileDescriptor] = []
        func open(
            _ stream: Command.Stream, _ mode: FileDescriptor.AccessMode
        ) throws(ChildError) -> FileDescriptor {
            let path: String
            switch stream {
            case .descriptor(let descriptor): return FileDescriptor(rawValue: descriptor)
            case .null: path = "/dev/null"
            case .file(let name): path = name
            }
            do {
                let file = try FileDescriptor.open(
                    FilePath(path), mode,
                    options: mode == .readOnly ? .closeOnExec : [.create, .truncate, .closeOnExec],
                    permissions: .newFile)
                opened.append(file)
                return file
            } catch {
                throw ChildError("cannot open \(path): \(error)")
            }
        }
        do throws(ChildError) {
            input = try open(command.input, .readOnly)
            output = try open(command.output, .writeOnly)
            error = command.error == command.output ? output : try open(command.error, .writeOnly)
        } catch {
            for file in opened { try? file.close() }
            throw error
        }
        self.opened = opened
    }

    func close() { for file in opened { try? file.close() } }
}
