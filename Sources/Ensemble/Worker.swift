import Atmospheres
public import Exploration
import Logging
public import Messages
public import Models

/// A worker rank: evaluates what the master assigns and sends back what the model gave.
public struct Worker {
    public typealias State = WorkerState
    public typealias Settings = WorkerSettings

    /// What a worker makes from the master's first message.
    public struct Workplace {
        public var lattice: Lattice
        public var model: any AtmosphereModel

        public init(lattice: Lattice, model: any AtmosphereModel) {
            self.lattice = lattice
            self.model = model
        }
    }

    private let line: Line
    private let settings: Settings
    private let prepare: (ToWorker.Job) throws -> Workplace
    private let isWanted: () -> Bool
    private var workplace: Workplace?
    private var inquiry: Inquiry
    private var evaluation: Evaluation?
    private var results: Evaluations?
    /// What the clock of dates is ahead of the one that never steps, s; looked at anew every second.
    private var clockOffset = 0.0
    private var nextClockCheck = -Double.infinity

    /// - Parameters:
    ///   - prepare: makes the model from the experiment; what it throws goes to the master.
    ///   - now: seconds on the clock of ``step(now:)``.
    ///   - isWanted: asked while a model works; `false` makes it give the point up.
    public init(
        _ transport: any Transport, hello: FromWorker.Hello, settings: Settings = Settings(),
        now: Double = Time.monotonic(),
        whileWorking isWanted: @escaping () -> Bool = { true },
        prepare: @escaping (ToWorker.Job) throws -> Workplace
    ) throws {
        self.settings = settings
        self.prepare = prepare
        self.isWanted = isWanted
        inquiry = Inquiry(number: 0, indices: [], composition: Composition(gases: [], mixingRatios: []))
        line = Line(transport, settings, now: now)
        try line.send(.hello(hello), now: now)
    }

    public var state: State { line.state }

    /// Takes what has arrived, then evaluates for a while.
    ///
    /// - Returns: whether anything happened.
    public mutating func step(now: Double) throws -> Bool {
        let happened = try line.receive(now: now)
        if let job = line.takeJob() { try makeReady(job, now: now) }
        guard state == .working else { return happened }
        if line.hasAssignment {
            try evaluate()
            return true
        }
        try line.keepUp(nil, now: now)
        return happened
    }

    /// Ends what the model keeps. The worker is not used any more.
    public mutating func close() { workplace?.model.close() }

    private mutating func makeReady(_ job: ToWorker.Job, now: Double) throws {
        do {
            let workplace = try prepare(job)
            inquiry.composition = workplace.lattice.blankComposition()
            evaluation = Evaluation(of: workplace.model.description)
            results = Evaluations(of: workplace.model.description)
            self.workplace = workplace
            try line.send(.ready, now: now)
        } catch {
            try line.send(.unable("\(error)"), now: now)
        }
    }

    /// Evaluates assignments until the results have waited long enough, or there are no more, and sends them.
    private mutating func evaluate() throws {
        guard workplace != nil, evaluation != nil, results != nil else {
            throw WorkerError.assignedBeforePrepared
        }
        let begin = Time.monotonic()
        var end = begin
        if begin >= nextClockCheck {
            clockOffset = Time.sinceEpoch() - begin
            nextClockCheck = begin + 1
        }
        results!.removeAll()
        let line = line
        let isWanted = isWanted
        var isGivenUp = false
        var failure: (any Error)?
        while end - begin < settings.longestSilence, let assignment = line.takeAssignment() {
            let start = end
            inquire(assignment)
            evaluation!.clear()
            workplace!.model.evaluate(inquiry, into: &evaluation!) { progress in
                do {
                    let now = Time.monotonic()
                    _ = try line.receive(now: now)
                    try line.keepUp(progress, now: now)
                } catch {
                    failure = error
                }
                if !isWanted() { isGivenUp = true }
                return line.state == .working && failure == nil && !isGivenUp
            }
            end = Time.monotonic()
            if let failure { throw failure }
            // Nobody waits for the rest, and a point given up has no result.
            guard line.state == .working, !isGivenUp else { break }
            if evaluation!.outcome == .pending {
                evaluation!.outcome = .failed
                evaluation!.reason = .unreadableAnswer
            }
            results!.append(
                assignment.id.number, evaluation!, startedAt: start + clockOffset, wallTime: Float(end - start))
        }
        if line.state == .working { try line.send(.finished(results!), now: end) }
    }

    private mutating func inquire(_ assignment: Assignment) {
        inquiry.number = assignment.id.number
        workplace!.lattice.decompose(assignment.point, into: &inquiry.indices)
        workplace!.lattice.compose(assignment.point, into: &inquiry.composition)
        inquiry.start = assignment.start.map {
            Start(composition: workplace!.lattice.composition(of: $0.parent), solution: $0.solution)
        }
    }
}

public struct WorkerSettings: Sendable {
    /// Results are sent after this long, in seconds, also when the batch goes on.
    public var longestSilence = 0.05
    /// Seconds without a word from the master after which it counts as lost.
    public var masterLimit = 45.0
    /// Seconds between signs of life.
    public var heartbeat = 5.0

    public init() {}
}

public enum WorkerState: Equatable, Sendable {
    case working
    /// The master said stop.
    case stopped
    /// The master has been silent for longer than the limit.
    case abandoned
}

/// A breach of the order of messages.
public enum WorkerError: Error, CustomStringConvertible {
    case assignedBeforePrepared

    public var description: String { "points were assigned before the experiment" }
}
