internal import Glibc
internal import MPI

/// Exercises the MPI wrapper under mpirun, one exercise in each run; rank 0 prints what it found.
///
/// `MPIExercise order|large|many|death|dropped|throwing|cancel|errors`
@main
struct MPIExercise {
    /// Tags of the exercises' messages.
    enum Tag {
        static let small: Int32 = 0
        static let large: Int32 = 1
    }

    static func main() throws {
        guard CommandLine.arguments.count == 2, let run = exercises[CommandLine.arguments[1]] else {
            print("usage: MPIExercise \(exercises.keys.sorted().joined(separator: "|"))")
            exit(64)
        }
        let environment = try Environment()
        let ranks = try Ranks(environment.world)
        try run(ranks)
        switch CommandLine.arguments[1] {
        case "cancel": break
        case "death": try ranks.part(from: [2])
        default: try ranks.part()
        }
        ranks.receives.close()
        try environment.finalize()
    }

    private static let exercises: [String: @Sendable (Ranks) throws -> Void] = [
        "order": order, "large": large, "many": many, "death": death, "dropped": dropped, "throwing": throwing,
        "cancel": cancel, "errors": errors,
    ]

    /// Small messages of each rank arrive in order, none twice; more of them than there are slots.
    @Sendable private static func order(_ ranks: Ranks) throws {
        let count: UInt32 = 5000
        guard ranks.rank == 0 else {
            for number in 0..<count { try ranks.send(number, to: 0) }
            return
        }
        var next = [UInt32](repeating: 0, count: ranks.size)
        var misplaced = 0
        while next.dropFirst().contains(where: { $0 < count }) {
            try ranks.takeNumber { source, number in
                if number != next[source] { misplaced += 1 }
                next[source] = number + 1
            }
        }
        print("received \(next.dropFirst().map(String.init).joined(separator: " ")), misplaced \(misplaced)")
    }

    /// Large messages of several sizes arrive whole and in order, between small ones.
    @Sendable private static func large(_ ranks: Ranks) throws {
        let sizes = [2049, 4096, 65_537, 1 << 20, 2 << 20]
        guard ranks.rank == 0 else {
            for (i, size) in sizes.enumerated() {
                try ranks.send(UInt32(i), to: 0)
                try ranks.sendLarge(size, to: 0)
            }
            return
        }
        for source in 1..<ranks.size {
            for size in sizes {
                let message = try ranks.incoming(from: source)
                while try !message.testForCompletion() {}
                let isRight = message.equals(Ranks.pattern(size, from: source))
                print("rank \(source): \(message.byteCount) bytes, \(isRight ? "right" : "WRONG")")
            }
        }
        var count = 0
        while count < sizes.count * (ranks.size - 1) { try ranks.takeNumber { _, _ in count += 1 } }
        print("small messages: \(count)")
    }

    /// Every rank sends to every other one.
    @Sendable private static func many(_ ranks: Ranks) throws {
        for rank in 0..<ranks.size where rank != ranks.rank { try ranks.send(UInt32(ranks.rank), to: rank) }
        guard ranks.rank == 0 else {
            for _ in 1..<ranks.size { try ranks.takeNumber { source, number in precondition(number == source) } }
            try ranks.send(UInt32(ranks.size - 1), to: 0)
            return
        }
        // First who each one is, then how many it has heard.
        var heard: Set<Int> = []
        var counts: [UInt32] = [UInt32(ranks.size - 1)]
        while heard.count < ranks.size - 1 || counts.count < ranks.size {
            try ranks.takeNumber { source, number in
                if !heard.insert(source).inserted { counts.append(number) }
            }
        }
        print("\(ranks.size) ranks heard \(Set(counts).sorted()) others each")
    }

    /// Rank 2 dies when the first part of its large message has arrived; the others continue.
    @Sendable private static func death(_ ranks: Ranks) throws {
        switch ranks.rank {
        case 2:
            // The connection is there before the large message.
            try ranks.send(0, to: 0)
            try ranks.waitForMessage(from: 0)
            try ranks.sendLarge(16 << 20, to: 0)
            // Without a call of MPI nothing more of it is sent.
            sleep(1)
            kill(getpid(), SIGKILL)
        case 1:
            try ranks.waitForMessage(from: 0)
            for number in 0..<1000 as Range<UInt32> { try ranks.send(number, to: 0) }
        default:
            try ranks.takeNumber { _, _ in }
            try ranks.send(0, to: 2)
            let message = try ranks.incoming(from: 2)
            let end = ContinuousClock.now + .seconds(2)
            while ContinuousClock.now < end, try !message.testForCompletion() {}
            try ranks.send(0, to: 1)
            var count = 0
            while count < 1000 { try ranks.takeNumber { source, _ in count += source == 1 ? 1 : 0 } }
            // To the dead rank, too: no error, and no waiting.
            for _ in 0..<100 { try ranks.send(0, to: 2) }
            print("\(message.byteCount) bytes incomplete: \(try !message.testForCompletion()); from rank 1: \(count)")
        }
    }

    /// Giving up an incomplete message does not affect the messages behind it.
    @Sendable private static func dropped(_ ranks: Ranks) throws {
        guard ranks.rank == 0 else {
            try ranks.sendLarge(8 << 20, to: 0)
            try ranks.sendLarge(5000, to: 0)
            return
        }
        do { _ = try ranks.incoming(from: 1) }
        let next = try ranks.incoming(from: 1)
        while try !next.testForCompletion() {}
        print("the next one has \(next.byteCount) bytes")
    }

    /// A message whose receiver throws counts as taken, and the next ones arrive.
    @Sendable private static func throwing(_ ranks: Ranks) throws {
        struct Refused: Error {}
        let count: UInt32 = 20
        guard ranks.rank == 0 else {
            for number in 0..<count { try ranks.send(number, to: 0) }
            return
        }
        var (refused, taken): ([UInt32], [UInt32]) = ([], [])
        while refused.count + taken.count < count {
            do {
                try ranks.takeNumber { _, number in
                    if number % 3 == 0 {
                        refused.append(number)
                        throw Refused()
                    }
                    taken.append(number)
                }
            } catch is Refused {}
        }
        print("refused \(refused), taken \(taken)")
    }

    /// MPI ends while receives are active, messages are not taken, and a large one is under way.
    @Sendable private static func cancel(_ ranks: Ranks) throws {
        for rank in 0..<ranks.size where rank != ranks.rank {
            for number in 0..<50 as Range<UInt32> { try ranks.send(number, to: rank) }
            try ranks.sendLarge(100_000, to: rank)
        }
        if ranks.rank == 0 { print("closing") }
    }

    /// Refused calls throw errors that name the call, the bytes and the rank; later messages still arrive.
    @Sendable private static func errors(_ ranks: Ranks) throws {
        guard ranks.rank == 0 else { return }
        for (rank, tag) in [(99, Tag.small), (-7, Tag.small), (1, -5)] as [(Int, Int32)] {
            do {
                try ranks.outbox.send(Array("abc".utf8).span.bytes, to: rank, tag: tag)
            } catch {
                print(error)
            }
        }
        do {
            _ = try ranks.communicator.receive(from: 99, tag: Tag.large)
        } catch {
            print(error)
        }
    }
}
