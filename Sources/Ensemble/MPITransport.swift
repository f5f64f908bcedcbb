public import MPI

/// Messages over MPI.
///
/// Follows what Open MPI 4.1 does on faults: a blocking send to a dead rank may never return, so sends are nonblocking
/// and never waited for; the rest of a large message never comes once its sender is dead, so a receive is not waited
/// for either; no error ever tells of a death.
///
/// One thread uses it, and what it calls does not come back to it: without checks of exclusive access, which would cost
/// as much as a message.
public final class MPITransport: Transport {
    private let communicator: Communicator
    public let rank: Int
    public let size: Int
    @exclusivity(unchecked) private var sendings: [Sending] = []
    /// Of messages that are done: their memory serves for the next ones.
    @exclusivity(unchecked) private var idleSendings: [Sending] = []
    private static let mostIdle = 64
    private static let mostIdleBytes = 1 << 18
    @exclusivity(unchecked) private var buffer: UnsafeMutableRawBufferPointer
    /// Large messages on their way in, oldest first, each with the buffer that it fills.
    @exclusivity(unchecked) private var arriving: [(message: Receiving, buffer: UnsafeMutableRawBufferPointer)] = []

    public init(_ communicator: Communicator) throws(MPIError) {
        self.communicator = communicator
        rank = try communicator.rank
        size = try communicator.size
        buffer = .allocate(byteCount: 1 << 16, alignment: 16)
    }

    deinit { buffer.deallocate() }

    public func send(_ bytes: RawSpan, to rank: Int) throws {
        try dropDone()
        let sending = idleSendings.popLast() ?? Sending()
        if try sending.begin(bytes, to: rank, on: communicator) {
            keep(sending)
        } else {
            sendings.append(sending)
        }
    }

    public func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        if !arriving.isEmpty, try takeArrived(body) { return true }
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
        if let message = try arrival.receive(into: buffer) {
            arriving.append((message, buffer))
        } else if arriving.contains(where: { $0.message.source == source }) {
            // It waits behind an earlier one of the same rank.
            arriving.append((.arrived(from: source, count: count), buffer))
        } else {
            try body(source, UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
            return true
        }
        buffer = .allocate(byteCount: buffer.count, alignment: 16)
        return try takeArrived(body)
    }

    /// Hands the oldest message that is all there to `body`; those of one rank stay in order.
    private func takeArrived(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        for place in arriving.indices {
            let source = arriving[place].message.source
            guard !arriving[..<place].contains(where: { $0.message.source == source }) else { continue }
            guard try arriving[place].message.isDone() else { continue }
            let (message, buffer) = arriving.remove(at: place)
            defer { buffer.deallocate() }
            try body(source, UnsafeRawBufferPointer(rebasing: buffer[..<message.count]).bytes)
            return true
        }
        return false
    }

    /// Messages sent and not yet taken by the library.
    public var sendsUnderWay: Int { sendings.count }

    private func dropDone() throws {
        guard !sendings.isEmpty else { return }
        try sendings.removeAll { sending in
            guard try sending.isDone() else { return false }
            keep(sending)
            return true
        }
    }

    private func keep(_ sending: Sending) {
        guard idleSendings.count < Self.mostIdle, sending.capacity <= Self.mostIdleBytes else { return }
        idleSendings.append(sending)
    }
}
