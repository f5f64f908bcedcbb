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
        appending column: inout [T], count: Int, from bytes: RawSpan
    ) throws(MessageError) {
        if count == 0 { return }
        let size = try size(of: T.self, count: count, in: bytes)
        let first = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: T.self)
        if count == 1 {
            column.append(first)
        } else {
            let start = column.count * MemoryLayout<T>.stride
            column.append(contentsOf: repeatElement(first, count: count))
            column.withUnsafeMutableBytes { memory in
                bytes.withUnsafeBytes {
                    memory[start...].copyBytes(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + size]))
                }
            }
        }
        offset += size
    }

    /// Bytes of a column that comes next.
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

    /// - Throws: `trailingBytes` when the message goes on.
    func end(of bytes: RawSpan) throws(MessageError) {
        guard offset == bytes.byteCount else { throw .trailingBytes }
    }
}

/// A message that is not what this version of the program sends.
public enum MessageError: Error, Equatable, CustomStringConvertible {
    case truncated
    case trailingBytes
    case unknownKind(UInt8)
    case unknownOutcome(Int8)
    /// Results that have other numbers of values or profiles than the job's.
    case otherShape
    /// The rank speaks another version of the messages, or is another build of the program.
    case otherProgram(theirs: String, ours: String)

    public var description: String {
        switch self {
        case .truncated: "a message that ends too early"
        case .trailingBytes: "a message with bytes after its end"
        case .unknownKind(let kind): "a message of unknown kind \(kind)"
        case .otherShape: "results of another shape"
        case .unknownOutcome(let code): "a message with the unknown outcome \(code)"
        case .otherProgram(let theirs, let ours): "runs \(theirs), rank 0 runs \(ours)"
        }
    }
}
