/// Appends numbers, columns of numbers and text to a message, little-endian.
struct ByteWriter {
    var bytes: [UInt8]

    /// Appends a message of the kind `code` to `buffer`.
    static func write(_ code: UInt8, into buffer: inout [UInt8], _ content: (inout ByteWriter) -> Void) {
        var writer = ByteWriter(bytes: buffer)
        buffer = []
        writer.put(code)
        content(&writer)
        buffer = writer.bytes
    }

    mutating func put<T: BitwiseCopyable>(_ value: T) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }

    /// A whole column, without its length.
    mutating func put<T: BitwiseCopyable>(column: [T]) {
        column.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Makes room for so many more bytes at once.
    mutating func reserve(_ count: Int) {
        let needed = bytes.count + count
        // Exact reservations would copy at each of many small messages.
        if needed > bytes.capacity { bytes.reserveCapacity(2 * needed) }
    }

    /// UTF-8 after its length.
    mutating func put(_ text: String) {
        put(UInt32(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }
}

#if !_endian(little)
    #error("messages are written in the host's byte order, which has to be little-endian")
#endif
