import Foundation
import TestSupport
import Testing

/// The MPI wrapper, by a small program under mpirun.
@Suite("MPI", .serialized)
struct MPITests {
    /// Runs an exercise, and expects `status`; `nil` accepts any.
    private func exercise(
        _ name: String, ranks: Int, options: [String] = [], status: Int32? = 0
    ) throws -> Running.Ended {
        let asRoot = getuid() == 0 ? ["--allow-run-as-root"] : []
        let ended = try run(
            ["mpirun", "--quiet", "--oversubscribe", "-n", "\(ranks)"] + asRoot + options
                + [Products.path("MPIExercise"), name],
            in: try Scratch())
        if let status { #expect(ended.status == status, "\(ended.output)\(ended.errors)") }
        return ended
    }

    /// Options that select the transport between processes of one host.
    static let transports = [["--mca", "btl", "tcp,self"], ["--mca", "btl", "vader,self"]]

    @Test("Small messages of each rank arrive once and in order", arguments: transports)
    func order(options: [String]) throws {
        let ended = try exercise("order", ranks: 3, options: options)
        #expect(ended.output == "received 5000 5000, misplaced 0\n")
    }

    @Test("Large messages arrive whole and in order, between small ones", arguments: transports)
    func large(options: [String]) throws {
        let ended = try exercise("large", ranks: 3, options: options)
        let lines = [1, 2].flatMap { rank in
            [2049, 4096, 65_537, 1 << 20, 2 << 20].map { "rank \(rank): \($0) bytes, right\n" }
        }
        #expect(ended.output == lines.joined() + "small messages: 10\n")
    }

    @Test("Any number of ranks hear from each other", arguments: [1, 2, 9])
    func many(ranks: Int) throws {
        let ended = try exercise("many", ranks: ranks)
        #expect(ended.output == "\(ranks) ranks heard [\(ranks - 1)] others each\n")
    }

    @Test(
        "A rank that dies half-way through a large message causes no error, and the others continue",
        arguments: [
            ["--mca", "btl", "tcp,self"],
            ["--mca", "btl", "vader,self", "--mca", "btl_vader_single_copy_mechanism", "none"],
        ])
    func death(options: [String]) throws {
        // mpirun reports the death by its status; what matters is that rank 0 reached its end.
        let ended = try exercise("death", ranks: 3, options: ["--enable-recovery"] + options, status: nil)
        #expect(
            ended.output == "\(16 << 20) bytes incomplete: true; from rank 1: 1000\n", "\(ended.errors)")
    }

    @Test("Giving up a large message does not affect those behind it", arguments: transports)
    func dropped(options: [String]) throws {
        let ended = try exercise("dropped", ranks: 2, options: options)
        #expect(ended.output == "the next one has 5000 bytes\n")
    }

    @Test("A message whose receiver throws is taken, and the next ones arrive")
    func throwing() throws {
        let ended = try exercise("throwing", ranks: 2)
        let refused = stride(from: 0, to: 20, by: 3).map { $0 }
        let taken = (0..<20).filter { $0 % 3 != 0 }
        #expect(ended.output == "refused \(refused), taken \(taken)\n")
    }

    @Test("MPI ends while receives are active and messages are not taken", arguments: [2, 4])
    func cancel(ranks: Int) throws {
        let ended = try exercise("cancel", ranks: ranks)
        #expect(ended.output == "closing\n")
    }

    @Test("An error names the call, the bytes, the rank and the reason; later messages arrive")
    func errors() throws {
        let ended = try exercise("errors", ranks: 2)
        #expect(
            ended.output == """
                MPI_Isend of 3 bytes to rank 99: MPI_ERR_RANK: invalid rank
                MPI_Isend of 3 bytes to rank -7: MPI_ERR_RANK: invalid rank
                MPI_Isend of 3 bytes to rank 1: MPI_ERR_TAG: invalid tag
                MPI_Improbe for a message from rank 99: MPI_ERR_RANK: invalid rank

                """)
    }
}
