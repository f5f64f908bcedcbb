import Atmospheres
import Messages
import Testing

@testable import Ensemble
@testable import Exploration

@Suite("Inbox")
struct InboxTests {
    private let frontier: Frontier
    private var inbox: Inbox

    /// A search on a line, every position of it stable, and nothing recorded yet.
    init() throws {
        frontier = Frontier(
            try Lattice(axes: [Axis(.co2, values: (1...100).map { Double($0) / 1000 }, origin: 50)]),
            rules: Frontier.Rules())
        frontier.start()
        inbox = Inbox(of: BallModel.description, rows: RowNumbers(count: 10, empty: [4]))
    }

    private mutating func receive(_ ids: [PointID], from worker: Int, outcome: Outcome = .stable) throws {
        var results = Evaluations(of: BallModel.description)
        var evaluation = Evaluation(of: BallModel.description)
        evaluation.outcome = outcome
        for id in ids {
            evaluation.values[0] = Double(id.number)
            results.append(id.number, evaluation, startedAt: 0, wallTime: 1)
        }
        var bytes: [UInt8] = []
        FromWorker.finished.encode(with: results, into: &bytes)
        #expect(try inbox.take(bytes.span.bytes, from: worker) == .finished)
    }

    private func ask(_ count: Int) -> [PointID] {
        (0..<count).compactMap { _ in frontier.ask() }
    }

    @Test("Results wait until they are settled, get rows in their order, and are handed over with their provenance")
    mutating func settled() throws {
        let origin = ask(1)
        try receive(origin, from: 3)
        #expect(inbox.count == 1 && inbox.untoldRows == 0..<1 && inbox.rowCount == 10)
        #expect(inbox.settle(in: frontier) == 0..<1)
        #expect(inbox.untoldRows.isEmpty)
        let sides = ask(2)
        try receive([sides[0]], from: 1)
        try receive([sides[1]], from: 2)
        #expect(inbox.settle(in: frontier) == 1..<3)
        // The row left empty by an earlier run is filled first.
        #expect(inbox.provenance.map(\.row) == [4, 10, 11])
        #expect(inbox.provenance.map(\.parentRow) == [-1, 4, 4])
        #expect(inbox.provenance.map(\.worker) == [3, 1, 2])
        #expect(inbox.provenance.map(\.generation) == [0, 1, 1])
        #expect(inbox.provenance.map(\.position) == (origin + sides).map { frontier.position($0) })

        let recorder = ListRecorder(of: BallModel.description)
        let (provenance, evaluations) = (inbox.provenance, inbox.evaluations)
        inbox.handOver(to: recorder)
        #expect(recorder.provenance == provenance && recorder.evaluations == evaluations)
        #expect(inbox.count == 0 && inbox.provenance.isEmpty && inbox.rowCount == 12)
    }

    @Test("A result that counts already is removed, and those behind it keep their provenance")
    mutating func refused() throws {
        let origin = ask(1)
        try receive(origin, from: 1)
        _ = inbox.settle(in: frontier)
        let sides = ask(2)
        // The origin again, twice, and an id that no point has.
        try receive([origin[0], sides[0]], from: 1, outcome: .unstable)
        try receive([PointID(70), sides[1], origin[0]], from: 2)
        #expect(inbox.settle(in: frontier) == 1..<3)
        #expect(inbox.evaluations.rows.map(\.id) == (origin + sides).map(\.number))
        #expect(inbox.evaluations.values == (origin + sides).map { Double($0.number) })
        #expect(inbox.provenance.map(\.worker) == [1, 1, 2])
        #expect(inbox.count == inbox.provenance.count)
    }

    @Test("A point that is tried again keeps its row")
    mutating func triedAgain() throws {
        let origin = ask(1)
        try receive(origin, from: 1)
        _ = inbox.settle(in: frontier)
        frontier.table[origin[0]].phase = .pending
        try receive(origin, from: 2)
        _ = inbox.settle(in: frontier)
        #expect(inbox.provenance.map(\.row) == [4, 4] && inbox.rowCount == 10)
        #expect(inbox.provenance.map(\.attempt) == [1, 2])
    }

    @Test("Other messages, and messages that cannot be read, leave the rows as they are")
    mutating func otherMessages() throws {
        try receive(ask(1), from: 1)
        let before = inbox.evaluations
        var bytes: [UInt8] = []
        FromWorker.ready.encode(into: &bytes)
        #expect(try inbox.take(bytes.span.bytes, from: 2) == .ready)
        FromWorker.finished.encode(with: before, into: &bytes)
        bytes.removeLast()
        #expect(throws: MessageError.truncated) { try inbox.take(bytes.span.bytes, from: 2) }
        #expect(inbox.evaluations == before && inbox.untold.map(\.worker) == [1])
    }

    @Test("Empty rows of an earlier run are given out before new ones")
    func rowNumbers() {
        var rows = RowNumbers(count: 3, empty: [2, 0])
        #expect((0..<4).map { _ in rows.next() } == [0, 2, 3, 4])
        #expect(rows.count == 5)
    }
}
