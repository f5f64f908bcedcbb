public import Atmospheres
public import Clocks
public import Exploration
import Logging
public import Messages

/// A worker rank: evaluates what the master assigns and sends back what the model gave.
public struct Worker {
    /// What a worker makes from the master's first message.
    public struct Workplace {
        public var lattice: Lattice
        public var model: any AtmosphereModel

        public init(lattice: Lattice, model: any AtmosphereModel) {
            self.lattice = lattice
            self.model = model
        }
    }

    private let link: MasterLink
    private let settings: WorkerSettings
    private let clock: () -> Double
    private let prepare: (ToWorker.Job) throws -> Workplace
    private let isWanted: () -> Bool
    private var bench: Workbench?
    /// What is being evaluated, from `next` on not yet begun.
    private var assignments = Assignments()
    private var next = 0
    /// What the clock of dates is ahead of the one that never steps, s; looked at anew every second.
    private var clockOffset = 0.0
    private var nextClockCheck = -Double.infinity

    /// - Parameters:
    ///   - prepare: makes the model from the experiment; what it throws goes to the master.
    ///   - clock: seconds on a clock that never steps.
    ///   - isWanted: asked while a model works; `false` makes it give the point up.
    public init(
        _ transport: any Transport, hello: FromWorker.Hello, settings: WorkerSettings = WorkerSettings(),
        clock: @escaping () -> Double = Time.monotonic,
        whileWorking isWanted: @escaping () -> Bool = { true },
        prepare: @escaping (ToWorker.Job) throws -> Workplace
    ) throws {
        self.settings = settings
        self.clock = clock
        self.prepare = prepare
        self.isWanted = isWanted
        link = MasterLink(transport, settings, now: clock())
        try link.send(.hello(hello), now: clock())
    }

    public var state: WorkerState { link.state }

    /// Takes what has arrived, then evaluates for a while.
    ///
    /// - Returns: whether anything happened.
    public mutating func step() throws -> Bool {
        let begin = clock()
        var now = begin
        var happened = false
        repeat {
            if try link.receive(now: now) { happened = true }
            if let job = link.takeJob() { try makeReady(job, now: now) }
            guard state == .working else { return happened }
            if next == assignments.count {
                next = 0
                link.takeAssignments(&assignments)
            }
            guard next < assignments.count else {
                try link.keepUp(nil, now: now)
                return happened
            }
            now = try evaluate(from: now)
            happened = true
        } while now - begin < settings.longestSilence
        return true
    }

    /// Ends what the model keeps. The worker is not used any more.
    public mutating func close() { bench?.close() }

    private mutating func makeReady(_ job: ToWorker.Job, now: Double) throws {
        do {
            bench = Workbench(try prepare(job))
            try link.send(.ready, now: now)
        } catch {
            try link.send(.unable("\(error)"), now: now)
        }
    }

    /// Evaluates assignments until the results have waited long enough, or there are no more, and sends them.
    ///
    /// - Returns: when it ended.
    private mutating func evaluate(from begin: Double) throws -> Double {
        guard bench?.begin() != nil else { throw WorkerError.assignedBeforePrepared }
        var end = begin
        if begin >= nextClockCheck {
            clockOffset = Time.sinceEpoch() - begin
            nextClockCheck = begin + 1
        }
        let (link, clock, isWanted) = (link, clock, isWanted)
        var isGivenUp = false
        var failure: (any Error)?
        while end - begin < settings.longestSilence, next < assignments.count {
            let row = next
            next += 1
            let start = end
            bench!.evaluate(assignments, row) { progress in
                do {
                    let now = clock()
                    _ = try link.receive(now: now)
                    try link.keepUp(progress, now: now)
                } catch {
                    failure = error
                }
                if !isWanted() { isGivenUp = true }
                return link.state == .working && failure == nil && !isGivenUp
            }
            end = clock()
            if let failure { throw failure }
            // Nobody waits for the rest, and a point given up has no result.
            guard link.state == .working, !isGivenUp else { break }
            bench!.keep(assignments.rows[row].id, startedAt: start + clockOffset, wallTime: Float(end - start))
        }
        if link.state == .working { try bench!.send(over: link, now: end) }
        return end
    }
}

/// A worker's model, and what it takes to evaluate one point after the other, kept for its memory.
///
/// A structure: parts of an object would be copied before a model might see them.
private struct Workbench {
    private var model: any AtmosphereModel
    private var results: Evaluations
    private let lattice: Lattice
    private let usesParent: Bool
    private var inquiry: Inquiry
    private var evaluation: Evaluation

    init(_ workplace: Worker.Workplace) {
        let model = workplace.model
        self.model = model
        lattice = workplace.lattice
        usesParent = model.description.usesParent
        inquiry = Inquiry(id: 0, indices: [], composition: lattice.blankComposition())
        evaluation = Evaluation(of: model.description)
        results = Evaluations(of: model.description)
    }

    mutating func close() { model.close() }

    /// Forgets the results before.
    mutating func begin() { results.removeAll() }

    mutating func evaluate(_ assignments: borrowing Assignments, _ row: Int, attend: AtmosphereModel.Attend) {
        let assignment = assignments.rows[row]
        inquiry.id = assignment.id.number
        lattice.decompose(assignment.position, into: &inquiry.indices)
        lattice.compose(inquiry.indices, into: &inquiry.composition)
        if usesParent {
            inquiry.parent = assignments.parent(row).map {
                Parent(composition: lattice.composition(of: $0.position), solution: $0.solution)
            }
        }
        evaluation.clear()
        model.evaluate(inquiry, into: &evaluation, attend: attend)
    }

    /// Sends the results that were kept. Mutating, since else a copy of all this would do it.
    mutating func send(over link: MasterLink, now: Double) throws { try link.send(finished: results, now: now) }

    /// Keeps what the model gave last as the result of point `id`.
    mutating func keep(_ id: PointID, startedAt: Double, wallTime: Float) {
        if evaluation.outcome == .pending {
            evaluation.outcome = .failed
            evaluation.reason = .unreadableAnswer
        }
        results.append(id.number, evaluation, startedAt: startedAt, wallTime: wallTime)
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
