import COpenMPI

/// Messages on their way to other ranks, each a copy of its bytes (MPI 4.0, section 3.7).
///
/// A copy must stay where it is until the library has let go of it; then its memory serves for another message. A
/// message that never arrives is never waited for and its bytes are never freed: its rank is dead, and there are few of
/// them.
public final class Outbox {
    private static let smallest = 256
    /// The memory of a larger message is not kept.
    private static let largestKept = 1 << 18

    private let communicator: Communicator
    /// A request and the bytes for each message, under way or not.
    private var requests: UnsafeMutableBufferPointer<MPI_Request?>
    private var bytes: UnsafeMutableBufferPointer<UnsafeMutableRawBufferPointer>
    /// Places without a message.
    private var idle: [Int]

    public init(on communicator: Communicator) {
        self.communicator = communicator
        requests = .allocate(capacity: 0)
        bytes = .allocate(capacity: 0)
        idle = []
        grow(to: 16)
    }

    /// Begins to send a copy of `span` to `rank`, and returns at once (MPI 4.0, section 3.7.2).
    ///
    /// To a rank that is no longer alive a message stays under way for ever, without an error.
    public func send(_ span: RawSpan, to rank: Int, tag: Int32) throws(MPIError) {
        if idle.isEmpty { try collect() }
        let place = idle.removeLast()
        let count = span.byteCount
        if count > bytes[place].count {
            bytes[place].deallocate()
            bytes[place] = .allocate(byteCount: 2 * count, alignment: 16)
        }
        span.withUnsafeBytes { bytes[place].copyMemory(from: $0) }
        try check(
            MPI_Isend(
                bytes[place].baseAddress, Int32(count), shim_byte(), Int32(rank), tag, communicator.handle,
                requests.baseAddress! + place),
            "MPI_Isend of \(count) bytes to rank \(rank)")
    }

    /// Finds places for messages: those of messages that the library has let go of (MPI 4.0, section 3.7.5), or new ones.
    private func collect() throws(MPIError) {
        var count: Int32 = 0
        var places = [Int32](repeating: 0, count: requests.count)
        try check(
            MPI_Testsome(Int32(requests.count), requests.baseAddress, &count, &places, shim_statuses_ignore()),
            "MPI_Testsome")
        for place in places.prefix(Int(max(0, count))) {
            let place = Int(place)
            idle.append(place)
            if bytes[place].count > Self.largestKept {
                bytes[place].deallocate()
                bytes[place] = .allocate(byteCount: Self.smallest, alignment: 16)
            }
        }
        // Few at a time would have all looked at for each.
        if idle.count < requests.count / 4 { grow(to: 2 * requests.count) }
    }

    private func grow(to count: Int) {
        let old = requests.count
        let (moreRequests, moreBytes) = (
            UnsafeMutableBufferPointer<MPI_Request?>.allocate(capacity: count),
            UnsafeMutableBufferPointer<UnsafeMutableRawBufferPointer>.allocate(capacity: count)
        )
        _ = moreRequests.moveInitialize(fromContentsOf: requests)
        _ = moreBytes.moveInitialize(fromContentsOf: bytes)
        requests.deallocate()
        bytes.deallocate()
        (requests, bytes) = (moreRequests, moreBytes)
        for place in old..<count {
            requests.initializeElement(at: place, to: shim_request_null())
            bytes.initializeElement(at: place, to: .allocate(byteCount: Self.smallest, alignment: 16))
        }
        idle.append(contentsOf: old..<count)
    }

    deinit {
        for place in requests.indices where requests[place] == shim_request_null() { bytes[place].deallocate() }
        requests.deallocate()
        bytes.deallocate()
    }
}
