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
    var lastHeard: Double
    /// Points assigned and not answered, oldest first.
    var outstanding: Deque<PointID> = []
    /// How far the model is with the point under way, as the worker said last.
    var progress: Progress?
    /// Whether the worker waits in the master's queue of free workers.
    var isQueued = false
}
