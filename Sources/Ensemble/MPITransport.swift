public import MPI

/// Messages over MPI.
///
/// Follows what Open MPI 4.1 does on faults: a blocking send to a dead rank may never return, so sends are nonblocking
/// and never waited for; the rest of a large message never comes once its sender is dead, so nothing waits for that
/// either; no error ever tells of a death.
///
/// An empty message says that a large one follows, under a tag of its own. One thread uses it, and what it calls does
/// not come back to it.
public final class MPITransport: Transport {
    private enum Tag {
        static let small: Int32 = 0
        static let large: Int32 = 1
    }

    /// A message that was announced, or one behind it of the same rank.
    private struct Arriving {
        let source: Int
        /// `nil` until the message's first part is there, and its size known.
        var bytes: UnsafeMutableRawBufferPointer?
        /// `nil` when the bytes are there.
        var receiving: Receiving?
    }

    private let communicator: Communicator
    public let rank: Int
    public let size: Int
    private let receives: StandingReceives
    private let outbox: Outbox
    /// What cannot be handed on yet, oldest first.
    private var arriving: [Arriving] = []

    public init(_ communicator: Communicator) throws(MPIError) {
        self.communicator = communicator
        rank = try communicator.rank
        size = try communicator.size
        outbox = Outbox(on: communicator)
        receives = try StandingReceives(on: communicator, tag: Tag.small)
    }

    /// Stops receiving: before the library's end.
    public func close() { receives.close() }

    public func send(_ bytes: RawSpan, to rank: Int) throws {
        if bytes.byteCount <= StandingReceives.largestMessage {
            precondition(!bytes.isEmpty, "an empty message announces a large one")
            try outbox.send(bytes, to: rank, tag: Tag.small)
        } else {
            try outbox.send(RawSpan(), to: rank, tag: Tag.small)
            try outbox.send(bytes, to: rank, tag: Tag.large)
        }
    }

    public func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        if !arriving.isEmpty, try takeArrived(body) { return true }
        while true {
            var isHandedOn = false
            let isThere = try receives.take { source, bytes in
                if bytes.isEmpty {
                    arriving.append(Arriving(source: source))
                } else if !arriving.isEmpty, arriving.contains(where: { $0.source == source }) {
                    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.byteCount, alignment: 16)
                    bytes.withUnsafeBytes { copy.copyMemory(from: $0) }
                    arriving.append(Arriving(source: source, bytes: copy))
                } else {
                    isHandedOn = true
                    try body(source, bytes)
                }
            }
            if isHandedOn { return true }
            if !arriving.isEmpty, try takeArrived(body) { return true }
            if !isThere { break }
        }
        return false
    }

    /// Hands the oldest message that is all there to `body`; those of one rank stay in order.
    private func takeArrived(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        for place in arriving.indices {
            let source = arriving[place].source
            guard !arriving[..<place].contains(where: { $0.source == source }) else { continue }
            guard let bytes = try bytes(ofArriving: place) else { continue }
            arriving.remove(at: place)
            defer { bytes.deallocate() }
            try body(source, UnsafeRawBufferPointer(bytes).bytes)
            return true
        }
        return false
    }

    /// The bytes of a message, if they are all there.
    private func bytes(ofArriving place: Int) throws -> UnsafeMutableRawBufferPointer? {
        if arriving[place].bytes == nil {
            let source = arriving[place].source
            guard let arrival = try communicator.arrived(from: source, tag: Tag.large) else { return nil }
            let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: arrival.count, alignment: 16)
            arriving[place].bytes = bytes
            arriving[place].receiving = try arrival.receive(into: bytes)
        }
        if try arriving[place].receiving?.isDone() ?? true { return arriving[place].bytes }
        return nil
    }
}
