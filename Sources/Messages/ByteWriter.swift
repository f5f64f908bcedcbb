/// Puts numbers, columns of numbers and text one after the other, little-endian; or only counts their bytes.
struct ByteWriter {
    /// `nil` while bytes are only counted.
    private let memory: UnsafeMutableRawPointer?
    private var count = 0

    private init(_ memory: UnsafeMutableRawPointer?) { self.memory = memory }

    /// Replaces the content of `buffer` by the code of a kind of message and what `content` puts.
    ///
    /// - Parameters:
    ///   - buffer: receives the bytes; its memory is reused.
    ///   - kind: the first byte.
    ///   - content: called twice, first to count the bytes and then to write them.
    @inline(__always)
    static func fill(
        _ buffer: inout [UInt8], _ kind: some RawRepresentable<UInt8>, _ content: (inout ByteWriter) -> Void = { _ in }
    ) {
        var counter = ByteWriter(nil)
        counter.put(kind.rawValue)
        content(&counter)
        if buffer.count != counter.count {
            buffer.removeAll(keepingCapacity: true)
            buffer.append(contentsOf: repeatElement(0, count: counter.count))
        }
        buffer.withUnsafeMutableBytes { bytes in
            var writer = ByteWriter(bytes.baseAddress)
            writer.put(kind.rawValue)
            content(&writer)
            precondition(writer.count == counter.count, "the bytes put are those counted")
        }
    }

    @inline(__always)
    mutating func put<T: BitwiseCopyable>(_ value: T) {
        memory?.storeBytes(of: value, toByteOffset: count, as: T.self)
        count += MemoryLayout<T>.size
    }

    /// Puts a whole column, without its length.
    @inline(__always)
    mutating func put<T: BitwiseCopyable>(column: [T]) {
        column.withUnsafeBytes { bytes in
            if let memory, let start = bytes.baseAddress {
                (memory + count).copyMemory(from: start, byteCount: bytes.count)
            }
            count += bytes.count
        }
    }

    /// Puts the length of a text, then its UTF-8.
    mutating func put(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            put(UInt32(bytes.count))
            for byte in bytes { put(byte) }
        }
    }
}

#if !_endian(little)
    #error("messages are written in the host's byte order, which has to be little-endian")
#endif
