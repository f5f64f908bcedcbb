import Atmospheres
import Ensemble
import Exploration
import Messages
import Testing

@Suite("Master and workers, in memory")
struct MasterTests {
    @Test("Any number of workers gives the same rows", arguments: [2, 3, 8, 700])
    func independentOfWorkers(count: Int) throws {
        var alone = try Job(workers: 1, lattice: Job.lattice())
        try alone.run()
        var job = try Job(workers: count, lattice: Job.lattice())
        try job.run()
        guard case .complete = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
        #expect(try job.recorder.rows.count == Job.expectedCount())
        #expect(job.recorder.rows == alone.recorder.rows)
        #expect(job.workers.values.allSatisfy { $0.state == .stopped })
    }

    @Test("Every row comes after its parent's, in order and without a gap")
    func rowsInOrder() throws {
        var job = try Job(workers: 5, lattice: Job.lattice())
        try job.run()
        #expect(job.recorder.provenance.map(\.row) == Array(0..<job.recorder.provenance.count))
        #expect(job.recorder.provenance.allSatisfy { $0.parentRow < $0.row })
        #expect(job.recorder.provenance.count { $0.parentRow == -1 } == 1)
    }

    @Test("A worker that falls silent loses its points to the others, and a late answer counts once")
    func lostWorker() throws {
        var reference = try Job(workers: 1, lattice: Job.lattice())
        try reference.run()

        var job = try Job(workers: 3, lattice: Job.lattice())
        for _ in 0..<6 { try job.step() }
        job.network.unreachable = [2]
        for _ in 0..<500 { try job.step(seconds: 0.1) }
        #expect(job.master.lostWorkers == 1)
        job.network.unreachable = []
        try job.run()
        #expect(job.recorder.rows == reference.recorder.rows)
        #expect(job.recorder.provenance.count == reference.recorder.provenance.count)
    }

    @Test("A worker whose process has ended on rank 0's host is lost at once")
    func goneProcess() throws {
        var settings = MasterSettings()
        settings.isGone = { $0 == 2 }
        var job = try Job(workers: 3, lattice: Job.lattice(), settings: settings, onOneHost: true)
        try job.run()
        #expect(job.master.lostWorkers >= 1)
        #expect(job.now < 10)
        #expect(try job.recorder.rows.count == Job.expectedCount())
    }

    @Test("A worker that comes back after its points were given away is used again")
    func lateAnswer() throws {
        var job = try Job(workers: 2, lattice: Job.lattice())
        try job.step(until: { $0.master.readyWorkers == 2 })
        try job.step(until: { $0.master.busyWorkers == 2 }, except: [2])
        // Rank 2 has points and does not answer for longer than its limit, then does.
        try job.step(until: { $0.master.lostWorkers == 1 }, seconds: 1, except: [2])
        try job.run()
        #expect(try job.recorder.rows.count == Job.expectedCount())
        #expect(try job.recorder.provenance.count == Job.expectedCount())
    }

    @Test("A point that loses worker after worker is recorded as failed, with its reason")
    func poisonPoint() throws {
        var settings = MasterSettings()
        settings.lossesPerPoint = 2
        var job = try Job(workers: 3, lattice: Job.lattice(), settings: settings, poison: true)
        try job.run(seconds: 0.5)
        #expect(job.master.lostWorkers == 2)
        #expect(job.recorder.provenance.count == 1)
        #expect(job.recorder.evaluations.rows.map(\.outcome) == [.failed])
        #expect(job.recorder.evaluations.rows.map(\.reason) == [Reason.workerLost.code])
    }

    @Test("When every worker is lost the job ends orderly")
    func allLost() throws {
        var job = try Job(workers: 2, lattice: Job.lattice())
        for _ in 0..<4 { try job.step() }
        job.network.unreachable = [1, 2]
        try job.run(seconds: 0.5)
        guard case .noWorkers = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
    }

    @Test("With fewer workers than the settings ask for the job stops orderly")
    func tooFewWorkers() throws {
        var settings = MasterSettings()
        settings.minWorkers = 2
        settings.isGone = { $0 == 1 }
        var job = try Job(workers: 2, lattice: Job.lattice(side: 101), settings: settings, onOneHost: true)
        try job.run()
        guard case .stopped(let why) = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
        #expect(why == "too few workers: 1 left, 2 wanted")
    }

    @Test("Workers leave by themselves when the master falls silent")
    func lostMaster() throws {
        var job = try Job(workers: 2, lattice: Job.lattice())
        for _ in 0..<4 { try job.step() }
        for _ in 0..<60 {
            for rank in [1, 2] { _ = try job.workers[rank]!.step() }
            job.now += 1
        }
        #expect(job.workers.values.allSatisfy { $0.state == .abandoned })
    }

    @Test("A rank that runs another program is refused by name")
    func otherProgram() throws {
        var job = try Job(workers: 2, lattice: Job.lattice(), programs: [2: "0.9"])
        try job.run()
        guard case .otherProgram(let text) = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
        #expect(text.contains("rank 2") && text.contains("host2") && text.contains("0.9"))
        #expect(job.recorder.provenance.isEmpty)
    }

    @Test("A worker that cannot make its model is left out; when none can, the job ends with the reason")
    func unable() throws {
        var job = try Job(workers: 2, lattice: Job.lattice(), unable: [1])
        try job.run()
        #expect(try job.recorder.rows.count == Job.expectedCount())

        job = try Job(workers: 2, lattice: Job.lattice(), unable: [1, 2])
        try job.run()
        guard case .noWorkers(let why) = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
        #expect(why == "no tree on this node")
    }

    @Test("A recorder without room holds the master back, and nothing is lost")
    func fullRecorder() throws {
        var job = try Job(workers: 2, lattice: Job.lattice())
        for _ in 0..<4 { try job.step() }
        job.recorder.hasRoom = false
        let rows = job.recorder.provenance.count
        for _ in 0..<50 { try job.step() }
        #expect(job.recorder.provenance.count == rows)
        job.recorder.hasRoom = true
        try job.run()
        #expect(try job.recorder.rows.count == Job.expectedCount())
    }

    @Test("A recorder that fails ends the job")
    func failedRecorder() throws {
        var job = try Job(workers: 2, lattice: Job.lattice())
        for _ in 0..<4 { try job.step() }
        job.recorder.failure = Job.Unable()
        try job.run()
        guard case .notRecorded = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
    }

    @Test("A stop asks nothing more, takes what is under way, and ends")
    func stop() throws {
        var job = try Job(workers: 3, lattice: Job.lattice(side: 101))
        for _ in 0..<8 { try job.step() }
        job.master.stop("asked to", now: job.now)
        try job.run()
        guard case .stopped("asked to") = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
        #expect(job.master.frontier.pendingCount == 0)
        #expect(job.recorder.provenance.count == job.master.evaluationCount)
        #expect(job.recorder.provenance.count < 1000)
    }

    @Test("Garbage from a rank costs that rank only")
    func garbage() throws {
        var job = try Job(workers: 2, lattice: Job.lattice())
        for _ in 0..<4 { try job.step() }
        let bytes: [UInt8] = [3, 255, 255, 255, 255, 1, 2]
        job.network.transport(rank: 2).send(bytes.span.bytes, to: 0)
        try job.run()
        #expect(try job.recorder.rows.count == Job.expectedCount())
    }

    @Test("With a deadline nothing is asked that the slowest recent point could not finish")
    func deadline() throws {
        var job = try Job(workers: 2, lattice: Job.lattice(side: 101))
        // Answers take half a second on the test's clock and some microseconds on the worker's: the master believes the
        // worker, so the end comes with the closing time.
        job.master.deadline = 20
        try job.run(seconds: 0.5)
        guard case .stopped(let why) = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
        #expect(why.contains("deadline"))
        #expect(job.now <= 20)
        #expect(job.master.frontier.pendingCount == 0)
        #expect(!job.recorder.provenance.isEmpty)
    }

    @Test("Too many failures end the job with the last reason, instead of going through every point")
    func tooManyFailures() throws {
        var job = try Job(workers: 2, lattice: Job.lattice(), crashes: true) { $0.attempts = 100 }
        try job.run()
        guard case .tooManyFailures(let text) = job.master.ending else {
            Issue.record("ended with \(String(describing: job.master.ending))")
            return
        }
        #expect(text.contains("crashed"))
        #expect(job.master.evaluationCount < 100)
    }

    @Test("Rows that an earlier run left empty are filled first")
    func emptyRows() throws {
        var job = try Job(workers: 2, lattice: Job.lattice(), emptyRows: [3, 7])
        try job.run()
        let rows = job.recorder.provenance.map(\.row)
        #expect(Set(rows.prefix(2)) == [3, 7])
        #expect(rows.dropFirst(2).sorted() == Array(8..<8 + rows.count - 2))
    }
}
