import COpenMPI

/// Messages on their way to other ranks, each a copy of its bytes (MPI 4.0, section 3.7).
///
/// A copy must stay where it is until the library has finished with it; then its memory is reused for another message.
/// A message to a dead rank is never finished: it is not waited for, and its memory is never freed. There are few.
public final class Outbox {
    private static let smallestBuffer = 256
    /// Larger buffers are freed after use.
    private static let largestKeptBuffer = 1 << 18

    private let communicator: Communicator
    /// A request and a buffer for each slot; the request of an idle slot is null.
    private var requests: UnsafeMutableBufferPointer<MPI_Request?>
    private var buffers: UnsafeMutableBufferPointer<UnsafeMutableRawBufferPointer>
    /// Slots without a message.
    private var idleSlots: [Int]

    /// Creates an outbox for messages to the ranks of `communicator`.
    public init(on communicator: Communicator) {
        self.communicator = communicator
        requests = .allocate(capacity: 0)
        buffers = .allocate(capacity: 0)
        idleSlots = []
        grow(to: 16)
    }

    /// Starts to send a copy of `span` to `rank`, and returns immediately (MPI 4.0, section 3.7.2).
    ///
    /// A message to a rank that is no longer alive stays in the outbox indefinitely, without an error.
    public func send(_ span: RawSpan, to rank: Int, tag: Int32) throws(MPIError) {
        if idleSlots.isEmpty { try reclaimSlots() }
        let slot = idleSlots.removeLast()
        let count = span.byteCount
        if count > buffers[slot].count {
            buffers[slot].deallocate()
            buffers[slot] = .allocate(byteCount: 2 * count, alignment: 16)
        }
        span.withUnsafeBytes { buffers[slot].copyMemory(from: $0) }
        let code = MPI_Isend(
            buffers[slot].baseAddress, Int32(count), shim_byte(), Int32(rank), tag, communicator.handle,
            requests.baseAddress! + slot)
        if code != MPI_SUCCESS { idleSlots.append(slot) }
        try check(code, "MPI_Isend of \(count) bytes to rank \(rank)")
    }

    /// Makes slots idle: those of messages that the library has finished with (MPI 4.0, section 3.7.5), else new ones.
    private func reclaimSlots() throws(MPIError) {
        var count: Int32 = 0
        var slots = [Int32](repeating: 0, count: requests.count)
        try check(
            MPI_Testsome(Int32(requests.count), requests.baseAddress, &count, &slots, shim_statuses_ignore()),
            "MPI_Testsome of \(requests.count) messages under way")
        // MPI_UNDEFINED, which is negative, when no slot has a message.
        for slot in slots.prefix(Int(max(0, count))) {
            let slot = Int(slot)
            idleSlots.append(slot)
            if buffers[slot].count > Self.largestKeptBuffer {
                buffers[slot].deallocate()
                buffers[slot] = .allocate(byteCount: Self.smallestBuffer, alignment: 16)
            }
        }
        // Grow geometrically; otherwise every few sends would test all requests again.
        if idleSlots.count < requests.count / 4 { grow(to: 2 * requests.count) }
    }

    private func grow(to count: Int) {
        let oldCount = requests.count
        let (newRequests, newBuffers) = (
            UnsafeMutableBufferPointer<MPI_Request?>.allocate(capacity: count),
            UnsafeMutableBufferPointer<UnsafeMutableRawBufferPointer>.allocate(capacity: count)
        )
        _ = newRequests.moveInitialize(fromContentsOf: requests)
        _ = newBuffers.moveInitialize(fromContentsOf: buffers)
        requests.deallocate()
        buffers.deallocate()
        (requests, buffers) = (newRequests, newBuffers)
        for slot in oldCount..<count {
            requests.initializeElement(at: slot, to: shim_request_null())
            buffers.initializeElement(at: slot, to: .allocate(byteCount: Self.smallestBuffer, alignment: 16))
        }
        idleSlots.append(contentsOf: oldCount..<count)
    }

    deinit {
        // The library may still read the buffers of the others.
        for slot in requests.indices where requests[slot] == shim_request_null() { buffers[slot].deallocate() }
        requests.deallocate()
        buffers.deallocate()
    }
}
