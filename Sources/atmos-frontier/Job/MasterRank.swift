internal import Atmospheres
internal import Clocks
internal import Ensemble
internal import Experiments
internal import Exploration
internal import Glibc
internal import Logging
internal import Messages
internal import Models
internal import Reporting
internal import Results

/// Rank 0: connects the experiment, the search, the workers and the results file, and reports how the job ended.
struct MasterRank {
    private let options: RunOptions
    private let ranks: Int
    private let logger = Log.logger()

    init(options: RunOptions, ranks: Int) {
        self.options = options
        self.ranks = ranks
    }

    /// Runs the job with workers on the other ranks.
    func run(over transport: MPITransport) throws {
        let heartbeat = Heartbeat(over: transport)
        let plan: RunPlan
        do {
            plan = try RunPlan(options, logger, heartbeat)
        } catch {
            // The workers are waiting for the experiment.
            var stop: [UInt8] = []
            ToWorker.stop.encode(into: &stop)
            for rank in 1..<max(transport.size, 1) { try transport.send(stop.span.bytes, to: rank) }
            throw error
        }
        if transport.size == 1 { return try runAlone(plan, heartbeat) }
        var master = plan.master(over: transport, logger, heartbeat)
        try run(&master, plan, heartbeat) { false }
    }

    /// Runs the job in one process, without MPI.
    func runAlone() throws {
        let heartbeat = Heartbeat()
        try runAlone(try RunPlan(options, logger, heartbeat), heartbeat)
    }

    private func runAlone(_ plan: RunPlan, _ heartbeat: Heartbeat) throws {
        let ends = InMemoryNetwork.loopback()
        var master = plan.master(over: ends.master, logger, heartbeat)
        // While a slow model runs, the master's loop does not: check for signals and keep the launcher informed here.
        let grace = options.stopGrace
        var stopsAt: Double?
        var worker = try WorkerRank.makeWorker(ends.worker, keeping: options.keptScratch) {
            let now = Time.monotonic()
            heartbeat.beat(now: now)
            if StopSignal.name != nil, stopsAt == nil { stopsAt = now + grace }
            return stopsAt.map { now < $0 } ?? true
        }
        defer { worker.close() }
        try run(&master, plan, heartbeat) { try worker.step() }
    }

    /// Runs the job to its end. Between two steps of the master, `work` does other work of this process; it returns
    /// whether it did any.
    private func run(
        _ master: inout Master, _ plan: RunPlan, _ heartbeat: Heartbeat, work: () throws -> Bool
    ) throws {
        StopSignal.catchOnMaster()
        let begin = Time.monotonic()
        let times = [plan.experiment.stop.wallTime.map(\.seconds), options.until?.seconds].compactMap(\.self)
        master.deadline = times.min().map { begin + $0 }
        var progress = ProgressReporter(begin: begin)
        var backoff = Backoff()
        while !master.isDone {
            let now = Time.monotonic()
            heartbeat.beat(now: now)
            if let name = StopSignal.name { master.stop("\(name) received", now: now) }
            let happened = try master.step(now: now)
            let worked = try work()
            if happened || worked { backoff.reset() } else { backoff.wait() }
            progress.report(on: master, now: now)
        }
        if Log.isTerminal { Log.progress("") }
        try finish(master, plan, heartbeat, seconds: Time.monotonic() - begin)
    }

    /// Writes the map of a refinement beside the points that it was made from.
    ///
    /// - Returns: how the refinement ended, for people; `nil` for a flood.
    private func writeInferredMap(_ plan: RunPlan, _ heartbeat: Heartbeat) throws -> String? {
        guard case .refine(let settings) = plan.experiment.search else { return nil }
        do {
            guard access(options.output, F_OK) == 0 else { return nil }
            let map: InferredMap
            do {
                let reader = try ResultsReader(at: options.output)
                map = try reader.inferredMap(settings, of: plan.experiment, plan.description)
            }
            heartbeat.beatForAll()
            try ResultsFile.writeInferred(map, on: plan.experiment.lattice, at: options.output)
            let evaluated = map.kinds.count { $0 == .evaluated }
            let inferred = map.kinds.count { $0.inferredStable != nil }
            let isSpent = settings.points.map { evaluated >= $0 } ?? false
            return (isSpent ? "refine, its budget of \(evaluated) points is used" : "refine")
                + ": \(inferred) points inferred, \(map.kinds.count { $0 == .open }) open"
        } catch {
            logger.warning(
                "\(options.output): the inferred map could not be written: \(error); every evaluated point is in it")
            return nil
        }
    }

    private func finish(
        _ master: borrowing Master, _ plan: RunPlan, _ heartbeat: Heartbeat, seconds: Double
    ) throws {
        let ending = master.ending ?? .stopped("the master ended")
        var completion = Completion.partial
        if case .complete = ending { completion = .complete }
        try plan.output.finish(completion, lostWorkers: master.lostWorkers, heartbeat)
        let search = try writeInferredMap(plan, heartbeat)
        switch ending {
        case .otherProgram(let text):
            throw Failure(.usage, "\(text); start the same build on every host")
        case .noWorkers(let why): throw Failure(.workLeft, "no workers are left: \(why)")
        case .tooManyFailures(let text):
            throw Failure(
                .software,
                "\(text); all results are in the file: check the model, then launch again, or raise --max-failures")
        case .notRecorded(let error): throw Failure(.inputOutput, "\(options.output): \(error)")
        case .complete, .stopped: break
        }
        let reader = try ResultsReader(at: options.output)
        let summary = try Summary(
            of: reader, search: search, evaluations: master.evaluationCount, seconds: seconds, ranks: ranks)
        print(summary.lines.joined(separator: "\n"))
        if case .stopped(let why) = ending {
            throw Failure(.workLeft, "stopped: \(why); launch the same command again to resume")
        }
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
