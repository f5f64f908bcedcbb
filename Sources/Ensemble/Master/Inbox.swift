import Atmospheres
import Exploration
import Messages

/// Results on their way through rank 0: from a worker's message to the search, and from there to the recorder.
///
/// Invariant: the first `provenance.count` rows of `evaluations` are settled, and row `i` of them belongs to
/// `provenance[i]`; the rows after them are those of the messages in `untold`, in order, each up to its `end`.
struct Inbox {
    private(set) var evaluations: Evaluations
    private(set) var provenance: [Provenance] = []
    /// Messages of which the search has not been told: the sender, and the end of its rows in `evaluations`.
    private(set) var untold: [(worker: Int, end: Int)] = []
    private var rows: RowNumbers

    init(of description: ModelDescription, rows: RowNumbers) {
        evaluations = Evaluations(of: description)
        self.rows = rows
    }

    /// Rows of the results file that have been given out, those of an earlier run included.
    var rowCount: Int { rows.count }

    /// Number of rows that are not handed over yet, settled or not.
    var count: Int { evaluations.count }

    /// The rows of which the search has not been told.
    var untoldRows: Range<Int> { provenance.count..<evaluations.count }

    /// Takes a message: keeps the rows of results, and returns everything else to the caller.
    ///
    /// - Throws: if the bytes are not a message of this job; the inbox is then unchanged.
    @inline(__always)
    mutating func take(_ bytes: RawSpan, from worker: Int) throws(MessageError) -> FromWorker {
        let message = try FromWorker(from: bytes, appendingResultsTo: &evaluations)
        if case .finished = message { untold.append((worker, evaluations.count)) }
        return message
    }

    /// Takes one result that rank 0 makes up in place of `worker`.
    ///
    /// - Precondition: the search has been told of all other results.
    mutating func take(_ id: PointID, _ evaluation: Evaluation, for worker: Int) {
        precondition(untold.isEmpty, "results are settled in the order in which they came")
        evaluations.append(id.number, evaluation, startedAt: .nan, wallTime: .nan)
        untold.append((worker, evaluations.count))
    }

    /// Tells the search of the untold results and gives each one that is to be recorded its row; removes the others.
    ///
    /// - Parameter search: is told of the results in the order of their messages.
    /// - Returns: the rows that are settled now.
    mutating func settle(in search: any Search) -> Range<Int> {
        let first = provenance.count
        var removed = 0
        for (worker, end) in untold {
            let refused = Self.settle(
                provenance.count..<end - removed, of: evaluations, by: worker, in: search, &rows, &provenance)
            for row in refused.reversed() { evaluations.remove(row) }
            removed += refused.count
        }
        untold.removeAll(keepingCapacity: true)
        return first..<provenance.count
    }

    /// Settles the rows of one message. Without `self`, so that the evaluations are not copied for the call.
    private static func settle(
        _ range: Range<Int>, of evaluations: Evaluations, by worker: Int, in search: any Search,
        _ rows: inout RowNumbers, _ provenance: inout [Provenance]
    ) -> [Int] {
        search.tell(range, of: evaluations) { point in
            let row = point.tag ?? UInt32(rows.next())
            provenance.append(
                Provenance(
                    row: Int(row), position: point.position, parentRow: point.parentTag.map(Int.init) ?? -1,
                    generation: point.generation, attempt: Int8(clamping: point.attempts), worker: Int32(worker)))
            return row
        }
    }

    /// Hands the settled rows to the recorder.
    ///
    /// - Precondition: no row is untold.
    mutating func handOver(to recorder: any Recorder) {
        precondition(untold.isEmpty, "every row has its provenance")
        if provenance.isEmpty { return }
        recorder.record(provenance, evaluations)
        provenance.removeAll(keepingCapacity: true)
        evaluations.removeAll()
    }
}
