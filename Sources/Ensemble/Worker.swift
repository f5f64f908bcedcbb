import Atmospheres
public import Exploration
import Logging
public import Messages
public import Models

/// A worker rank: evaluates what the master assigns and sends back what the model gave.
public struct Worker<T: Transport> {
    /// What a worker makes from the master's first message.
    public struct Workplace {
        public var lattice: Lattice
        public var model: any AtmosphereModel

        public init(lattice: Lattice, model: any AtmosphereModel) {
            self.lattice = lattice
            self.model = model
        }
    }

    public struct Settings: Sendable {
        /// Results are sent after this long, in seconds, also when the batch goes on.
        public var longestSilence = 0.05
        /// Seconds without a word from the master after which it counts as lost.
        public var masterLimit = 45.0
        /// Seconds between signs of life.
        public var heartbeat = 5.0

        public init() {}
    }

    public enum State: Equatable {
        case working
        /// The master said stop.
        case stopped
        /// The master has been silent for longer than the limit.
        case abandoned
    }

    public private(set) var state = State.working

    private let transport: T
    private let settings: Settings
    private let hello: FromWorker.Hello
    private let prepare: (ToWorker.Job) throws -> Workplace
    private var workplace: Workplace?
    private var composition = Composition(gases: [], mixingRatios: [])
    private var evaluation: Evaluation?
    private var results: Evaluations?
    private var assignments: [Assignment] = []
    private var nextAssignment = 0
    private var lastHeard: Double
    private var lastSent: Double
    private var buffer: [UInt8] = []

    /// - Parameters:
    ///   - prepare: makes the model from the experiment; what it throws goes to the master.
    ///   - now: seconds on the clock of ``step(now:)``.
    public init(
        _ transport: T, hello: FromWorker.Hello, settings: Settings = Settings(), now: Double = Time.monotonic(),
        prepare: @escaping (ToWorker.Job) throws -> Workplace
    ) throws {
        self.transport = transport
        self.hello = hello
        self.settings = settings
        self.prepare = prepare
        lastHeard = now
        lastSent = now
        try send(.hello(hello), now: now)
    }

    /// Takes what has arrived, then evaluates for a while.
    ///
    /// - Returns: whether anything happened.
    public mutating func step(now: Double) throws -> Bool {
        var happened = false
        while state == .working, try receive(now: now) { happened = true }
        guard state == .working else { return happened }
        if nextAssignment < assignments.count {
            try evaluate()
            return true
        }
        if now - lastSent > settings.heartbeat { try send(.alive, now: now) }
        if now - lastHeard > settings.masterLimit { state = .abandoned }
        return happened
    }

    private mutating func receive(now: Double) throws -> Bool {
        var message: ToWorker?
        let received = try transport.receive { _, bytes in message = try ToWorker(from: bytes) }
        guard let message else { return received }
        lastHeard = now
        switch message {
        case .prepare(let job):
            do {
                let workplace = try prepare(job)
                composition = workplace.lattice.blankComposition()
                evaluation = Evaluation(of: workplace.model.description)
                results = Evaluations(of: workplace.model.description)
                self.workplace = workplace
                try send(.ready, now: now)
            } catch {
                try send(.unable("\(error)"), now: now)
            }
        case .evaluate(let more):
            if nextAssignment == assignments.count {
                assignments = more
                nextAssignment = 0
            } else {
                assignments.append(contentsOf: more)
            }
        case .alive: break
        case .stop:
            state = .stopped
            try send(.goodbye, now: now)
        }
        return true
    }

    /// Evaluates assignments until the results have waited long enough, or there are no more, and sends them.
    private mutating func evaluate() throws {
        guard workplace != nil, evaluation != nil, results != nil else {
            throw WorkerError.assignedBeforePrepared
        }
        let begin = Time.monotonic()
        var end = begin
        let clockOffset = Time.sinceEpoch() - begin
        results!.removeAll()
        while nextAssignment < assignments.count, end - begin < settings.longestSilence {
            let assignment = assignments[nextAssignment]
            nextAssignment += 1
            let start = end
            workplace!.lattice.compose(assignment.point, into: &composition)
            evaluation!.clear()
            workplace!.model.evaluate(composition, into: &evaluation!)
            end = Time.monotonic()
            results!.append(
                assignment.id.number, evaluation!, startedAt: start + clockOffset, wallTime: Float(end - start))
        }
        try send(.finished(results!), now: end)
    }

    private mutating func send(_ message: FromWorker, now: Double) throws {
        buffer.removeAll(keepingCapacity: true)
        message.encode(into: &buffer)
        try transport.send(buffer.span.bytes, to: 0)
        lastSent = now
    }
}

/// A breach of the order of messages.
public enum WorkerError: Error, CustomStringConvertible {
    case assignedBeforePrepared

    public var description: String { "points were assigned before the experiment" }
}
