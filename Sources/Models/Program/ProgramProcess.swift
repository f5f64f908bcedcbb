import Children
import Clocks
import Glibc
import SystemPackage

/// A process of the program with a pipe at each of its three streams. The pipes are read and written as soon as they
/// can be, so that neither side ever waits for the other with a full pipe.
final class ProgramProcess {
    /// What happened while waiting for the program.
    enum Event {
        /// A line of its output, without the line break.
        case line([UInt8])
        /// It closed its output, or ended.
        case endOfOutput
        case timedOut
        /// It wrote more output than one answer may have.
        case tooLong
        /// The answer is no longer wanted.
        case unwanted
    }

    /// What the program reads.
    enum InputSource {
        /// What ``send(_:)`` sends.
        case requests
        case file(String)
    }

    /// The most bytes that a program may write for one point.
    static let outputLimit = 32 << 20

    /// Seconds between two calls of `attend`.
    private static let attendInterval = 0.2

    private let child: Child
    /// Ends of the pipes; `nil` once closed.
    private var input: FileDescriptor?
    private var output: FileDescriptor?
    private var error: FileDescriptor?

    private var unsent: [UInt8] = []
    private var received = LineBuffer()
    /// Bytes received since the last request.
    private var receivedSince = 0
    /// Reused to avoid allocation.
    private var block = [UInt8](repeating: 0, count: 64 << 10)
    private var lastAttended = Time.monotonic()

    /// The end of what it wrote to its standard error.
    private(set) var errorTail = ByteTail()

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - command: the program; its streams are replaced.
    ///   - input: what it reads.
    ///   - guardian: ends it when this process ends.
    /// - Throws: when it cannot be started.
    init(_ command: Command, input: InputSource = .requests, under guardian: Guardian) throws(ChildError) {
        var command = command
        let pipes = try Pipes()
        switch input {
        case .requests: command.input = .descriptor(pipes.theirs[0].rawValue)
        case .file(let path): command.input = .file(path)
        }
        command.output = .descriptor(pipes.theirs[1].rawValue)
        command.error = .descriptor(pipes.theirs[2].rawValue)
        defer { for end in pipes.theirs { try? end.close() } }
        do {
            child = try Child(command, under: guardian)
        } catch {
            for end in pipes.ours { try? end.close() }
            throw error
        }
        (self.input, output, error) = (pipes.ours[0], pipes.ours[1], pipes.ours[2])
    }

    deinit { for end in [input, output, error] { try? end?.close() } }

    // MARK: Messages

    /// Sends a request; the output from here on belongs to it.
    func send(_ bytes: [UInt8]) {
        receivedSince = received.rest.count
        errorTail.removeAll()
        unsent += bytes
        write()
    }

    /// Closes the program's input: no request will follow.
    func closeInput() { close(&input) }

    /// Waits for the next line, until `deadline` on the clock of `Time.monotonic()`.
    func nextLine(until deadline: Double, attend: () -> Bool) -> Event {
        while true {
            if let line = received.next() { return .line(line) }
            if let event = wait(until: deadline, attend: attend) { return event }
        }
    }

    /// Returns a line that no request asked for; `nil` when there is none.
    func strayLine() -> [UInt8]? {
        if !received.hasLine { _ = pump(0) }
        return received.next()
    }

    /// Whether part of a line has come that no request asked for.
    var hasStrayOutput: Bool { !received.rest.isEmpty }

    var hasClosedOutput: Bool { output == nil }

    /// Waits for the end of the output, which ``allOutput`` then has.
    func waitForEndOfOutput(until deadline: Double, attend: () -> Bool) -> Event {
        while true {
            if let event = wait(until: deadline, attend: attend) { return event }
        }
    }

    var allOutput: [UInt8] { Array(received.rest) }

    /// Waits for the end of the process, while its streams are still read.
    ///
    /// - Parameters:
    ///   - deadline: on the clock of `Time.monotonic()`.
    ///   - attend: whether the answer is still wanted.
    /// - Returns: how it ended; `nil` at `deadline`, or when the answer is no longer wanted.
    func waitForEnd(until deadline: Double, attend: () -> Bool) -> ExitStatus? {
        while true {
            if let exitStatus = child.wait(0.02) { return exitStatus }
            if output != nil || error != nil { _ = pump(0) }
            guard Time.monotonic() < deadline, attend() else { return nil }
        }
    }

    // MARK: Ending

    /// Ends the process and everything in its group: asks first, then kills.
    ///
    /// - Parameters:
    ///   - grace: seconds between the two.
    ///   - attend: called every few tenths of a second.
    /// - Returns: how it ended.
    @discardableResult
    func end(grace: Double, attend: () -> Void = {}) -> ExitStatus {
        closeInput()
        let exitStatus = child.end(grace: grace, attend: attend)
        drain()
        return exitStatus
    }

    /// Kills what a process that has ended has left running in its group.
    func killGroup() {
        child.killGroup()
        drain()
    }

    /// Gives the process a second to end by itself, then ends it.
    func finish(grace: Double) {
        closeInput()
        _ = waitForEnd(until: Time.monotonic() + 1) { true }
        end(grace: grace)
    }

    /// How the process ended, if it ends by itself within half a second.
    func exitStatusSoon() -> ExitStatus? { child.wait(0.5) }

    /// Reads what the standard error still holds.
    private func drain() {
        for _ in 0..<64 where error != nil { readError() }
    }

    // MARK: Pipes

    private func wait(until deadline: Double, attend: () -> Bool) -> Event? {
        if receivedSince > Self.outputLimit { return .tooLong }
        guard output != nil else { return .endOfOutput }
        let now = Time.monotonic()
        guard now < deadline else { return .timedOut }
        let isQuiet = !pump(min(deadline - now, Self.attendInterval))
        // A grandchild may hold the streams of a program that has ended: read what is left in them, then stop.
        if isQuiet, child.exitStatus != nil, !pump(0) { return .endOfOutput }
        if Time.monotonic() - lastAttended >= Self.attendInterval || isQuiet {
            lastAttended = Time.monotonic()
            guard attend() else { return .unwanted }
        }
        return nil
    }

    /// Waits until a pipe can be read or written, for `seconds` at most, then reads and writes.
    ///
    /// - Returns: whether one could be.
    private func pump(_ seconds: Double) -> Bool {
        var polls = [
            pollfd(fd: output?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: error?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: unsent.isEmpty ? -1 : input?.rawValue ?? -1, events: Int16(POLLOUT), revents: 0),
        ]
        guard poll(&polls, 3, Int32((seconds * 1000).rounded(.up))) > 0 else { return false }
        if polls[0].revents != 0 { readOutput() }
        if polls[1].revents != 0 { readError() }
        if polls[2].revents != 0 { write() }
        return true
    }

    private func readOutput() {
        guard let count = readBlock(&output) else { return }
        received.append(block[..<count])
        receivedSince += count
    }

    private func readError() {
        if let count = readBlock(&error) { errorTail.append(block[..<count]) }
    }

    /// Reads from `stream` into `block`, and closes it at its end.
    ///
    /// - Returns: the number of bytes; `nil` when nothing can be read.
    private func readBlock(_ stream: inout FileDescriptor?) -> Int? {
        guard let descriptor = stream else { return nil }
        do {
            let count = try block.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            if count > 0 { return count }
        } catch Errno.resourceTemporarilyUnavailable {
            return nil
        } catch {}
        close(&stream)
        return nil
    }

    private func write() {
        guard let descriptor = input, !unsent.isEmpty else { return }
        do {
            unsent.removeFirst(try unsent.withUnsafeBytes { try descriptor.write($0) })
        } catch Errno.resourceTemporarilyUnavailable {
        } catch {
            // The program no longer reads; what it still writes is read all the same.
            unsent.removeAll()
            closeInput()
        }
    }

    private func close(_ stream: inout FileDescriptor?) {
        try? stream?.close()
        stream = nil
    }
}

/// The last few kilobytes of a stream.
struct ByteTail {
    private static let limit = 4096
    private var kept: [UInt8] = []

    var bytes: ArraySlice<UInt8> { kept.suffix(Self.limit) }

    mutating func append(_ more: ArraySlice<UInt8>) {
        kept += more.suffix(Self.limit)
        if kept.count > 2 * Self.limit { kept.removeFirst(kept.count - Self.limit) }
    }

    mutating func removeAll() { kept.removeAll(keepingCapacity: true) }
}

/// Both ends of the three pipes of a child, for its standard input, output and error.
private struct Pipes {
    private(set) var theirs: [FileDescriptor] = []
    /// Not inherited by children, and non-blocking.
    private(set) var ours: [FileDescriptor] = []

    init() throws(ChildError) {
        do {
            for stream in 0..<3 {
                let (readEnd, writeEnd) = try FileDescriptor.pipe(options: .closeOnExec)
                theirs.append(stream == 0 ? readEnd : writeEnd)
                ours.append(stream == 0 ? writeEnd : readEnd)
                _ = fcntl(ours[stream].rawValue, F_SETFL, O_NONBLOCK)
            }
        } catch {
            for end in theirs + ours { try? end.close() }
            throw ChildError("cannot make a pipe: \(error)")
        }
    }
}
