import Atmospheres
import Exploration
import Messages

/// A worker's end of the link to the master: what has come in and waits to be done, and when either side last spoke.
///
/// A class, since a model at work speaks through it while the worker waits for the model. One thread uses it, and none of
/// its functions is re-entered.
final class MasterLink {
    private let transport: any Transport
    private let settings: WorkerSettings
    /// Came in and not taken yet.
    private var assignments = Assignments()
    private var lastHeard: Double
    private var lastSent: Double
    private var buffer: [UInt8] = []

    private(set) var state = WorkerState.working
    /// The job, from when it comes until it is taken.
    private var job: ToWorker.Job?

    init(_ transport: any Transport, _ settings: WorkerSettings, now: Double) {
        self.transport = transport
        self.settings = settings
        lastHeard = now
        lastSent = now
    }

    /// Takes the messages that have arrived, up to the next one with assignments: those are begun before another look.
    ///
    /// - Returns: whether there was a message.
    func receive(now: Double) throws -> Bool {
        var happened = false
        while state == .working {
            var message: ToWorker?
            _ = try transport.receive { _, bytes in
                message = try ToWorker(from: bytes, appendingAssignmentsTo: &assignments)
            }
            guard let message else { break }
            happened = true
            lastHeard = now
            switch message {
            case .evaluate: return true
            case .prepare(let job): self.job = job
            case .alive: break
            case .stop:
                state = .stopped
                try send(.goodbye, now: now)
            }
        }
        return happened
    }

    /// Sends a heartbeat if one is due, and finds out whether the master still sends any.
    func keepUp(_ progress: Progress?, now: Double) throws {
        if now - lastSent > settings.heartbeat { try send(.alive(progress), now: now) }
        // A master in this very process cannot speak while the model works.
        guard transport.size > 1 else { return }
        if state == .working, now - lastHeard > settings.masterLimit { state = .abandoned }
    }

    func takeJob() -> ToWorker.Job? { job.take() }

    /// Replaces `done` by the assignments that have come in.
    func takeAssignments(_ done: inout Assignments) {
        done.removeAll()
        swap(&done, &assignments)
    }

    /// Sends a message without results.
    func send(_ message: FromWorker, now: Double) throws {
        message.encode(into: &buffer)
        try sendBuffer(now: now)
    }

    /// Sends a message with results.
    func send(_ message: FromWorker, _ results: borrowing Evaluations, now: Double) throws {
        message.encode(with: results, into: &buffer)
        try sendBuffer(now: now)
    }

    private func sendBuffer(now: Double) throws {
        // A span can borrow from a local variable, not from a property of a class.
        let bytes = buffer
        try transport.send(bytes.span.bytes, to: 0)
        lastSent = now
    }
}
