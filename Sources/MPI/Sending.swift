import COpenMPI

/// A message to be sent, with its own copy of the bytes, whose memory serves for one message after the other
/// (MPI 4.0, section 3.7).
///
/// The copy must stay where it is until the library has let go of it. A message that never arrives is therefore never
/// waited for and its bytes are never freed: its rank is dead, and there are few of them.
///
/// Without checks of exclusive access, which would cost as much as the message: one thread uses it.
public final class Sending {
    @exclusivity(unchecked) private var bytes: UnsafeMutableRawBufferPointer
    @exclusivity(unchecked) private var request: MPI_Request?

    /// Bytes of memory.
    public var capacity: Int { bytes.count }

    public init() {
        bytes = .allocate(byteCount: 256, alignment: 16)
        request = shim_request_null()
    }

    /// Begins to send a copy of `span` to `rank`, and returns at once (MPI 4.0, section 3.7.2).
    ///
    /// - Precondition: the message before is done.
    /// - Returns: ``isDone()``. To a rank that is no longer alive a message stays under way for ever, without an error.
    public func begin(
        _ span: RawSpan, to rank: Int, on communicator: Communicator
    ) throws(MPIError) -> Bool {
        precondition(request == shim_request_null(), "one message at a time")
        let count = span.byteCount
        if count > bytes.count {
            bytes.deallocate()
            bytes = .allocate(byteCount: 2 * count, alignment: 16)
        }
        span.withUnsafeBytes { bytes.copyMemory(from: $0) }
        try check(
            MPI_Isend(
                bytes.baseAddress, Int32(count), shim_byte(), Int32(rank), 0, communicator.handle, &request),
            "MPI_Isend of \(count) bytes to rank \(rank)")
        return try isDone()
    }

    /// Whether the library has let go of the bytes (MPI 4.0, section 3.7.3). Asking also moves messages along.
    public func isDone() throws(MPIError) -> Bool {
        var flag: Int32 = 0
        try check(MPI_Test(&request, &flag, shim_status_ignore()), "MPI_Test")
        return flag != 0
    }

    deinit {
        if request == shim_request_null() { bytes.deallocate() }
    }
}
