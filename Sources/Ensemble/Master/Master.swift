public import Atmospheres
import DequeModule
package import Exploration
package import Logging
package import Messages

/// Rank 0: asks the search for points, assigns them to workers, tells the search the results and has them recorded.
///
/// A state machine without a clock: ``step(now:)`` does what can be done now and never waits, neither for a worker nor for
/// the disk. No worker, and no number of them, can stop it.
public struct Master {
    enum Phase {
        /// Waiting for the workers' hellos.
        case gathering(since: Double)
        case exploring
        /// Nothing new is asked; points in progress may still come in.
        case draining(until: Double)
        /// All results are handed over; workers say goodbye.
        case leaving(since: Double)
        case done
    }

    package let frontier: any Search
    /// How the job ended; `nil` until it has.
    public private(set) var ending: Ending?
    /// Number of workers that are lost, or were and came back.
    public internal(set) var lostWorkers = 0
    /// Evaluations that came in, including those of points that were asked again.
    public internal(set) var evaluationCount = 0
    /// Rows given out, those of an earlier run included.
    public var rowCount: Int { inbox.rowCount }
    /// When the job has to be over, on the clock of ``step(now:)``. No point is asked that the slowest recent one could
    /// not have finished by then.
    public var deadline: Double?

    let description: ModelDescription
    let transport: any Transport
    let settings: MasterSettings
    let program: String
    let job: ToWorker.Job
    let logger: Logger
    private let makeRecorder: ([String]) throws -> any Recorder
    var recorder: (any Recorder)?
    var solutions = SolutionCache()

    private var phase: Phase
    private var stopReason: String?
    var workers: [WorkerRecord]
    var checks: HostChecks
    /// Workers that are ready and have room for a batch.
    var free: Deque<Int> = []
    var losses: [PointID: Int] = [:]
    /// Running mean of the time of an evaluation, s.
    var cost: Double?
    var recent = RecentEvaluations()
    var inbox: Inbox
    /// Whether a message in the inbox left its worker with nothing to do.
    var workerWaits = false
    /// When the transport was last found empty: no worker has been silent for longer than since then.
    var heardUntil: Double
    private var nextCheck: Double
    private var nextHandOver = -Double.infinity
    var nextHeartbeat: Double

    // Reused to avoid allocation.
    var batch = Assignments()
    var buffer: [UInt8] = []

    /// Creates the master of a job.
    ///
    /// - Parameters:
    ///   - frontier: the search, started; it is asked for the first point when the workers are there.
    ///   - description: of the model.
    ///   - transport: this rank's end of it.
    ///   - job: what workers make their models from.
    ///   - program: version and commit, which every rank must share.
    ///   - host: this rank's host.
    ///   - rows: rows that the results file holds already.
    ///   - emptyRows: those among them without a result, which are filled first.
    ///   - settings: how workers are treated.
    ///   - logger: for what the user has to know.
    ///   - now: the time on the clock of ``step(now:)``.
    ///   - makeRecorder: opens the record when the hosts' names, by rank, are known; may throw.
    package init(
        _ frontier: any Search, description: ModelDescription, transport: any Transport, job: ToWorker.Job,
        program: String, host: String, rows: Int = 0, emptyRows: [Int] = [],
        settings: MasterSettings = MasterSettings(), logger: Logger, now: Double,
        makeRecorder: @escaping (_ hosts: [String]) throws -> any Recorder
    ) {
        self.frontier = frontier
        self.description = description
        self.transport = transport
        self.settings = settings
        self.program = program
        self.job = job
        self.logger = logger
        self.makeRecorder = makeRecorder
        phase = .gathering(since: now)
        workers = (0..<transport.size).map { _ in WorkerRecord(lastHeard: now) }
        // Rank 0 works only if it is alone.
        if transport.size > 1 { workers[transport.rank].state = .left }
        workers[transport.rank].host = host
        checks = HostChecks(host: host)
        heardUntil = now
        nextCheck = now
        nextHeartbeat = now + settings.heartbeat
        inbox = Inbox(of: description, rows: RowNumbers(count: rows, empty: emptyRows))
    }

    // Upper bounds on the work done in one step before results are handed to the recorder and the time is checked.
    private static let messagesPerStep = 256
    private static let rowsPerStep = 1024
    /// Messages whose results are settled together, which costs less than one by one, unless a worker waits.
    private static let messagesPerSettling = 16
    /// s; rows that come in one by one are handed over together.
    private static let handOverInterval = 1e-3
    /// s between checks of the workers, and what each worker adds: a check looks at all of them.
    private static let shortestCheckInterval = 0.2
    private static let checkIntervalPerWorker = 1e-4
    /// Check intervals without a check after which this rank itself must have been suspended.
    private static let suspendedIntervals = 10.0

    private var checkInterval: Double {
        max(Self.shortestCheckInterval, Self.checkIntervalPerWorker * Double(workers.count))
    }

    var isExploring: Bool { if case .exploring = phase { true } else { false } }
    var isLeaving: Bool { if case .leaving = phase { true } else { false } }

    /// Whether the job is over and the recorder can be finished.
    public var isDone: Bool { if case .done = phase { true } else { false } }

    /// The recorder, once it is open. The caller finishes it when the master is done.
    public var record: (any Recorder)? { recorder }

    /// Number of workers that have points to evaluate.
    public var busyWorkers: Int { workers.count { !$0.outstanding.isEmpty } }

    /// The worker whose model reports the most steps of its point, with that progress; `nil` if none has reported any.
    public var longestUnderWay: (rank: Int, progress: Progress)? {
        workers.indices.filter { !workers[$0].outstanding.isEmpty && workers[$0].progress != nil }
            .max { workers[$0].progress!.step < workers[$1].progress!.step }
            .map { ($0, workers[$0].progress!) }
    }

    /// Number of workers that are ready, busy or not.
    public var readyWorkers: Int { workers.count { $0.state == .ready } }

    /// Asks no more points, and ends when those in progress are in or the grace time is over.
    public mutating func stop(_ reason: String, now: Double) {
        drain(reason, until: min(now + settings.stopGrace, deadline ?? .infinity), now: now)
    }

    mutating func drain(_ reason: String, until end: Double, now: Double) {
        guard ending == nil, stopReason == nil else { return }
        stopReason = reason
        switch phase {
        case .gathering: self.end(.stopped(reason), now: now)
        case .exploring:
            logger.notice("stopping: \(reason); \(frontier.pendingCount) points in progress")
            phase = .draining(until: end)
        case .draining, .leaving, .done: break
        }
    }

    /// Does what can be done now.
    ///
    /// - Returns: whether anything happened.
    /// - Throws: what opening the recorder throws, and a failure of the transport on this rank.
    public mutating func step(now: Double) throws -> Bool {
        if let failure = recorder?.failure, ending == nil { end(.notRecorded(failure), now: now) }
        let happened = try receiveAll(now: now)
        settleResults(now: now)
        if isExploring { try dispatch(now: now) }
        // Rows that come in one by one are handed over together, unless there is nothing else to do or a child may be
        // started from one.
        if !happened || now >= nextHandOver || inbox.count >= Self.rowsPerStep || description.usesParent {
            handOver()
            nextHandOver = now + Self.handOverInterval
        }
        try advance(now: now)
        if now >= nextCheck {
            // While this rank itself did not run, nobody was silent.
            if now - nextCheck > Self.suspendedIntervals * checkInterval {
                for rank in workers.indices { workers[rank].lastHeard = now }
            }
            nextCheck = now + checkInterval
            try check(now: now)
        }
        return happened
    }

    /// Receives what has arrived, within the bounds of one step.
    private mutating func receiveAll(now: Double) throws -> Bool {
        var count = 0
        // Nothing can flood this rank: what it has no room for stays with the transport.
        guard recorder?.hasRoom ?? true else { return false }
        while count < Self.messagesPerStep, inbox.count < Self.rowsPerStep {
            guard try receive(now: now) else {
                heardUntil = now
                break
            }
            count += 1
            if workerWaits || count % Self.messagesPerSettling == 0 {
                settleResults(now: now)
                if isExploring { try dispatch(now: now) }
            }
        }
        return count > 0
    }

    private mutating func handOver() {
        if let recorder { inbox.handOver(to: recorder) }
    }

    // MARK: - phases

    private mutating func advance(now: Double) throws {
        switch phase {
        case .gathering(let since):
            let waiting = workers.count { $0.state == .expected }
            if waiting > 0 && now - since < settings.startLimit { return }
            if waiting > 0 { logger.warning("\(waiting) workers have not reported; continuing without them") }
            recorder = try makeRecorder(workers.map(\.host))
            phase = .exploring
        case .exploring:
            if frontier.pendingCount == 0 && ending == nil && isExhausted() { end(.complete, now: now) }
        case .draining(let until):
            if frontier.pendingCount == 0 || now > until {
                end(.stopped(stopReason ?? "stopped"), now: now)
            }
        case .leaving(let since):
            let allLeft = workers.allSatisfy { $0.state == .left || $0.state == .lost }
            if allLeft || now - since > settings.goodbyeLimit {
                handOver()
                phase = .done
            }
        case .done: break
        }
    }

    /// Returns whether no point can be asked; one that could is put back.
    private mutating func isExhausted() -> Bool {
        guard let id = frontier.ask() else { return true }
        frontier.forget([id])
        return false
    }

    mutating func end(_ ending: Ending, now: Double) {
        self.ending = ending
        phase = .leaving(since: now)
        for rank in workers.indices where workers[rank].state != .left {
            // A worker that cannot be told leaves when it hears nothing more.
            try? send(.stop, to: rank)
        }
    }
}
