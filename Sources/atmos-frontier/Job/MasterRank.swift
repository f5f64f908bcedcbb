internal import Atmospheres
internal import Ensemble
internal import Experiments
internal import Exploration
internal import Glibc
internal import Logging
internal import Messages
internal import Models
internal import Reporting
internal import Results

/// Rank 0: joins the experiment, the frontier, the workers and the results file, and says how it ended.
struct MasterRank {
    let options: RunOptions
    let ranks: Int
    private let logger = Log.logger()

    init(options: RunOptions, ranks: Int) {
        self.options = options
        self.ranks = ranks
    }

    /// With workers on the other ranks.
    func run(over transport: MPITransport) throws {
        let pulse = Pulse(over: transport)
        let plan: Plan
        do {
            plan = try Plan(options, logger, pulse: pulse)
        } catch {
            // The others wait for the experiment.
            var stop: [UInt8] = []
            ToWorker.stop.encode(into: &stop)
            for rank in 1..<max(transport.size, 1) { try transport.send(stop.span.bytes, to: rank) }
            throw error
        }
        if transport.size == 1 { return try runAlone(plan, pulse) }
        var master = plan.master(over: transport, logger, pulse: pulse)
        try run(&master, plan, pulse) { false }
    }

    /// In one process, without MPI.
    func runAlone() throws {
        let pulse = Pulse()
        try runAlone(try Plan(options, logger, pulse: pulse), pulse)
    }

    private func runAlone(_ plan: Plan, _ pulse: Pulse) throws {
        let ends = InMemoryNetwork.loopback()
        var master = plan.master(over: ends.master, logger, pulse: pulse)
        // A slow model keeps this process from the master's loop.
        let grace = options.stopGrace
        var stopsAt: Double?
        var worker = try WorkerRank.makeWorker(ends.worker, keeping: options.keptScratch) {
            let now = Time.monotonic()
            pulse.beat(now: now)
            if StopSignal.name != nil, stopsAt == nil { stopsAt = now + grace }
            return stopsAt.map { now < $0 } ?? true
        }
        defer { worker.close() }
        try run(&master, plan, pulse) { try worker.step() }
    }

    /// Runs the job to its end.
    ///
    /// - Parameter work: what else this process does between two steps of the master; returns whether it did.
    private func run(
        _ master: inout Master, _ plan: Plan, _ pulse: Pulse, work: () throws -> Bool
    ) throws {
        StopSignal.catchOnMaster()
        let begin = Time.monotonic()
        let times = [plan.experiment.stop.wallTime.map(\.seconds), options.until?.seconds].compactMap(\.self)
        master.deadline = times.min().map { begin + $0 }
        var progress = Progress(begin: begin)
        var patience = Patience()
        while !master.isDone {
            let now = Time.monotonic()
            pulse.beat(now: now)
            if let name = StopSignal.name { master.stop("\(name) received", now: now) }
            let happened = try master.step(now: now)
            let worked = try work()
            if happened || worked { patience.reset() } else { patience.wait() }
            progress.report(on: master, now: now)
        }
        if Log.isTerminal { Log.progress("") }
        try finish(master, plan, pulse, seconds: Time.monotonic() - begin)
    }

    /// Writes the map of a refinement beside the points that it was made from.
    ///
    /// - Returns: how the refinement ended, for people; `nil` for a flood.
    private func writeInferredMap(_ plan: Plan, _ pulse: Pulse) throws -> String? {
        guard case .refine(let settings) = plan.experiment.search else { return nil }
        do {
            guard access(options.output, F_OK) == 0 else { return nil }
            let map: InferredMap
            do {
                let reader = try ResultsReader(at: options.output)
                map = try reader.inferredMap(settings, of: plan.experiment, plan.description)
            }
            pulse.beatForAll()
            try ResultsFile.writeInferred(map, on: plan.experiment.lattice, at: options.output)
            let evaluated = map.kinds.count { $0 == .evaluated }
            let inferred = map.kinds.count { $0.inferredStable != nil }
            let isSpent = settings.points.map { evaluated >= $0 } ?? false
            return (isSpent ? "refine, its budget of \(evaluated) points is used" : "refine")
                + ": \(inferred) points inferred, \(map.kinds.count { $0 == .open }) open"
        } catch {
            logger.warning("\(options.output): the inferred map is not in the file: \(error); every point is")
            return nil
        }
    }

    private func finish(
        _ master: borrowing Master, _ plan: Plan, _ pulse: Pulse, seconds: Double
    ) throws {
        let ending = master.ending ?? .stopped("the master ended")
        var completion = Completion.partial
        if case .complete = ending { completion = .complete }
        do {
            try (master.record as? FileRecorder)?.writer.finish(
                completion, lostWorkers: master.lostWorkers, whileWaiting: pulse.beatForAll)
        } catch {
            throw Failure(.inputOutput, "\(options.output): \(error); what was committed before is safe")
        }
        let search = try writeInferredMap(plan, pulse)
        switch ending {
        case .otherProgram(let text):
            throw Failure(.usage, "\(text); start the same build on every host")
        case .noWorkers(let why): throw Failure(.workLeft, "no worker is left: \(why)")
        case .tooManyFailures(let text):
            throw Failure(
                .software,
                "\(text); nothing is lost: look at the model, then launch again, or give --max-failures a larger share")
        case .notRecorded(let error): throw Failure(.inputOutput, "\(options.output): \(error)")
        case .complete, .stopped: break
        }
        let reader = try ResultsReader(at: options.output)
        let summary = try Summary(
            of: reader, search: search, evaluations: master.evaluationCount, seconds: seconds, ranks: ranks)
        print(summary.lines.joined(separator: "\n"))
        if case .stopped(let why) = ending {
            throw Failure(.workLeft, "stopped in order: \(why); launch the same command again to go on")
        }
    }
}

/// Says where the job stands: every 10 s in a log, twice a second on a terminal.
private struct Progress {
    private let interval = Log.isTerminal ? 0.5 : 10.0
    private var last: Double
    private var lastCount: Int?

    init(begin: Double) { last = begin }

    mutating func report(on master: Master, now: Double) {
        guard now - last >= interval else { return }
        let count = master.frontier.settledCount
        let line = ProgressLine(
            settled: Outcome.allCases.map { (outcome: $0, count: master.frontier.settledCount($0)) },
            open: master.frontier.openCount, pending: master.frontier.pendingCount, busyWorkers: master.busyWorkers,
            readyWorkers: master.readyWorkers, rate: Double(count - (lastCount ?? 0)) / (now - last),
            underWay: master.longestUnderWay)
        Log.progress("\(line)")
        last = now
        lastCount = count
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
