internal import Children
internal import Clocks
internal import SystemPackage

/// Runs one of the two programs and reads its output while it runs.
struct AtmosProcess {
    /// A standard stream of a program.
    enum Stream: Sendable, CaseIterable {
        case output, errors
    }

    /// A program that writes more than this has gone wrong, bytes.
    private static let outputLimit = 64 << 20
    /// The time between two reads of the output, s.
    private static let interval = 0.1
    /// The time between SIGTERM and SIGKILL, s; neither program has anything to clean up.
    private static let grace = 1.0

    let guardian: Guardian
    let folder: String

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - program: the path of the executable.
    ///   - log: the name of the file for its standard output.
    ///   - limit: the time that it may take, s.
    ///   - read: receives new output; returns the reason to stop the program, if there is one.
    ///   - attend: returns whether the point is still wanted.
    /// - Returns: how the run ended; `nil` if the point is no longer wanted.
    /// - Throws: an error if the program cannot be started.
    func run(
        _ program: String, log: String, limit: Double,
        read: (_ bytes: [UInt8], _ stream: Stream) -> AtmosEnding.Stop?, attend: () -> Bool
    ) throws(ChildError) -> AtmosEnding? {
        var command = Command(program, environment: ["GFORTRAN_UNBUFFERED_ALL": "1"], in: folder)
        command.output = .file(folder + "/" + log)
        command.error = .file(folder + "/" + AtmosScratch.errors(log))
        let begin = Time.monotonic()
        let child = try Child(command, under: guardian)
        var output = GrowingFile(folder + "/" + log)
        var errors = GrowingFile(folder + "/" + AtmosScratch.errors(log))
        func readOutput() -> AtmosEnding.Stop? {
            var stop: AtmosEnding.Stop?
            repeat {
                stop = stop ?? read(output.next(), .output)
                stop = stop ?? read(errors.next(), .errors)
                if output.size + errors.size > Self.outputLimit { return stop ?? .outputLimitExceeded }
            } while output.hasMore || errors.hasMore
            return stop
        }
        while true {
            let exitStatus = child.wait(Self.interval)
            let stop = readOutput() ?? (Time.monotonic() - begin > limit ? .timeLimit : nil)
            if let exitStatus {
                child.killGroup()
                return .ended(exitStatus)
            }
            let isWanted = attend()
            guard stop != nil || !isWanted else { continue }
            child.end(grace: Self.grace) { _ = attend() }
            _ = readOutput()
            return isWanted ? stop.map { .stopped($0) } : nil
        }
    }
}

/// Reads a file that another process is writing.
private struct GrowingFile {
    private let path: String
    private var offset = 0
    /// The size of the file when it was last read, bytes.
    private(set) var size = 0

    /// Whether the file had more to read when it was last read.
    var hasMore: Bool { offset < size }

    init(_ path: String) { self.path = path }

    /// Returns what was added since the last call, up to 1 MiB; empty if the file cannot be read.
    mutating func next() -> [UInt8] {
        let start = Int64(offset)
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return [] }
        let read = try? file.closeAfter {
            let size = try file.stat().size
            let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
                count = try file.read(fromAbsoluteOffset: start, into: UnsafeMutableRawBufferPointer(buffer))
            }
            return (size, bytes)
        }
        guard let (fileSize, bytes) = read else { return [] }
        size = Int(fileSize)
        offset += bytes.count
        return bytes
    }
}
