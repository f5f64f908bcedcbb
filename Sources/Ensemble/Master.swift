public import Atmospheres
import DequeModule
package import Exploration
package import Logging
package import Messages

/// Rank 0: asks the frontier, assigns points to workers, tells the frontier what they found and has it recorded.
///
/// A state machine without a clock of its own: ``step(now:)`` does what can be done now and never waits, neither for a
/// worker nor for the disk. No worker, and no number of them, can stop it.
public struct Master {
    enum Phase {
        /// Waiting for the workers' hellos.
        case gathering(since: Double)
        case exploring
        /// Nothing new is asked; points under way may still come in.
        case draining(until: Double)
        /// Everything is told and handed over; workers say goodbye.
        case leaving(since: Double)
        case done
    }

    package let frontier: any Search
    public private(set) var ending: Ending?
    public internal(set) var lostWorkers = 0
    /// Evaluations that came in, those that were asked again included.
    public private(set) var evaluationCount = 0
    /// Rows handed to the recorder, those of an earlier run included.
    public var rowCount: Int { rows.count }
    /// When the job has to be over, on the clock of ``step(now:)``. No point is asked that the slowest recent one could
    /// not have finished by then.
    public var deadline: Double?

    let description: ModelDescription
    let transport: any Transport
    let settings: MasterSettings
    private let program: String
    private let job: ToWorker.Job
    let logger: Logger
    private let makeRecorder: ([String]) throws -> any Recorder
    var recorder: (any Recorder)?
    var solutions = SolutionCache()

    var phase: Phase
    var workers: [WorkerRecord]
    private var checks: HostChecks
    /// Ready workers with room for a batch.
    var free: Deque<Int> = []
    var losses: [PointID: Int] = [:]
    /// Seconds that an evaluation takes: a running mean of what the workers report.
    var cost: Double?
    var recent = RecentEvaluations()
    private var rows: FileRows
    /// When everything that had arrived was taken: nobody's silence lasts longer.
    var heardUntil: Double
    private var nextCheck: Double
    private var nextHandOver = -Double.infinity
    var nextHeartbeat: Double
    private var stopReason: String?

    private var provenance: [Provenance] = []
    /// What came in, or is made up for a lost worker, and is not handed over yet.
    var toRecord: Evaluations
    /// Messages with results that the frontier has not been told: who sent them, and the end of their rows to record.
    private var untold: [(source: Int, end: Int)] = []
    /// Whether one of them left its worker with nothing to do.
    private var workerWaits = false
    var batch = Assignments()
    var buffer: [UInt8] = []

    /// - Parameters:
    ///   - frontier: started; asks the first point when the workers are there.
    ///   - rows: rows that the results file holds already.
    ///   - emptyRows: those among them without a result, which are filled first.
    ///   - program: version and commit, which every rank must share.
    ///   - host: this rank's host.
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
        self.rows = FileRows(count: rows, empty: emptyRows)
        phase = .gathering(since: now)
        workers = (0..<transport.size).map { _ in WorkerRecord(lastHeard: now) }
        // Rank 0 works only where there is nobody else.
        if transport.size > 1 { workers[transport.rank].state = .left }
        workers[transport.rank].host = host
        checks = HostChecks(host: host)
        heardUntil = now
        nextCheck = now
        nextHeartbeat = now + settings.heartbeat
        toRecord = Evaluations(of: description)
    }

    /// So many messages are taken, or rows, before what they brought is handed over and the clock is looked at.
    private static let messagesPerStep = 256
    private static let messagesAtOnce = 16
    private static let rowsPerStep = 1024
    /// s
    private static let handOverInterval = 1e-3

    /// s; longer for many workers, since each of them is looked at.
    private var checkInterval: Double { max(0.2, 1e-4 * Double(workers.count)) }

    public var isDone: Bool { if case .done = phase { true } else { false } }

    /// The record, once it is open. The caller finishes it when the master is done.
    public var record: (any Recorder)? { recorder }

    /// Workers that have points to evaluate.
    public var busyWorkers: Int { workers.count { !$0.outstanding.isEmpty } }
    /// The worker that has been longest at a point, with what it said last of its progress; `nil` when nobody has said
    /// anything.
    public var longestUnderWay: (rank: Int, progress: Progress)? {
        workers.indices.filter { !workers[$0].outstanding.isEmpty && workers[$0].progress != nil }
            .max { workers[$0].progress!.step < workers[$1].progress!.step }
            .map { ($0, workers[$0].progress!) }
    }
    /// Workers that stand ready, busy or not.
    public var readyWorkers: Int { workers.count { $0.state == .ready } }

    /// Asks no more points; ends when those under way are in, or after the grace time.
    public mutating func stop(_ reason: String, now: Double) {
        drain(reason, until: min(now + settings.stopGrace, deadline ?? .infinity), now: now)
    }

    mutating func drain(_ reason: String, until end: Double, now: Double) {
        guard ending == nil, stopReason == nil else { return }
        stopReason = reason
        switch phase {
        case .gathering: self.end(.stopped(reason), now: now)
        case .exploring:
            logger.notice("stopping: \(reason); \(frontier.pendingCount) points are under way")
            phase = .draining(until: end)
        case .draining, .leaving, .done: break
        }
    }

    /// Does what can be done now.
    ///
    /// - Returns: whether anything happened.
    /// - Throws: what opening the record throws, and a failure of the transport on this rank.
    public mutating func step(now: Double) throws -> Bool {
        if let failure = recorder?.failure, ending == nil { end(.notRecorded(failure), now: now) }
        var happened = false
        var taken = 0
        // The frontier cannot be flooded: what does not fit stays with the transport.
        let hasRoom = recorder?.hasRoom ?? true
        while hasRoom {
            guard try receive(now: now) else {
                heardUntil = now
                break
            }
            happened = true
            taken += 1
            // Some together, which costs less, but at once where a worker waits.
            if workerWaits || taken % Self.messagesAtOnce == 0 {
                takeResults(now: now)
                if case .exploring = phase { try dispatch(now: now) }
            }
            if taken == Self.messagesPerStep || toRecord.count >= Self.rowsPerStep { break }
        }
        takeResults(now: now)
        if case .exploring = phase { try dispatch(now: now) }
        // Rows that come one by one are handed over together, unless there is nothing else to do or a neighbour may be
        // started from one.
        if !happened || now >= nextHandOver || provenance.count >= Self.rowsPerStep || description.usesParent {
            handOver()
            nextHandOver = now + Self.handOverInterval
        }
        try advance(now: now)
        if now >= nextCheck {
            // While this rank itself did not run, nobody was silent.
            if now - nextCheck > 10 * checkInterval { for rank in workers.indices { workers[rank].lastHeard = now } }
            nextCheck = now + checkInterval
            try check(now: now)
        }
        return happened
    }

    // MARK: - phases

    private mutating func advance(now: Double) throws {
        switch phase {
        case .gathering(let since):
            let waiting = workers.count { $0.state == .expected }
            if waiting > 0 && now - since < settings.startLimit { return }
            if waiting > 0 { logger.warning("\(waiting) workers have not reported; going on without them") }
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

    /// Whether nothing can be asked; a point that could is put back.
    private mutating func isExhausted() -> Bool {
        guard let id = frontier.ask() else { return true }
        frontier.forget([id])
        return false
    }

    mutating func end(_ ending: Ending, now: Double) {
        self.ending = ending
        phase = .leaving(since: now)
        for rank in workers.indices where workers[rank].state != .left {
            // A worker that cannot be told leaves by itself when it hears nothing more.
            try? send(.stop, to: rank)
        }
    }

    // MARK: - messages

    private mutating func receive(now: Double) throws -> Bool {
        var source = 0
        var message: FromWorker?
        var problem: MessageError?
        var bringsResults = false
        let first = toRecord.count
        let received = try transport.receive { from, bytes in
            source = from
            do throws(MessageError) {
                bringsResults = try FromWorker.read(finished: &toRecord, from: bytes)
                if !bringsResults { message = try FromWorker(from: bytes) }
            } catch {
                problem = error
            }
        }
        guard received else { return false }
        if let problem {
            if case .otherProgram = problem {
                end(.otherProgram("rank \(source) \(problem)"), now: now)
            } else {
                try lose(source, "sent \(problem)")
            }
            return true
        }
        let worker = workers[source]
        worker.lastHeard = now
        if worker.state == .lost {
            logger.notice("rank \(source) on \(worker.host) is back")
            worker.state = worker.hasModel ? .ready : .preparing
            if worker.hasModel { queue(source) } else { try prepare(source) }
        }
        if bringsResults {
            worker.progress = nil
            worker.answer(first..<toRecord.count, of: toRecord)
            untold.append((source, toRecord.count))
            if worker.outstanding.isEmpty { workerWaits = true }
            return true
        }
        switch message {
        case .hello(let hello):
            worker.host = hello.host
            worker.processID = hello.processID
            guard hello.program == program else {
                let problem = MessageError.otherProgram(theirs: hello.program, ours: program)
                end(.otherProgram("rank \(source) on \(hello.host) \(problem)"), now: now)
                return true
            }
            worker.state = .preparing
            try prepare(source)
        case .ready:
            worker.state = .ready
            worker.hasModel = true
            queue(source)
            try endCheck(source, isGood: true)
        case .unable(let why):
            logger.error("rank \(source) on \(worker.host) cannot work: \(why)")
            worker.state = .left
            try endCheck(source, isGood: false)
            if !workers.contains(where: { $0.state != .left && $0.state != .lost }) { end(.noWorkers(why), now: now) }
        case .goodbye:
            worker.state = .left
            giveBack(source)
            try endCheck(source, isGood: false)
        case .alive(let progress): worker.progress = progress
        case .finished, nil: break
        }
        return true
    }

    private mutating func prepare(_ rank: Int) throws {
        let answer = checks.ask(rank, on: workers[rank].host)
        if answer == .wait { return }
        var job = job
        job.checksModel = answer == .look
        try send(.prepare(job), to: rank)
    }

    /// Lets those go on that waited for a worker to look at the model's files.
    mutating func endCheck(_ rank: Int, isGood: Bool) throws {
        for waiting in checks.end(rank, on: workers[rank].host, isGood: isGood)
        where workers[waiting].state == .preparing { try prepare(waiting) }
    }

    /// Tells the frontier what came in.
    mutating func takeResults(now: Double) {
        if untold.isEmpty { return }
        workerWaits = false
        let new = provenance.count..<toRecord.count
        evaluationCount += new.count
        if let mean = recent.add(new, of: toRecord) { cost = cost.map { 0.8 * $0 + 0.2 * mean } ?? mean }
        if let share = recent.failedShare, share > settings.failureLimit, ending == nil {
            end(.tooManyFailures(failures(lastOf: new)), now: now)
        }
        var removed = 0
        for (source, end) in untold {
            removed += settle(provenance.count..<end - removed, by: source)
            queue(source)
        }
        untold.removeAll(keepingCapacity: true)
    }

    /// What is to be said of too many failures, the last one among these rows to record.
    private func failures(lastOf rows: Range<Int>) -> String {
        let text = "\(recent.failedCount) of the last \(recent.count) evaluations failed"
        guard let last = rows.last(where: { toRecord.rows[$0].outcome == .failed }),
            let reason = description.allReasons.first(where: { $0.code == toRecord.rows[last].reason })?.name
        else { return text }
        let log = String(decoding: toRecord.log(last).prefix(400), as: UTF8.self)
        return text + ", the last one with " + (log.isEmpty ? reason : "\(reason): \(log.prefix { !$0.isNewline })")
    }

    /// Tells the frontier what some rows to record say, and removes those that are not to be.
    ///
    /// - Returns: how many those were.
    mutating func settle(_ range: Range<Int>, by worker: Int) -> Int {
        let refused = frontier.settle(range, of: toRecord, by: worker, in: &rows, into: &provenance)
        for row in refused.reversed() { toRecord.remove(row) }
        if description.usesParent {
            for row in range.lowerBound..<provenance.count {
                solutions.keep(toRecord.solution(row), ofRow: provenance[row].row)
            }
        }
        return refused.count
    }

    private mutating func handOver() {
        guard !provenance.isEmpty, let recorder else { return }
        recorder.record(provenance, toRecord)
        provenance.removeAll(keepingCapacity: true)
        toRecord.removeAll()
    }
}
