internal import Glibc

/// The lines of a stream that comes in pieces.
struct LineBuffer: Sendable {
    /// Longest line that is kept whole: a stream without ends of lines does not fill the memory.
    static let limit = 4096

    private var rest: [UInt8] = []

    /// Hands every line that `bytes` completes to `receive`, without its end; longer ones are cut.
    mutating func append(_ bytes: some Sequence<UInt8>, _ receive: (ArraySlice<UInt8>) -> Void) {
        let isRead: Void? = bytes.withContiguousStorageIfAvailable { append($0, receive) }
        if isRead == nil { Array(bytes).withUnsafeBufferPointer { append($0, receive) } }
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>, _ receive: (ArraySlice<UInt8>) -> Void) {
        guard let base = bytes.baseAddress else { return }
        var start = 0
        while start < bytes.count {
            let found = memchr(base + start, 10, bytes.count - start)
            let end = found.map { $0 - UnsafeMutableRawPointer(mutating: base) } ?? bytes.count
            rest += bytes[start..<min(end, start + Self.limit - rest.count)]
            if found != nil {
                receive(rest[...])
                rest.removeAll(keepingCapacity: true)
            }
            start = end + 1
        }
    }

    /// Hands over a last line without an end.
    mutating func finish(_ receive: (ArraySlice<UInt8>) -> Void) {
        if !rest.isEmpty { receive(rest[...]) }
        rest.removeAll()
    }
}

extension ArraySlice<UInt8> {
    /// Where `text` begins; `nil` when it is not there.
    func index(of text: StaticString, from start: Int? = nil) -> Int? {
        let count = text.utf8CodeUnitCount
        return withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var place = (start ?? startIndex) - startIndex
            while place + count <= buffer.count,
                let found = memchr(base + place, Int32(text.utf8Start.pointee), buffer.count - count + 1 - place)
            {
                if memcmp(found, text.utf8Start, count) == 0 {
                    return startIndex + (UnsafeRawPointer(found) - UnsafeRawPointer(base))
                }
                place = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
            }
            return nil
        }
    }

    func contains(_ text: StaticString) -> Bool { index(of: text) != nil }

    /// What stands between a label and the next label, or the end: the fields of a progress line.
    func between(_ label: StaticString, _ next: StaticString?) -> ArraySlice<UInt8>? {
        guard let found = index(of: label) else { return nil }
        let start = found + label.utf8CodeUnitCount
        guard let next else { return self[start...] }
        guard let end = index(of: next, from: start) else { return nil }
        return self[start..<end]
    }

    /// The number between two labels.
    func number(_ label: StaticString, _ next: StaticString?) -> Double? {
        between(label, next).flatMap(FortranNumber.parse)
    }
}
