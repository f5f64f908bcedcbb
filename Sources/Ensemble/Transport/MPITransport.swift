public import MPI

/// Messages over MPI.
///
/// It is built around the behaviour of Open MPI 4.1 on faults: a blocking send to a dead rank may never return, so sends
/// are nonblocking and never waited for; the rest of a large message never comes once its sender is dead, so nothing waits
/// for that either; and no error reports a death.
///
/// An empty message announces a large one, which follows under a tag of its own. One thread uses the transport, and the
/// functions that it calls do not use it.
public final class MPITransport: Transport {
    private enum Tag {
        static let small: Int32 = 0
        static let large: Int32 = 1
    }

    /// A message that cannot be passed on yet: a large one, or a later one of the same rank.
    private struct Arriving {
        enum Contents {
            /// A large message of which nothing has arrived.
            case announced
            case large(IncomingMessage)
            case small([UInt8])
        }

        let source: Int
        var contents: Contents
    }

    private let communicator: Communicator
    /// This rank.
    public let rank: Int
    /// Number of ranks, this one included.
    public let size: Int
    private let receives: StandingReceives
    private let outbox: Outbox
    /// Messages that cannot be passed on yet, oldest first.
    private var arriving: [Arriving] = []

    /// Creates the transport and starts to receive.
    public init(_ communicator: Communicator) throws(MPIError) {
        self.communicator = communicator
        rank = try communicator.rank
        size = try communicator.size
        outbox = Outbox(on: communicator)
        receives = try StandingReceives(on: communicator, tag: Tag.small)
    }

    /// Stops receiving. Called before MPI is finalised.
    public func close() { receives.close() }

    /// Sends a copy of `bytes` and returns at once, even if `rank` is dead.
    public func send(_ bytes: RawSpan, to rank: Int) throws {
        if bytes.byteCount <= StandingReceives.largestMessage {
            precondition(!bytes.isEmpty, "an empty message announces a large one")
            try outbox.send(bytes, to: rank, tag: Tag.small)
        } else {
            try outbox.send(RawSpan(), to: rank, tag: Tag.small)
            try outbox.send(bytes, to: rank, tag: Tag.large)
        }
    }

    /// Passes the next message that has arrived completely to `body`.
    public func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        if !arriving.isEmpty, try takeArrived(body) { return true }
        while true {
            var isPassedOn = false
            let hasArrived = try receives.take { source, bytes in
                if bytes.isEmpty {
                    arriving.append(Arriving(source: source, contents: .announced))
                } else if !arriving.isEmpty, arriving.contains(where: { $0.source == source }) {
                    let copy = bytes.withUnsafeBytes { [UInt8]($0) }
                    arriving.append(Arriving(source: source, contents: .small(copy)))
                } else {
                    isPassedOn = true
                    try body(source, bytes)
                }
            }
            if isPassedOn { return true }
            if !arriving.isEmpty, try takeArrived(body) { return true }
            if !hasArrived { break }
        }
        return false
    }

    /// Passes the oldest message that is complete to `body`; the messages of one rank stay in order.
    private func takeArrived(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        for index in arriving.indices {
            let source = arriving[index].source
            guard !arriving[..<index].contains(where: { $0.source == source }) else { continue }
            if case .announced = arriving[index].contents,
                let message = try communicator.receive(from: source, tag: Tag.large)
            {
                arriving[index].contents = .large(message)
            }
            switch arriving[index].contents {
            case .announced:
                continue
            case .large(let message):
                guard try message.testForCompletion() else { continue }
                arriving.remove(at: index)
                try message.withBytes { try body(source, $0) }
            case .small(let bytes):
                arriving.remove(at: index)
                try body(source, bytes.span.bytes)
            }
            return true
        }
        return false
    }
}
