public import Atmospheres
public import Clocks
public import Exploration
public import Messages

/// A worker rank: evaluates the points that the master assigns and sends back the model's answers.
public struct Worker {
    /// What a worker makes from the job.
    public struct Workplace {
        /// Gives positions their compositions.
        public var lattice: Lattice
        /// Evaluates points.
        public var model: any AtmosphereModel

        /// Creates a workplace.
        public init(lattice: Lattice, model: any AtmosphereModel) {
            self.lattice = lattice
            self.model = model
        }
    }

    /// The master assigned points before it sent the job.
    public struct OutOfOrder: Error, CustomStringConvertible {
        /// What happened.
        public var description: String { "points were assigned before the experiment was sent" }
    }

    private let link: MasterLink
    private let settings: WorkerSettings
    private let clock: () -> Double
    private let prepare: (ToWorker.Job) throws -> Workplace
    private let isWanted: () -> Bool
    private var bench: Workbench?
    /// The points to evaluate, from `next` on not begun.
    private var assignments = Assignments()
    private var next = 0
    /// Seconds since 1970 less those of the monotonic clock; measured again every `clockCheckInterval`.
    private var clockOffset = 0.0
    private var nextClockCheck = -Double.infinity

    /// s
    private static let clockCheckInterval = 1.0

    /// Creates a worker and says hello to the master.
    ///
    /// - Parameters:
    ///   - transport: this rank's end of it.
    ///   - hello: who the worker is.
    ///   - settings: how it treats its master.
    ///   - clock: seconds on a monotonic clock.
    ///   - isWanted: called while a model works; if it returns `false`, the model gives up the point.
    ///   - prepare: makes the model from the job; an error it throws is sent to the master.
    /// - Throws: a failure of the transport.
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

    /// Whether the worker works, and why not.
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

    /// Ends what the model keeps running. The worker cannot be used any more.
    public mutating func close() { bench?.close() }

    private mutating func makeReady(_ job: ToWorker.Job, now: Double) throws {
        do {
            bench = Workbench(try prepare(job))
            try link.send(.ready, now: now)
        } catch {
            try link.send(.unable("\(error)"), now: now)
        }
    }

    /// Evaluates assignments until the results have waited long enough, or there are no more, and sends the results.
    ///
    /// - Returns: when it ended.
    private mutating func evaluate(from begin: Double) throws -> Double {
        // In place: a bench taken out of the optional, or compared with nil, would be copied (1,100 instructions).
        guard let () = bench?.begin() else { throw OutOfOrder() }
        var end = begin
        if begin >= nextClockCheck {
            clockOffset = Time.sinceEpoch() - begin
            nextClockCheck = begin + Self.clockCheckInterval
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
            // After a stop nobody waits for the rest, and a point given up has no result.
            guard link.state == .working, !isGivenUp else { break }
            bench!.keep(assignments.rows[row].id, startedAt: start + clockOffset, wallTime: Float(end - start))
        }
        if link.state == .working { try bench!.send(over: link, now: end) }
        return end
    }
}
