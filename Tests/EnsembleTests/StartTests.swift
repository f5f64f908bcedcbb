import Atmospheres
import Exploration
import Glibc
import Logging
import Messages
import Testing

@testable import Ensemble

/// A model whose solution is the key of the point, and whose value is the key that its parent's solution holds.
private struct TracingModel: AtmosphereModel {
    static let description = ModelDescription(
        name: "tracing", version: "1", references: [], respondsTo: [.co2, .ch4],
        quantities: [.surfaceTemperature, Quantity("started_at", "1", "key of the point it was started from")],
        usesParent: true, keepsLogs: true, longestSilence: 10)

    var description: ModelDescription { Self.description }
    let lattice: Lattice
    /// How often a point calls `attend` before the model answers.
    var looks = 0
    var looked: (UInt32) -> Void = { _ in }

    mutating func evaluate(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend) {
        for step in 0..<UInt32(looks) {
            looked(step)
            guard attend(Progress(step: step, modelTime: 1)) else { return }
        }
        let point = lattice[inquiry.indices]
        let sum = inquiry.composition.mixingRatios.prefix(2).reduce(0) { $0 + 4 * ($1 - 0.25) * ($1 - 0.25) }
        evaluation.values[0] = 288
        let start = inquiry.parent.map { Double(String(decoding: $0.solution, as: UTF8.self)) ?? .nan }
        evaluation.values[1] = start ?? -1
        if let parent = inquiry.parent {
            let position = Position(key: UInt64(evaluation.values[1]))
            if parent.composition != lattice.composition(of: position) { evaluation.values[1] = -2 }
        }
        evaluation.outcome = sum <= 0.09 ? .stable : .failed
        if evaluation.outcome == .stable { evaluation.solution = Array("\(point.key)".utf8) }
        if evaluation.outcome == .failed { evaluation.log = Array("no way at \(point.key)".utf8) }
    }
}

@Suite struct StartTests {
    private func master(
        _ network: InMemoryNetwork, _ lattice: Lattice, _ recorder: ListRecorder,
        recalling rows: (Frontier) -> Void = { _ in }, count: Int = 0
    ) -> Master {
        var settings = MasterSettings()
        settings.failureLimit = 1
        var rules = Frontier.Rules()
        rules.parentMatters = true
        let frontier = Frontier(lattice, rules: rules)
        rows(frontier)
        frontier.start()
        return Master(
            frontier, description: TracingModel.description, transport: network.transport(rank: 0),
            job: .init(experiment: "", file: ""), program: "1", host: "a", rows: count, settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: 0, makeRecorder: { _ in recorder })
    }

    private func worker(_ network: InMemoryNetwork, _ model: TracingModel) throws -> Worker {
        try Worker(network.transport(rank: 1), hello: .init(program: "1", host: "b", processID: 1)) { _ in
            .init(lattice: model.lattice, model: model)
        }
    }

    private func check(_ recorder: ListRecorder, _ lattice: Lattice) {
        for (i, item) in recorder.provenance.enumerated() {
            let parent = recorder.provenance.first { $0.row == item.parentRow }?.position.key
            #expect(recorder.evaluations.values[2 * i + 1] == (parent.map { Double($0) } ?? -1))
            let log = String(decoding: recorder.evaluations.log(i), as: UTF8.self)
            #expect(log == (recorder.evaluations.rows[i].outcome == .failed ? "no way at \(item.position.key)" : ""))
        }
    }

    @Test("Every point starts from the solution of the parent that is recorded for it")
    func parents() throws {
        let lattice = try Job.lattice()
        let network = InMemoryNetwork(size: 2)
        let recorder = ListRecorder(of: TracingModel.description)
        var master = master(network, lattice, recorder)
        var worker = try worker(network, TracingModel(lattice: lattice))
        for step in 0..<20_000 where !master.isDone {
            _ = try master.step(now: Double(step) * 0.01)
            _ = try worker.step()
        }
        #expect(master.isDone)
        #expect(recorder.provenance.count > 50)
        check(recorder, lattice)
        #expect(recorder.reads == 0, "what has just come in is in memory")

        // The same rows, with half of the points still to do: their parents' solutions come from the record.
        let half = recorder.provenance.count / 2
        let resumed = ListRecorder(of: TracingModel.description)
        resumed.provenance = Array(recorder.provenance.prefix(half))
        resumed.evaluations.append(0..<half, of: recorder.evaluations)
        let again = InMemoryNetwork(size: 2)
        var second = self.master(
            again, lattice, resumed,
            recalling: { frontier in
                for (i, item) in resumed.provenance.enumerated() {
                    let outcome = recorder.evaluations.rows[i].outcome
                    frontier.recall(item.position, outcome: outcome, attempts: 1, tag: UInt32(item.row))
                }
            }, count: half)
        var other = try self.worker(again, TracingModel(lattice: lattice))
        for step in 0..<20_000 where !second.isDone {
            _ = try second.step(now: Double(step) * 0.01)
            _ = try other.step()
        }
        #expect(second.isDone)
        #expect(resumed.reads > 0)
        #expect(resumed.provenance.count == recorder.provenance.count)
        check(resumed, lattice)
    }

    @Test("A worker at work hears that it is to stop, and gives the point up")
    func stopped() throws {
        let lattice = try Job.lattice()
        let network = InMemoryNetwork(size: 2)
        let recorder = ListRecorder(of: TracingModel.description)
        var master = master(network, lattice, recorder)
        let rankZero = network.transport(rank: 0)
        var lastLook: UInt32 = 0
        var model = TracingModel(lattice: lattice, looks: 1000)
        model.looked = { step in
            lastLook = step
            guard step == 5 else { return }
            var bytes: [UInt8] = []
            ToWorker.stop.encode(into: &bytes)
            rankZero.send(bytes.span.bytes, to: 1)
        }
        var worker = try worker(network, model)
        for step in 0..<4 where worker.state == .working {
            _ = try master.step(now: Double(step) * 0.01)
            _ = try worker.step()
        }
        #expect(worker.state == .stopped)
        #expect(lastLook == 5)
        #expect(recorder.provenance.isEmpty)
    }

    @Test("In a job of one process a model may work for longer than a master may be silent")
    func longInOneProcess() throws {
        let lattice = try Job.lattice()
        let ends = InMemoryNetwork.loopback()
        var settings = WorkerSettings()
        settings.masterLimit = 0.01
        var model = TracingModel(lattice: lattice, looks: 30)
        model.looked = { _ in usleep(1000) }
        var worker = try Worker(
            ends.worker, hello: .init(program: "1", host: "a", processID: 1), settings: settings
        ) { _ in .init(lattice: lattice, model: model) }
        var assignments = Assignments()
        assignments.append(PointID(0), lattice.origin)
        for message in [ToWorker.prepare(.init(experiment: "", file: "")), .evaluate] {
            var bytes: [UInt8] = []
            message.encode(with: assignments, into: &bytes)
            ends.master.send(bytes.span.bytes, to: 0)
        }
        for _ in 0..<3 { _ = try worker.step() }
        #expect(worker.state == .working)
        var last: FromWorker?
        var evaluations = Evaluations(of: TracingModel.description)
        while try ends.master.receive({ _, bytes in
            last = try FromWorker(from: bytes, appendingResultsTo: &evaluations)
        }) {}
        #expect(last == .finished)
        #expect(evaluations.rows.map(\.outcome) == [.stable])
    }
}
