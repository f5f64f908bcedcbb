import DequeModule

/// Ranks in one process, on one thread: for a job without MPI, for tests and for simulations.
public final class InMemoryNetwork {
    fileprivate var queues: [Deque<(source: Int, bytes: [UInt8])>]

    /// Ranks whose messages vanish, in both directions: dead, or cut off.
    public var unreachable: Set<Int> = []

    public init(size: Int) {
        queues = Array(repeating: [], count: size)
    }

    public func transport(rank: Int) -> InMemoryTransport { InMemoryTransport(self, rank) }

    /// Both ends of a job of one rank: master and worker are rank 0, and each sends to the other.
    public static func loopback() -> (master: LoopbackTransport, worker: LoopbackTransport) {
        let master = LoopbackTransport()
        let worker = LoopbackTransport()
        master.peer = worker
        worker.peer = master
        return (master, worker)
    }
}

public final class InMemoryTransport: Transport {
    private let network: InMemoryNetwork
    public let rank: Int
    public var size: Int { network.queues.count }

    fileprivate init(_ network: InMemoryNetwork, _ rank: Int) {
        self.network = network
        self.rank = rank
    }

    public func send(_ bytes: RawSpan, to rank: Int) {
        guard !network.unreachable.contains(self.rank), !network.unreachable.contains(rank) else { return }
        network.queues[rank].append((self.rank, bytes.withUnsafeBytes { Array($0) }))
    }

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
    public let rank = 0
    public let size = 1
    fileprivate weak var peer: LoopbackTransport?
    private var queue: Deque<[UInt8]> = []

    public func send(_ bytes: RawSpan, to rank: Int) {
        peer?.queue.append(bytes.withUnsafeBytes { Array($0) })
    }

    public func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        guard let bytes = queue.popFirst() else { return false }
        try body(0, bytes.span.bytes)
        return true
    }
}
