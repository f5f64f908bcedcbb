import Atmospheres

/// Takes numbers, columns of numbers and text from a message, in the order in which ``ByteWriter`` put them.
struct ByteReader {
    private(set) var offset = 0

    @inline(__always)
    mutating func take<T: BitwiseCopyable>(_ type: T.Type, from bytes: RawSpan) throws(MessageError) -> T {
        let size = MemoryLayout<T>.size
        guard size <= bytes.byteCount - offset else { throw .truncated }
        defer { offset += size }
        return bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }

    mutating func take<T: BitwiseCopyable>(
        column type: T.Type, count: Int, from bytes: RawSpan
    ) throws(MessageError) -> [T] {
        let size = try size(of: type, count: count, in: bytes)
        defer { offset += size }
        return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
            bytes.withUnsafeBytes { all in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: all[offset..<offset + size]))
            }
            initialized = count
        }
    }

    /// Takes a column and appends it to another.
    @inline(__always)
    mutating func take<T: BitwiseCopyable>(
        appendingTo column: inout [T], count: Int, from bytes: RawSpan
    ) throws(MessageError) {
        if count == 0 { return }
        let size = try size(of: T.self, count: count, in: bytes)
        bytes.withUnsafeBytes { all in
            if let start = all.baseAddress { column.append(columnAt: start + offset, count: count) }
        }
        offset += size
    }

    /// Returns the bytes of a column that comes next.
    @inline(__always)
    func size<T>(of type: T.Type, count: Int, in bytes: RawSpan) throws(MessageError) -> Int {
        let (size, overflow) = MemoryLayout<T>.stride.multipliedReportingOverflow(by: count)
        guard count >= 0, !overflow, size <= bytes.byteCount - offset else { throw .truncated }
        return size
    }

    mutating func takeText(from bytes: RawSpan) throws(MessageError) -> String {
        let count = Int(try take(UInt32.self, from: bytes))
        return String(decoding: try take(column: UInt8.self, count: count, from: bytes), as: UTF8.self)
    }

    /// Checks that the message ends here.
    ///
    /// - Throws: `trailingBytes` if it does not.
    func end(of bytes: RawSpan) throws(MessageError) {
        guard offset == bytes.byteCount else { throw .trailingBytes }
    }
}
