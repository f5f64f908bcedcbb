import Children
import Clocks
import Glibc

/// A process of the program with a pipe at each of its three streams, read and written as fast as it will have it, so
/// that neither side ever waits for the other with a full pipe.
final class ProgramProcess {
    /// What comes of waiting for the program.
    enum Event {
        /// A line of its output, without the line break.
        case line([UInt8])
        /// It has closed its output, or has ended.
        case endOfOutput
        case timedOut
        /// More output came than an answer may have.
        case tooLong
        /// The answer is no longer wanted.
        case unwanted
    }

    /// What the program reads.
    enum InputSource {
        /// What ``send(_:)`` gives it.
        case requests
        case file(String)
    }

    /// Most bytes that a program may write for a point.
    static let outputLimit = 32 << 20

    /// Seconds between two calls of `attend`.
    private static let attendance = 0.2

    private let child: Child
    /// Ends of the pipes, -1 once closed.
    private var input: Int32
    private var output: Int32
    private var error: Int32

    private var unsent: [UInt8] = []
    private var received: [UInt8] = []
    /// Where the next line begins in `received`, and how far it has been searched for its end.
    private var lineStart = 0
    private var searched = 0
    private var receivedSince = 0
    private var block = [UInt8](repeating: 0, count: 64 << 10)

    /// The end of what it wrote to its standard error.
    private(set) var errorTail = ByteTail()

    /// Whether it has answered a point: what goes wrong later may come from that one.
    var hasAnswered = false

    /// - Parameter command: its streams are replaced.
    /// - Throws: when the program cannot be started.
    init(_ command: Command, input: InputSource = .requests, under guardian: Guardian) throws(ChildError) {
        var command = command
        let pipes = try Pipes()
        switch input {
        case .requests: command.input = .descriptor(pipes.theirs[0])
        case .file(let path): command.input = .file(path)
        }
        command.output = .descriptor(pipes.theirs[1])
        command.error = .descriptor(pipes.theirs[2])
        defer { for end in pipes.theirs { close(end) } }
        do {
            child = try Child(command, under: guardian)
        } catch {
            for end in pipes.ours { close(end) }
            throw error
        }
        (self.input, output, error) = (pipes.ours[0], pipes.ours[1], pipes.ours[2])
    }

    deinit { for end in [input, output, error] where end >= 0 { close(end) } }

    // MARK: talking

    /// Hands over a request; the output from here on is that of this request.
    func send(_ bytes: [UInt8]) {
        receivedSince = received.count - lineStart
        errorTail.removeAll()
        unsent += bytes
        write()
    }

    /// Says that no request will follow.
    func closeInput() {
        if input >= 0 { close(input) }
        input = -1
    }

    /// The next line, waited for until `deadline` of the clock of `Time.monotonic()`.
    func nextLine(until deadline: Double, attend: () -> Bool) -> Event {
        while true {
            if let line = takeLine() { return .line(line) }
            if let event = wait(until: deadline, attend: attend) { return event }
        }
    }

    /// A line that has come unasked; `nil` when there is none.
    func strayLine() -> [UInt8]? {
        if takeableLine == nil { _ = pump(0) }
        return takeLine()
    }

    /// Whether something has come unasked that is no whole line yet.
    var hasStrayOutput: Bool { lineStart < received.count }

    var hasClosedOutput: Bool { output < 0 }

    /// Waits for the end of the output; what came of it is then in ``allOutput``.
    func waitForEndOfOutput(until deadline: Double, attend: () -> Bool) -> Event {
        while true {
            if let event = wait(until: deadline, attend: attend) { return event }
        }
    }

    var allOutput: [UInt8] { received }

    /// Waits for the end of the process, whose streams go on being read.
    ///
    /// - Returns: how it ended; `nil` at `deadline`, or when the answer is not wanted any more.
    func waitForEnding(until deadline: Double, attend: () -> Bool) -> ExitStatus? {
        while true {
            if let ending = child.wait(0.02) { return ending }
            if hasOpenStreams { _ = pump(0) }
            guard Time.monotonic() < deadline, attend() else { return nil }
        }
    }

    // MARK: ending

    /// Ends the process and everything in its group: asks it, then kills it.
    ///
    /// - Returns: how it ended.
    @discardableResult
    func end(grace: Double, attend: () -> Void = {}) -> ExitStatus {
        closeInput()
        let ending = child.end(grace: grace, attend: attend)
        drain()
        return ending
    }

    /// Ends what a process that has ended by itself has left behind.
    func clean() {
        child.killGroup()
        drain()
    }

    /// Lets the process end by itself, for which it has a second, then ends it.
    func finish(grace: Double) {
        closeInput()
        _ = waitForEnding(until: Time.monotonic() + 1) { true }
        end(grace: grace)
    }

    /// How it ended, where it ends by itself within some moments.
    func endingSoon() -> ExitStatus? { child.wait(0.5) }

    /// Reads what the standard error still holds.
    private func drain() {
        for _ in 0..<64 where error >= 0 { readError() }
    }

    // MARK: pipes

    private var hasOpenStreams: Bool { output >= 0 || error >= 0 }

    private func wait(until deadline: Double, attend: () -> Bool) -> Event? {
        if receivedSince > Self.outputLimit { return .tooLong }
        guard output >= 0 else { return .endOfOutput }
        let now = Time.monotonic()
        guard now < deadline else { return .timedOut }
        let isQuiet = !pump(min(deadline - now, Self.attendance))
        // A grandchild may hold the streams of a program that has ended; its last words come first.
        if isQuiet, child.exitStatus != nil, !pump(0) { return .endOfOutput }
        if Time.monotonic() - lastAttended >= Self.attendance || isQuiet {
            lastAttended = Time.monotonic()
            guard attend() else { return .unwanted }
        }
        return nil
    }

    private var lastAttended = Time.monotonic()

    /// Waits until a pipe can be read or written, for `seconds` at most, and does it.
    ///
    /// - Returns: whether there was one.
    private func pump(_ seconds: Double) -> Bool {
        var polls = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: error, events: Int16(POLLIN), revents: 0),
            pollfd(fd: unsent.isEmpty ? -1 : input, events: Int16(POLLOUT), revents: 0),
        ]
        guard poll(&polls, 3, Int32((seconds * 1000).rounded(.up))) > 0 else { return false }
        if polls[0].revents != 0 { readOutput() }
        if polls[1].revents != 0 { readError() }
        if polls[2].revents != 0 { write() }
        return true
    }

    private func readOutput() {
        let count = read(output, &block, block.count)
        if count > 0 {
            received += block[..<count]
            receivedSince += count
        } else if count == 0 || errno != EAGAIN && errno != EINTR {
            close(output)
            output = -1
        }
    }

    private func readError() {
        let count = read(error, &block, block.count)
        if count > 0 {
            errorTail.append(block[..<count])
        } else if count == 0 || errno != EAGAIN && errno != EINTR {
            close(error)
            error = -1
        }
    }

    private func write() {
        guard input >= 0, !unsent.isEmpty else { return }
        let count = Glibc.write(input, unsent, unsent.count)
        if count > 0 {
            unsent.removeFirst(count)
        } else if errno != EAGAIN && errno != EINTR {
            // It does not read any more; what it still says is heard all the same.
            unsent.removeAll()
            closeInput()
        }
    }

    /// Where the next line ends, when it is there whole.
    private var takeableLine: Int? {
        guard searched < received.count else { return nil }
        let end = received.withUnsafeBytes { bytes in
            memchr(bytes.baseAddress! + searched, Int32(UInt8(ascii: "\n")), bytes.count - searched)
                .map { UnsafeRawPointer($0) - bytes.baseAddress! }
        }
        searched = end ?? received.count
        return end
    }

    private func takeLine() -> [UInt8]? {
        guard let end = takeableLine else { return nil }
        let line = Array(received[lineStart..<end])
        if end + 1 == received.count {
            received.removeAll(keepingCapacity: received.count <= block.count)
            lineStart = 0
        } else {
            lineStart = end + 1
            // What has been taken is let go now and then, however much comes.
            if lineStart > block.count {
                received.removeFirst(lineStart)
                lineStart = 0
            }
        }
        searched = lineStart
        return line
    }
}

/// The end of a long text: some kilobytes, whatever was written before.
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

/// The two ends of the three pipes of a child.
private struct Pipes {
    /// For standard input, output and error.
    private(set) var theirs: [Int32] = []
    /// Not to be inherited, and never waited for.
    private(set) var ours: [Int32] = []

    init() throws(ChildError) {
        for stream in 0..<3 {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                let why = String(cString: strerror(errno))
                for end in theirs + ours { close(end) }
                throw ChildError("cannot make a pipe: \(why)")
            }
            theirs.append(ends[stream == 0 ? 0 : 1])
            ours.append(ends[stream == 0 ? 1 : 0])
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            _ = fcntl(ours[stream], F_SETFL, O_NONBLOCK)
        }
    }
}
