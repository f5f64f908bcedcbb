import Atmospheres
import Exploration

/// What the master knows of one worker.
final class WorkerRecord {
    enum State {
        /// Started by mpirun, not heard from yet.
        case expected
        /// Making its model.
        case preparing
        case ready
        /// Silent for longer than its limit; it comes back when it is heard from again.
        case lost
        /// Has no model, or said goodbye.
        case left
    }

    var state = State.expected
    var host = ""
    var processID: Int32 = 0
    var hasModel = false
    /// When its last message came, or it was given work after being idle.
    var lastHeard: Double
    /// Points assigned and not answered, oldest first.
    var outstanding = PlainQueue<PointID>()
    /// How far the model has come with the point in progress, as the worker said last.
    var progress: Progress?
    /// Whether the worker is in the master's queue of free workers.
    var isQueued = false

    init(lastHeard: Double) { self.lastHeard = lastHeard }

    /// Removes answered points from those outstanding; as a rule they are the oldest, in order.
    func answer(_ rows: Range<Int>, of evaluations: borrowing Evaluations) {
        var row = rows.lowerBound
        outstanding.removeFirst { offset, id in
            guard offset < rows.count, id.number == evaluations.rows[row].id else { return false }
            row += 1
            return true
        }
        while row < rows.upperBound {
            let number = evaluations.rows[row].id
            if let index = (0..<outstanding.count).first(where: { outstanding[$0].number == number }) {
                outstanding.remove(at: index)
            }
            row += 1
        }
    }
}
