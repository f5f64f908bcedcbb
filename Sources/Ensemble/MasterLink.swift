import Atmospheres
import Exploration
import Messages

/// A worker's end of the line to the master: what came in and waits to be done, and when either side last spoke.
///
/// A class, since a model at work speaks through it while the worker waits for the model. One thread uses it, and none of
/// its functions comes back to it.
final class MasterLink {
    private let transport: any Transport
    private let settings: WorkerSettings
    /// Came in and not taken yet.
    private var assignments = Assignments()
    private var lastHeard: Double
    private var lastSent: Double
    private var buffer: [UInt8] = []

    private(set) var state = WorkerState.working
    /// The job, once it has come and until it is taken.
    private var job: ToWorker.Job?

    init(_ transport: any Transport, _ settings: WorkerSettings, now: Double) {
        self.transport = transport
        self.settings = settings
        lastHeard = now
        lastSent = now
    }

    /// Takes the messages that have arrived, up to the next one with assignments: they are begun before another look.
    ///
    /// - Returns: whether there was one.
    func receive(now: Double) throws -> Bool {
        var happened = false
        while state == .working {
            var message: ToWorker?
            var bringsAssignments = false
            let received = try transport.receive { _, bytes in
                bringsAssignments = try ToWorker.read(evaluate: &assignments, from: bytes)
                if !bringsAssignments { message = try ToWorker(from: bytes) }
            }
            guard received else { break }
            happened = true
            lastHeard = now
            if bringsAssignments { return true }
            switch message {
            case .prepare(let job): self.job = job
            case .alive, .evaluate, nil: break
            case .stop:
                state = .stopped
                try send(.goodbye, now: now)
            }
        }
        return happened
    }

    /// Gives a sign of life where one is due, and finds out whether the master still gives any.
    func keepUp(_ progress: Progress?, now: Double) throws {
        if now - lastSent > settings.heartbeat { try send(.alive(progress), now: now) }
        // A master in this very process cannot speak while the model works, and does not fall silent either.
        guard transport.size > 1 else { return }
        if state == .working, now - lastHeard > settings.masterLimit { state = .abandoned }
    }

    func takeJob() -> ToWorker.Job? {
        defer { job = nil }
        return job
    }

    /// Puts the assignments that came in in the place of `done`.
    func takeAssignments(_ done: inout Assignments) {
        done.removeAll()
        swap(&done, &assignments)
    }

    func send(_ message: FromWorker, now: Double) throws {
        message.encode(into: &buffer)
        try sendBuffer(now: now)
    }

    func send(finished evaluations: borrowing Evaluations, now: Double) throws {
        FromWorker.encode(finished: evaluations, into: &buffer)
        try sendBuffer(now: now)
    }

    private func sendBuffer(now: Double) throws {
        let bytes = buffer
        try transport.send(bytes.span.bytes, to: 0)
        lastSent = now
    }
}
