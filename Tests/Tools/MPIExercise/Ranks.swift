internal import Glibc
internal import MPI

/// What an exercise needs of MPI, and messages with known contents.
final class Ranks: @unchecked Sendable {
    let communicator: Communicator
    let rank: Int
    let size: Int
    let outbox: Outbox
    let receives: StandingReceives

    init(_ communicator: Communicator) throws {
        self.communicator = communicator
        (rank, size) = (try communicator.rank, try communicator.size)
        outbox = Outbox(on: communicator)
        receives = try StandingReceives(on: communicator, tag: MPIExercise.Tag.small)
    }

    /// Bytes that differ from sender to sender; their period fits no size of a fragment.
    static func pattern(_ count: Int, from rank: Int) -> [UInt8] {
        let period = (0..<251).map { UInt8($0) ^ UInt8(rank) }
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += period }
        return [UInt8](bytes.prefix(count))
    }

    func send(_ number: UInt32, to rank: Int) throws {
        try outbox.send([number].span.bytes, to: rank, tag: MPIExercise.Tag.small)
    }

    func sendLarge(_ count: Int, to rank: Int) throws {
        try outbox.send(Self.pattern(count, from: self.rank).span.bytes, to: rank, tag: MPIExercise.Tag.large)
    }

    /// Waits for the next number.
    func takeNumber(_ body: (_ source: Int, _ number: UInt32) throws -> Void) throws {
        while try !receives.take({ try body($0, $1.unsafeLoad(as: UInt32.self)) }) {}
    }

    func waitForMessage(from rank: Int) throws {
        var isThere = false
        while !isThere { try takeNumber { source, _ in isThere = source == rank } }
    }

    /// Waits for the first part of a large message.
    func incoming(from rank: Int) throws -> IncomingMessage {
        while true {
            if let message = try communicator.receive(from: rank, tag: MPIExercise.Tag.large) { return message }
        }
    }

    /// Ends the exercise on all ranks but those in `dead`: rank 0 says goodbye, the others answer, and stay until rank 0
    /// has their answers. What a rank still has to send when it calls MPI_Finalize could be lost.
    func part(from dead: Set<Int> = []) throws {
        let goodbye = UInt32.max
        let others = rank == 0 ? Set(1..<size).subtracting(dead) : [0]
        func waitForOthers() throws {
            var missing = others
            while !missing.isEmpty {
                try takeNumber { source, number in
                    if number == goodbye { missing.remove(source) }
                }
            }
        }
        if rank != 0 { try waitForOthers() }
        for other in others { try send(goodbye, to: other) }
        try waitForOthers()
        for other in others where rank == 0 { try send(goodbye, to: other) }
    }
}

extension IncomingMessage {
    /// Whether the message is complete and contains `bytes`.
    func equals(_ bytes: [UInt8]) -> Bool {
        withBytes { mine in
            mine.byteCount == bytes.count
                && mine.withUnsafeBytes { mine in
                    bytes.withUnsafeBytes { memcmp(mine.baseAddress!, $0.baseAddress!, $0.count) == 0 }
                }
        }
    }
}
