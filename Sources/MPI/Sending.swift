import COpenMPI

/// A message under way, with its own copy of the bytes (MPI 4.0, section 3.7).
///
/// The copy must stay where it is until the library has let go of it. A message that never arrives is therefore never
/// waited for and its bytes are never freed: its rank is dead, and there are few of them.
public final class Sending {
    private let bytes: UnsafeMutableRawBufferPointer
    private var request: MPI_Request?

    init(_ span: RawSpan, to rank: Int, tag: Int32, on communicator: MPI_Comm) throws(MPIError) {
        bytes = .allocate(byteCount: max(span.byteCount, 1), alignment: 16)
        let count = span.byteCount
        span.withUnsafeBytes { bytes.copyMemory(from: $0) }
        request = shim_request_null()
        do throws(MPIError) {
            try check(
                MPI_Isend(bytes.baseAddress, Int32(count), shim_byte(), Int32(rank), tag, communicator, &request),
                "MPI_Isend of \(count) bytes to rank \(rank)")
        } catch {
            bytes.deallocate()
            throw error
        }
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
