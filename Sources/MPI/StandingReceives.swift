import COpenMPI

/// Persistent receives for small messages from any rank, which are handed over in the order of their arrival (MPI 4.0,
/// sections 3.9 and 3.11). The memory for a message is known before it arrives, which costs half as much as to probe for
/// the message and then to receive it.
///
/// A small message arrives whole or not at all, even when its sender dies. A large one may stop half-way and would block
/// those behind it: for those there is ``Communicator/receive(from:tag:)``.
public final class StandingReceives {
    /// The largest message in bytes: less than any of the library's transports sends in one piece by default.
    public static let largestMessage = 2048
    private static let slotCount = 4

    private let memory: UnsafeMutableRawPointer
    private let requests: UnsafeMutablePointer<MPI_Request?>
    /// The slot that receives the oldest message.
    private var nextSlot = 0

    /// Starts to receive messages with `tag`.
    public init(on communicator: Communicator, tag: Int32) throws(MPIError) {
        memory = .allocate(byteCount: Self.slotCount * Self.largestMessage, alignment: 64)
        requests = .allocate(capacity: Self.slotCount)
        requests.initialize(repeating: shim_request_null(), count: Self.slotCount)
        for slot in 0..<Self.slotCount {
            try check(
                MPI_Recv_init(
                    memory + slot * Self.largestMessage, Int32(Self.largestMessage), shim_byte(), MPI_ANY_SOURCE, tag,
                    communicator.handle, requests + slot), "MPI_Recv_init of \(Self.largestMessage) bytes")
            try start(slot)
        }
    }

    private func start(_ slot: Int) throws(MPIError) { try check(MPI_Start(requests + slot), "MPI_Start of a receive") }

    /// Passes the oldest message that has arrived to `body`, with its sender; returns whether there was one.
    ///
    /// The bytes are valid only in `body`. A message counts as taken even if `body` throws.
    public func take(_ body: (_ source: Int, _ bytes: RawSpan) throws -> Void) throws -> Bool {
        var flag: Int32 = 0
        var status = MPI_Status()
        try check(MPI_Test(requests + nextSlot, &flag, &status), "MPI_Test of a receive")
        guard flag != 0 else { return false }
        var count: Int32 = 0
        try check(MPI_Get_count(&status, shim_byte(), &count), "MPI_Get_count")
        let slot = nextSlot
        nextSlot = (nextSlot + 1) % Self.slotCount
        let bytes = UnsafeRawBufferPointer(start: memory + slot * Self.largestMessage, count: Int(count))
        // Messages that arrive while `body` runs go to the other slots, so this one comes after them. It is started in
        // any case: an idle slot would count as one with an empty message.
        do {
            try body(Int(status.MPI_SOURCE), bytes.bytes)
        } catch {
            try start(slot)
            throw error
        }
        try start(slot)
        return true
    }

    /// Stops receiving; a message that arrives afterwards is lost. To be called before the library ends.
    public func close() {
        for slot in 0..<Self.slotCount where requests[slot] != shim_request_null() {
            MPI_Cancel(requests + slot)
            MPI_Request_free(requests + slot)
        }
    }

    deinit {
        // After MPI_Finalize nothing else may be called.
        var isFinalized: Int32 = 0
        MPI_Finalized(&isFinalized)
        if isFinalized == 0 { close() }
        requests.deallocate()
        memory.deallocate()
    }
}
