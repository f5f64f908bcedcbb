internal import Glibc

/// Splits a stream of bytes that arrives in pieces into lines.
struct LineBuffer: Sendable {
    private let longestLine: Int

    /// What has arrived and has not been taken yet, from `start` on.
    private var bytes: [UInt8] = []
    private var start = 0
    /// The offsets of the line breaks in `bytes`, of which the first `taken` belong to lines that have been taken.
    private var lineEnds: [Int] = []
    private var taken = 0

    /// Buffers of up to this size keep their memory once they are empty.
    private static let keptCapacity = 64 << 10

    /// Creates an empty buffer.
    ///
    /// - Parameter longestLine: the number of bytes after which the rest of a line is dropped, so that a stream without
    ///   line breaks does not fill the memory; unlimited by default.
    init(longestLine: Int = .max) { self.longestLine = longestLine }

    /// Appends a piece of the stream, which may begin and end within a line.
    mutating func append(_ piece: some Sequence<UInt8>) {
        let isContiguous: Void? = piece.withContiguousStorageIfAvailable { append($0) }
        if isContiguous == nil { Array(piece).withUnsafeBufferPointer { append($0) } }
    }

    private mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
        guard let base = piece.baseAddress else { return }
        var offset = 0
        while offset < piece.count {
            let found = memchr(base + offset, Int32(UInt8(ascii: "\n")), piece.count - offset)
            let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) } ?? piece.count
            let room = longestLine - (bytes.count - lastLineStart)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: piece[offset..<offset + min(end - offset, room)]))
            if found != nil {
                lineEnds.append(bytes.count)
                bytes.append(UInt8(ascii: "\n"))
            }
            offset = end + 1
        }
    }

    private var lastLineStart: Int { lineEnds.last.map { $0 + 1 } ?? start }

    /// Whether a whole line is ready to be taken.
    var hasLine: Bool { taken < lineEnds.count }

    /// Everything that has not been taken, line breaks included.
    var rest: ArraySlice<UInt8> { bytes[start...] }

    /// Takes the next whole line, without its line break; `nil` if there is none yet.
    mutating func next() -> [UInt8]? {
        guard hasLine else { return nil }
        let line = Array(bytes[start..<lineEnds[taken]])
        start = lineEnds[taken] + 1
        taken += 1
        if !hasLine { removeTaken() }
        return line
    }

    /// Takes the last line of a stream that has ended without a line break; `nil` if it ended with one.
    mutating func takeUnfinishedLine() -> [UInt8]? {
        guard !hasLine, start < bytes.count else { return nil }
        defer {
            start = bytes.count
            removeTaken()
        }
        return Array(rest)
    }

    private mutating func removeTaken() {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
        } else {
            bytes.removeFirst(start)
        }
        lineEnds.removeAll(keepingCapacity: true)
        taken = 0
        start = 0
    }
}
