public import MPI

/// Messages over MPI.
///
/// Follows what Open MPI 4.1 does on faults: a blocking send to a dead rank may never return, so sends are nonblocking
/// and never waited for; a receive takes only what has arrived; no error ever tells of a death.
public final class MPITransport: Transport {
    private let communicator: Communicator
    public let rank: Int
    public let size: Int
    private var sendings: [Sending] = []
    private var buffer: UnsafeMutableRawBufferPointer

    public init(_ communicator: Communicator) throws(MPIError) {
        self.communicator = communicator
        rank = try communicator.rank
        size = try communicator.size
        buffer = .allocate(byteCount: 1 << 16, alignment: 16)
    }

    deinit { buffer.deallocate() }

    public func send(_ bytes: RawSpan, to rank: Int) throws {
        try dropDone()
        let sending = try communicator.send(bytes, to: rank)
        if try !sending.isDone() { sendings.append(sending) }
    }

    public func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        guard let arrival = try communicator.arrived() else {
            try dropDone()
            return false
        }
        let source = arrival.source
        let count = arrival.count
        if count > buffer.count {
            buffer.deallocate()
            buffer = .allocate(byteCount: count * 2, alignment: 16)
        }
        try arrival.receive(into: buffer)
        try body(source, UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
        return true
    }

    /// Messages sent and not yet taken by the library.
    public var sendsUnderWay: Int { sendings.count }

    private func dropDone() throws {
        guard !sendings.isEmpty else { return }
        try sendings.removeAll { try $0.isDone() }
    }
}
