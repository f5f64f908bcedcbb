import Atmospheres
import DequeModule
import Exploration

/// What the master knows of one worker.
struct WorkerRecord {
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
    var outstanding: Deque<PointID> = []
    /// How far the model is with the point under way, as the worker said last.
    var progress: Progress?
    /// Whether the worker waits in the master's queue of free workers.
    var isQueued = false

    /// Takes note that points are answered; as a rule they are the oldest, in order.
    mutating func answer(_ points: [UInt32]) {
        var inOrder = 0
        while inOrder < points.count, inOrder < outstanding.count, outstanding[inOrder].number == points[inOrder] {
            inOrder += 1
        }
        outstanding.removeFirst(inOrder)
        for number in points.dropFirst(inOrder) {
            if let place = outstanding.firstIndex(of: PointID(number)) { outstanding.remove(at: place) }
        }
    }
}
