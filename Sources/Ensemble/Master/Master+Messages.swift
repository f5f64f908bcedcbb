import Atmospheres
import Exploration
import Logging
import Messages

/// What the master does with each message.
extension Master {
    /// Receives the next message.
    ///
    /// - Returns: whether there was one.
    mutating func receive(now: Double) throws -> Bool {
        var source = 0
        var message: FromWorker?
        var problem: MessageError?
        let first = inbox.count
        _ = try transport.receive { from, bytes in
            source = from
            do throws(MessageError) {
                message = try inbox.take(bytes, from: from)
            } catch {
                problem = error
            }
        }
        if let problem {
            try refuse(problem, from: source, now: now)
            return true
        }
        guard let message else { return false }
        workers[source].lastHeard = now
        if workers[source].state == .lost { try readmit(source) }
        try handle(message, results: first..<inbox.count, from: source, now: now)
        return true
    }

    /// Handles a message; `results` are the rows of the inbox that came with it.
    private mutating func handle(_ message: FromWorker, results: Range<Int>, from rank: Int, now: Double) throws {
        switch message {
        case .finished: handleResults(results, from: rank)
        case .hello(let hello): try handle(hello, from: rank, now: now)
        case .ready: try handleReady(from: rank)
        case .unable(let why): try handleUnable(why, from: rank, now: now)
        case .goodbye: try handleGoodbye(from: rank)
        case .alive(let progress): workers[rank].progress = progress
        }
    }

    private mutating func refuse(_ problem: MessageError, from rank: Int, now: Double) throws {
        if case .otherProgram = problem {
            end(.otherProgram("rank \(rank) \(problem)"), now: now)
        } else {
            try lose(rank, "sent \(problem)")
        }
    }

    /// Takes back a worker that was lost: it speaks again.
    private mutating func readmit(_ rank: Int) throws {
        let worker = workers[rank]
        logger.notice("rank \(rank) on \(worker.host) is back")
        worker.state = worker.hasModel ? .ready : .preparing
        if worker.hasModel { queue(rank) } else { try prepare(rank) }
    }

    // MARK: - one function per message

    private mutating func handle(_ hello: FromWorker.Hello, from rank: Int, now: Double) throws {
        workers[rank].host = hello.host
        workers[rank].processID = hello.processID
        guard hello.program == program else {
            let problem = MessageError.otherProgram(theirs: hello.program, ours: program)
            return end(.otherProgram("rank \(rank) on \(hello.host) \(problem)"), now: now)
        }
        workers[rank].state = .preparing
        try prepare(rank)
    }

    private mutating func handleReady(from rank: Int) throws {
        workers[rank].state = .ready
        workers[rank].hasModel = true
        queue(rank)
        try endCheck(rank, isGood: true)
    }

    private mutating func handleUnable(_ why: String, from rank: Int, now: Double) throws {
        logger.error("rank \(rank) on \(workers[rank].host) cannot work: \(why)")
        workers[rank].state = .left
        try endCheck(rank, isGood: false)
        if !workers.contains(where: { $0.state != .left && $0.state != .lost }) { end(.noWorkers(why), now: now) }
    }

    private mutating func handleGoodbye(from rank: Int) throws {
        workers[rank].state = .left
        giveBack(rank)
        try endCheck(rank, isGood: false)
    }

    private mutating func handleResults(_ rows: Range<Int>, from rank: Int) {
        let worker = workers[rank]
        worker.progress = nil
        worker.answer(rows, of: inbox.evaluations)
        if worker.outstanding.isEmpty { workerWaits = true }
    }

    // MARK: - sending the job

    /// Sends the job to a worker, unless it has to wait for another worker of its host to check the model's files.
    private mutating func prepare(_ rank: Int) throws {
        let answer = checks.ask(rank, on: workers[rank].host)
        if answer == .wait { return }
        var job = job
        job.checksModel = answer == .check
        try send(.prepare(job), to: rank)
    }

    /// Ends a worker's check of the model's files, and sends the job to those that waited for it.
    mutating func endCheck(_ rank: Int, isGood: Bool) throws {
        for waiting in checks.end(rank, on: workers[rank].host, isGood: isGood)
        where workers[waiting].state == .preparing { try prepare(waiting) }
    }

    mutating func send(_ message: ToWorker, to rank: Int) throws {
        message.encode(into: &buffer)
        try transport.send(buffer.span.bytes, to: rank)
    }
}
