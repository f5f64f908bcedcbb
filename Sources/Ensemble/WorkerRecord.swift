import Atmospheres
import Exploration

/// What the master knows of one worker.
final class WorkerRecord {
    enum State {
        /// Started by mpirun, not heard of yet.
        case expected
        /// Makes its model.
        case preparing
        case ready
        /// Silent for longer than its limit; comes back when it is heard again.
        case lost
        /// Has no model, or said goodbye.
        case left
    }

    var state = State.expected
    var host = ""
    var processID: Int32 = 0
    var hasModel = false
    var lastHeard: Double
    /// Points assigned and not answered, oldest first.
    var outstanding = PlainQueue<PointID>()
    /// How far the model is with the point under way, as the worker said last.
    var progress: Progress?
    /// Whether the worker waits in the master's queue of free workers.
    var isQueued = false

    init(lastHeard: Double) { self.lastHeard = lastHeard }

    /// Takes note that points are answered; as a rule they are the oldest, in order.
    func answer(_ rows: Range<Int>, of evaluations: borrowing Evaluations) {
        var row = rows.lowerBound
        outstanding.removeFirst { place, id in
            guard place < rows.count, id.number == evaluations.rows[row].id else { return false }
            row += 1
            return true
        }
        while row < rows.upperBound {
            let number = evaluations.rows[row].id
            if let place = (0..<outstanding.count).first(where: { outstanding[$0].number == number }) {
                outstanding.remove(at: place)
            }
            row += 1
        }
    }
}
