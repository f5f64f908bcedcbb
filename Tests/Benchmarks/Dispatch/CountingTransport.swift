internal import Atmospheres
internal import DequeModule
internal import Ensemble
internal import Messages

/// The master's end of a network of simulated workers.
final class CountingTransport: Transport {
    let rank = 0
    let size: Int
    /// Messages in both directions since it was last set to 0.
    var messages = 0
    private var inbox: Deque<(source: Int, bytes: [UInt8])> = []
    private var sent: [(rank: Int, assignments: Assignments)] = []

    init(size: Int) { self.size = size }

    var isEmpty: Bool { inbox.isEmpty }

    func deliver(_ message: FromWorker, from rank: Int) {
        var bytes: [UInt8] = []
        message.encode(into: &bytes)
        inbox.append((rank, bytes))
    }

    func deliver(_ message: FromWorker, _ results: borrowing Evaluations, from rank: Int) {
        var bytes: [UInt8] = []
        message.encode(with: results, into: &bytes)
        inbox.append((rank, bytes))
    }

    /// Returns the assignments that were sent, and forgets them.
    @discardableResult
    func takeSent() -> [(rank: Int, assignments: Assignments)] {
        defer { sent.removeAll(keepingCapacity: true) }
        return sent
    }

    func send(_ bytes: RawSpan, to rank: Int) throws {
        messages += 1
        var assignments = Assignments()
        if case .evaluate = try ToWorker(from: bytes, appendingAssignmentsTo: &assignments) {
            sent.append((rank, assignments))
        }
    }

    func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        guard let (source, bytes) = inbox.popFirst() else { return false }
        messages += 1
        try body(source, bytes.span.bytes)
        return true
    }
}
