import Atmospheres
import Exploration
import Messages

/// A worker's end of the line to the master: what came in and waits to be done, and when either side last spoke.
///
/// A class, since a model at work speaks through it while the worker waits for the model. One thread uses it, and none of
/// its functions comes back to it: without checks of exclusive access, which would cost as much as a message.
final class Line {
    private let transport: any Transport
    private let settings: WorkerSettings
    /// Came in and not taken yet.
    @exclusivity(unchecked) private var assignments = Assignments()
    @exclusivity(unchecked) private var lastHeard: Double
    @exclusivity(unchecked) private var lastSent: Double
    @exclusivity(unchecked) private var buffer: [UInt8] = []

    @exclusivity(unchecked) private(set) var state = WorkerState.working
    /// The job, once it has come and until it is taken.
    @exclusivity(unchecked) private var job: ToWorker.Job?

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
                // The place for them is empty, as a rule: the worker takes them before it looks for more.
                var more = Assignments()
                if assignments.isEmpty { swap(&more, &assignments) }
                bringsAssignments = try ToWorker.read(evaluate: &more, from: bytes)
                if assignments.isEmpty { swap(&more, &assignments) } else { assignments.append(contentsOf: more) }
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
        try send(now: now) { message.encode(into: &$0) }
    }

    func send(finished evaluations: borrowing Evaluations, now: Double) throws {
        try send(now: now) { FromWorker.encode(finished: evaluations, into: &$0) }
    }

    private func send(now: Double, _ encode: (inout [UInt8]) -> Void) throws {
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        defer { swap(&bytes, &buffer) }
        bytes.removeAll(keepingCapacity: true)
        encode(&bytes)
        try transport.send(bytes.span.bytes, to: 0)
        lastSent = now
    }
}
