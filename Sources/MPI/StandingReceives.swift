import COpenMPI

/// Receives that stand ready for small messages from any rank, in the order in which they come (MPI 4.0, sections 3.9
/// and 3.11): a message finds its place when it comes, which costs half of what probing for it and receiving it does.
///
/// A small message comes whole or not at all, also when its sender dies. A large one may stop half-way and would block
/// those after it: it is for ``Communicator/arrived(from:tag:)``.
public final class StandingReceives {
    /// Bytes that a message may have: less than any of the library's transports sends in one piece by default.
    public static let largestMessage = 2048
    private static let count = 4

    private let memory: UnsafeMutableRawPointer
    private let requests: UnsafeMutablePointer<MPI_Request?>
    /// The one that receives the oldest message.
    private var next = 0

    public init(on communicator: Communicator, tag: Int32) throws(MPIError) {
        memory = .allocate(byteCount: Self.count * Self.largestMessage, alignment: 64)
        requests = .allocate(capacity: Self.count)
        requests.initialize(repeating: shim_request_null(), count: Self.count)
        for i in 0..<Self.count {
            try check(
                MPI_Recv_init(
                    memory + i * Self.largestMessage, Int32(Self.largestMessage), shim_byte(), MPI_ANY_SOURCE, tag,
                    communicator.handle, requests + i), "MPI_Recv_init")
            try check(MPI_Start(requests + i), "MPI_Start")
        }
    }

    /// Hands the oldest message that has come to `body`, with its sender; returns whether there was one.
    ///
    /// The bytes are valid only within `body`.
    public func take(_ body: (_ source: Int, _ bytes: RawSpan) throws -> Void) throws -> Bool {
        var flag: Int32 = 0
        var status = MPI_Status()
        try check(MPI_Test(requests + next, &flag, &status), "MPI_Test")
        guard flag != 0 else { return false }
        var count: Int32 = 0
        try check(MPI_Get_count(&status, shim_byte(), &count), "MPI_Get_count")
        let taken = next
        next = (next + 1) % Self.count
        let bytes = UnsafeRawBufferPointer(start: memory + taken * Self.largestMessage, count: Int(count))
        try body(Int(status.MPI_SOURCE), bytes.bytes)
        // Those of the others come before the next message here.
        try check(MPI_Start(requests + taken), "MPI_Start")
        return true
    }

    /// Stops receiving. What comes from here on is lost.
    public func close() {
        for i in 0..<Self.count where requests[i] != shim_request_null() {
            MPI_Cancel(requests + i)
            MPI_Request_free(requests + i)
        }
    }

    deinit {
        // After the library's end there is nothing to be called any more.
        var isOver: Int32 = 0
        MPI_Finalized(&isOver)
        if isOver == 0 { close() }
        requests.deallocate()
        memory.deallocate()
    }
}
