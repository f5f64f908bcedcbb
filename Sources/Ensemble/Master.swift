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

    package internal(set) var frontier: any Search
    public private(set) var ending: Ending?
    public internal(set) var lostWorkers = 0
    /// Evaluations that came in, those that were asked again included.
    public private(set) var evaluationCount = 0
    /// Rows handed to the recorder, those of an earlier run included.
    public private(set) var rowCount: Int
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
    /// Rows below ``rowCount`` that hold no result.
    private var emptyRows: [Int]
    /// When everything that had arrived was taken: nobody's silence lasts longer.
    var heardUntil: Double
    private var nextCheck: Double
    private var nextHandOver = -Double.infinity
    var nextHeartbeat: Double
    private var stopReason: String?

    private var provenance: [Provenance] = []
    var toRecord: Evaluations
    var batch = Assignments()
    var buffer: [UInt8] = []
    /// The results of the message that came last.
    private var incoming: Evaluations

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
        rowCount = rows
        self.emptyRows = emptyRows
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
        incoming = Evaluations(of: description)
    }

    /// So many messages are taken, or rows, before what they brought is handed over and the clock is looked at.
    private static let messagesPerStep = 256
    private static let rowsPerStep = 4096
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
            // At once: a worker waits, and there may be no end of messages.
            if case .exploring = phase { try dispatch(now: now) }
            taken += 1
            if taken == Self.messagesPerStep || provenance.count >= Self.rowsPerStep { break }
        }
        if case .exploring = phase { try dispatch(now: now) }
        // Rows that come one by one are handed over together, unless there is nothing else to do or a neighbour may be
        // started from one.
        if !happened || now >= nextHandOver || provenance.count >= Self.rowsPerStep || description.usesStart {
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
        let received = try transport.receive { from, bytes in
            source = from
            do throws(MessageError) {
                bringsResults = try FromWorker.read(finished: &incoming, from: bytes)
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
        workers[source].lastHeard = now
        if workers[source].state == .lost {
            logger.notice("rank \(source) on \(workers[source].host) is back")
            workers[source].state = workers[source].hasModel ? .ready : .preparing
            if workers[source].hasModel { queue(source) } else { try prepare(source) }
        }
        if bringsResults {
            workers[source].progress = nil
            takeResults(from: source, now: now)
            return true
        }
        switch message {
        case .hello(let hello):
            workers[source].host = hello.host
            workers[source].processID = hello.processID
            guard hello.program == program else {
                let problem = MessageError.otherProgram(theirs: hello.program, ours: program)
                end(.otherProgram("rank \(source) on \(hello.host) \(problem)"), now: now)
                return true
            }
            workers[source].state = .preparing
            try prepare(source)
        case .ready:
            workers[source].state = .ready
            workers[source].hasModel = true
            queue(source)
            try endCheck(source, isGood: true)
        case .unable(let why):
            logger.error("rank \(source) on \(workers[source].host) cannot work: \(why)")
            workers[source].state = .left
            try endCheck(source, isGood: false)
            if !workers.contains(where: { $0.state != .left && $0.state != .lost }) { end(.noWorkers(why), now: now) }
        case .goodbye:
            workers[source].state = .left
            giveBack(source)
            try endCheck(source, isGood: false)
        case .alive(let progress): workers[source].progress = progress
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

    private mutating func takeResults(from source: Int, now: Double) {
        var evaluations = Evaluations(valueCount: 0, profileLength: 0)
        swap(&evaluations, &incoming)
        defer { swap(&evaluations, &incoming) }
        evaluationCount += evaluations.count
        workers[source].answer(evaluations.points)
        recent.add(evaluations)
        if !evaluations.isEmpty {
            let mean = Double(evaluations.wallTimes.reduce(0, +)) / Double(evaluations.count)
            cost = cost.map { 0.8 * $0 + 0.2 * mean } ?? mean
        }
        // Rows from here on are settled and not yet copied.
        var first = 0
        for row in 0..<evaluations.count {
            let id = PointID(evaluations.points[row])
            let isToRecord = frontier.tell(id, evaluations.outcomes[row]) { quantity in
                evaluations.values[row * evaluations.valueCount + quantity]
            }
            if isToRecord {
                settle(id, row: row, of: evaluations, worker: source)
            } else {
                toRecord.append(first..<row, of: evaluations)
                first = row + 1
            }
        }
        toRecord.append(first..<evaluations.count, of: evaluations)
        if let share = recent.failedShare, share > settings.failureLimit, ending == nil {
            let last = (0..<evaluations.count).last { evaluations.outcomes[$0] == .failed }
            let reason = last.flatMap { row in
                let name = description.allReasons.first { $0.code == evaluations.reasons[row] }?.name
                let log = String(decoding: evaluations.log(row).prefix(400), as: UTF8.self)
                return name.map { log.isEmpty ? $0 : "\($0): \(log.prefix { !$0.isNewline })" }
            }
            end(
                .tooManyFailures(
                    "\(recent.failedCount) of the last \(recent.count) evaluations failed"
                        + (reason.map { ", the last one with \($0)" } ?? "")), now: now)
        }
        queue(source)
    }

    /// Gives a settled point its row. The caller copies what the model gave for it into the rows to record.
    mutating func settle(_ id: PointID, row: Int, of evaluations: Evaluations, worker: Int) {
        let record = frontier.record(id, in: emptyRows.last ?? rowCount, worker: worker)
        if record.row == emptyRows.last { emptyRows.removeLast() }
        rowCount = max(rowCount, record.row + 1)
        provenance.append(record)
        if description.usesStart { solutions.keep(evaluations.solution(row), ofRow: record.row) }
    }

    private mutating func handOver() {
        guard !provenance.isEmpty, let recorder else { return }
        recorder.record(provenance, toRecord)
        provenance.removeAll(keepingCapacity: true)
        toRecord.removeAll()
    }
}
