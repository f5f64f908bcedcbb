import COpenMPI

/// A large message that is being received, and the memory for it.
///
/// A large message counts as arrived as soon as its first part has. The library then asks the sender's process for the
/// rest; if that process has died, the rest never comes, and no error reports it. So nothing here waits.
public final class IncomingMessage {
    private var request: MPI_Request?
    private let memory: UnsafeMutableRawBufferPointer
    private var isComplete = false

    /// Starts to receive `message`, which a probe has matched (MPI 4.0, section 3.8.3).
    init(receiving message: inout MPI_Message?, byteCount: Int, from rank: Int) throws(MPIError) {
        memory = .allocate(byteCount: byteCount, alignment: 16)
        request = shim_request_null()
        try check(
            MPI_Imrecv(memory.baseAddress, Int32(byteCount), shim_byte(), &message, &request),
            "MPI_Imrecv of \(byteCount) bytes from rank \(rank)")
    }

    /// The size of the message in bytes.
    public var byteCount: Int { memory.count }

    /// Lets the library receive more, and returns whether all bytes have come (MPI 4.0, section 3.7.3).
    public func testForCompletion() throws(MPIError) -> Bool {
        if isComplete { return true }
        var flag: Int32 = 0
        try check(MPI_Test(&request, &flag, shim_status_ignore()), "MPI_Test of \(byteCount) incoming bytes")
        isComplete = flag != 0
        return isComplete
    }

    /// Passes the bytes to `body`, in which alone they are valid.
    ///
    /// - Precondition: ``testForCompletion()`` has returned `true`.
    public func withBytes<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
        precondition(isComplete, "the message is complete before it is read")
        return try body(UnsafeRawBufferPointer(memory).bytes)
    }

    deinit {
        // The library may write to the memory of an incomplete message for as long as the process lives. Giving one up
        // is rare: its sender is dead. So that memory is never freed.
        if isComplete { memory.deallocate() }
    }
}
