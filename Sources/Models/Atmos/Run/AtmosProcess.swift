internal import Children
internal import Clocks
internal import Foundation
internal import Glibc

/// Runs one of Atmos's programs to its end, reading what it says meanwhile.
struct AtmosProcess {
    /// A stream of the program's.
    enum Stream: Sendable {
        case output, errors
    }

    /// Output beyond this is of a program that has lost its way, bytes.
    private static let longestLog = 64 << 20
    /// Seconds between two looks.
    private static let interval = 0.1
    /// Seconds between TERM and KILL. Neither program has anything to put in order.
    private static let grace = 1.0

    let guardian: Guardian
    let folder: String

    /// - Parameters:
    ///   - program: path of the executable.
    ///   - log: name of the file for its output.
    ///   - limit: seconds that it may take.
    ///   - read: takes what it has said since the last look; says why it is to be stopped.
    ///   - attend: whether the answer is still wanted.
    /// - Returns: how it ended; `nil` when the answer is no longer wanted.
    /// - Throws: when it cannot be started.
    func run(
        _ program: String, log: String, limit: Double,
        read: (_ bytes: [UInt8], _ stream: Stream) -> AtmosEnding.Stop?, attend: () -> Bool
    ) throws(ChildError) -> AtmosEnding? {
        var command = Command(program, environment: ["GFORTRAN_UNBUFFERED_ALL": "1"], in: folder)
        command.output = .file(folder + "/" + log)
        command.error = .file(folder + "/" + AtmosScratch.errors(log))
        let begin = Time.monotonic()
        let child = try Child(command, under: guardian)
        var output = Tail(folder + "/" + log)
        var errors = Tail(folder + "/" + AtmosScratch.errors(log))
        func look() -> AtmosEnding.Stop? {
            var stop: AtmosEnding.Stop?
            repeat {
                stop = stop ?? read(output.next(), .output)
                stop = stop ?? read(errors.next(), .errors)
                if output.size + errors.size > Self.longestLog { return stop ?? .endlessOutput }
            } while output.hasMore || errors.hasMore
            return stop
        }
        while true {
            let ending = child.wait(Self.interval)
            let stop = look() ?? (Time.monotonic() - begin > limit ? .timeLimit : nil)
            if let ending {
                child.killGroup()
                switch ending {
                case .exited(let code): return .exited(code)
                case .signalled(let signal): return .signalled(signal)
                }
            }
            let isWanted = attend()
            guard stop != nil || !isWanted else { continue }
            child.end(grace: Self.grace) { _ = attend() }
            _ = look()
            return isWanted ? stop.map { .stopped($0) } : nil
        }
    }
}

/// A file that grows, read as far as it has.
private struct Tail {
    private let path: String
    private var length = 0
    /// Bytes of the file at the last look.
    private(set) var size = 0

    var hasMore: Bool { length < size }

    init(_ path: String) { self.path = path }

    /// What was added since the last call, a megabyte at most.
    mutating func next() -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var info = stat()
        if fstat(file, &info) == 0 { size = Int(info.st_size) }
        let offset = length
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
            count = max(0, pread(file, buffer.baseAddress, buffer.count, off_t(offset)))
        }
        length += bytes.count
        return bytes
    }
}
