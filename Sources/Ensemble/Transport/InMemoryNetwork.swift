import DequeModule

/// Ranks in one process, on one thread: for a job without MPI, for tests and for simulations.
public final class InMemoryNetwork {
    fileprivate var queues: [Deque<(source: Int, bytes: [UInt8])>]

    /// Ranks whose messages are lost in both directions: dead, or cut off.
    public var unreachable: Set<Int> = []

    /// Creates a network of `size` ranks.
    public init(size: Int) {
        queues = Array(repeating: [], count: size)
    }

    /// Returns the end of a rank.
    public func transport(rank: Int) -> InMemoryTransport { InMemoryTransport(self, rank) }

    /// Returns both ends of a job of one rank: master and worker are rank 0, and each sends to the other.
    public static func loopback() -> (master: LoopbackTransport, worker: LoopbackTransport) {
        let master = LoopbackTransport()
        let worker = LoopbackTransport()
        master.peer = worker
        worker.peer = master
        return (master, worker)
    }
}

/// One rank's end of an ``InMemoryNetwork``.
public final class InMemoryTransport: Transport {
    private let network: InMemoryNetwork
    /// This rank.
    public let rank: Int
    /// Number of ranks.
    public var size: Int { network.queues.count }

    fileprivate init(_ network: InMemoryNetwork, _ rank: Int) {
        self.network = network
        self.rank = rank
    }

    /// Adds a copy of the message to the other end's queue.
    public func send(_ bytes: RawSpan, to rank: Int) {
        guard !network.unreachable.contains(self.rank), !network.unreachable.contains(rank) else { return }
        network.queues[rank].append((self.rank, bytes.withUnsafeBytes { Array($0) }))
    }

    /// Passes the oldest message to `body`.
    public func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        guard !network.unreachable.contains(rank), let (source, bytes) = network.queues[rank].popFirst() else {
            return false
        }
        try body(source, bytes.span.bytes)
        return true
    }
}

/// One end of ``InMemoryNetwork/loopback()``.
public final class LoopbackTransport: Transport {
    /// Rank 0, at both ends.
    public let rank = 0
    /// One rank.
    public let size = 1
    fileprivate weak var peer: LoopbackTransport?
    private var queue: Deque<[UInt8]> = []

    /// Adds a copy of the message to the other end's queue.
    public func send(_ bytes: RawSpan, to rank: Int) {
        peer?.queue.append(bytes.withUnsafeBytes { Array($0) })
    }

    /// Passes the oldest message to `body`.
    public func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        guard let bytes = queue.popFirst() else { return false }
        try body(0, bytes.span.bytes)
        return true
    }
}
