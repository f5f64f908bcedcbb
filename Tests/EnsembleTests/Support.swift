import Atmospheres
import Ensemble
import Exploration
import Logging
import Messages

/// Stable inside a ball on the lattice; its surface temperature is a function of the composition.
struct BallModel: AtmosphereModel {
    static let description = ModelDescription(
        name: "ball", version: "1", references: [], respondsTo: [.co2, .ch4], quantities: [.surfaceTemperature],
        longestSilence: 10)

    var description: ModelDescription { Self.description }
    let limit: Double
    /// Called at the origin: what a point does that kills its worker.
    var atOrigin: () -> Void = {}
    /// Says of an evaluation that it failed, as a model does that crashes.
    var crashes = false

    mutating func evaluate(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend) {
        let composition = inquiry.composition
        let sum = composition.mixingRatios.prefix(2).reduce(0) { $0 + 4 * ($1 - 0.25) * ($1 - 0.25) }
        if composition.mixingRatios.prefix(2) == [0.25, 0.25] { atOrigin() }
        evaluation.values[0] = 288 + 100 * sum
        evaluation.outcome = sum <= limit ? .stable : .unstable
        evaluation.reason = sum <= limit ? .none : .moistGreenhouse
        if crashes { (evaluation.outcome, evaluation.reason) = (.failed, .crashed) }
    }
}

/// Keeps rows in memory; may be full, or fail.
final class ListRecorder: Recorder {
    var hasRoom = true
    var failure: (any Error)?
    var provenance: [Provenance] = []
    var evaluations: Evaluations
    /// How many solutions were asked for.
    private(set) var reads = 0

    init(of model: ModelDescription) { evaluations = Evaluations(of: model) }

    func solution(ofRow row: Int) -> [UInt8] {
        reads += 1
        return provenance.lastIndex { $0.row == row }.map { evaluations.solution($0) } ?? []
    }

    func record(_ provenance: [Provenance], _ evaluations: Evaluations) {
        self.provenance += provenance
        self.evaluations.append(contentsOf: evaluations)
    }
}

struct Row: Equatable {
    var outcome: Outcome
    var reason: UInt8
    var temperature: Double
    var parent: UInt64?
    var generation: Int32
}

extension ListRecorder {
    /// The rows by point, the parent as a point.
    var rows: [UInt64: Row] {
        var rows: [UInt64: Row] = [:]
        for (i, item) in provenance.enumerated() {
            rows[item.position.key] = Row(
                outcome: evaluations.rows[i].outcome, reason: evaluations.rows[i].reason,
                temperature: evaluations.values[i],
                parent: item.parentRow < 0 ? nil : provenance.first { $0.row == item.parentRow }?.position.key,
                generation: item.generation)
        }
        return rows
    }
}

/// A job in memory: rank 0 and workers that are stepped in turn, on a clock that the test moves.
struct Job {
    let network: InMemoryNetwork
    let recorder = ListRecorder(of: BallModel.description)
    var master: Master
    var workers: [Int: Worker] = [:]
    private let clock = Clock()
    /// Seconds.
    var now: Double {
        get { clock.now }
        nonmutating set { clock.now = newValue }
    }

    private final class Clock { var now = 0.0 }

    static func lattice(side: Int = 21) throws -> Lattice {
        try Lattice(axes: [
            Axis(.co2, values: (0..<side).map { 0.5 * Double($0) / Double(side - 1) }, origin: side / 2),
            Axis(.ch4, values: (0..<side).map { 0.5 * Double($0) / Double(side - 1) }, origin: side / 2),
        ])
    }

    /// Points that a flood of ``lattice(side:)`` visits: the stable ones and their neighbours.
    static func expectedCount(limit: Double = 0.09) throws -> Int {
        let lattice = try lattice()
        func isStable(_ indices: [Int]) -> Bool {
            let composition = lattice.composition(of: lattice[indices])
            var model = BallModel(limit: limit)
            var evaluation = Evaluation(of: BallModel.description)
            model.evaluate(
                Inquiry(id: 0, indices: indices, composition: composition), into: &evaluation,
                attend: { _ in true })
            return evaluation.outcome == .stable
        }
        let steps = [[0, 0]] + Neighbourhood().offsets(dimensions: 2)
        return (1..<lattice.count - 1).count { key in
            let indices = lattice.indices(of: Position(key: key))
            return steps.contains { step in
                let other = zip(indices, step).map(+)
                return other.allSatisfy { (0..<21).contains($0) } && isStable(other)
            }
        }
    }

    init(
        workers count: Int, lattice: Lattice, limit: Double = 0.09, settings: MasterSettings = MasterSettings(),
        programs: [Int: String] = [:], unable: Set<Int> = [], poison: Bool = false, crashes: Bool = false,
        emptyRows: [Int] = [], onOneHost: Bool = false,
        _ change: (inout Frontier.Rules) -> Void = { _ in }
    ) throws {
        network = InMemoryNetwork(size: count + 1)
        var rules = Frontier.Rules()
        change(&rules)
        let frontier = Frontier(lattice, rules: rules)
        frontier.start()
        let recorder = recorder
        master = Master(
            frontier, description: BallModel.description, transport: network.transport(rank: 0),
            job: .init(experiment: "", file: ""), program: "1", host: "host0",
            rows: emptyRows.max().map { $0 + 1 } ?? 0, emptyRows: emptyRows,
            settings: settings,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: 0, makeRecorder: { _ in recorder })
        let (network, clock) = (network, clock)
        for rank in 1..<max(count + 1, 1) {
            workers[rank] = try Worker(
                network.transport(rank: rank),
                hello: .init(
                    program: programs[rank] ?? "1", host: onOneHost ? "host0" : "host\(rank)", processID: Int32(rank)),
                clock: { clock.now }
            ) { _ in
                if unable.contains(rank) { throw Unable() }
                var model = BallModel(limit: limit)
                model.crashes = crashes
                if poison { model.atOrigin = { network.unreachable.insert(rank) } }
                return .init(lattice: lattice, model: model)
            }
        }
    }

    /// Steps every rank once and moves the clock.
    mutating func step(seconds: Double = 0.01, except: Set<Int> = []) throws {
        _ = try master.step(now: now)
        for rank in workers.keys.sorted() where !except.contains(rank) && workers[rank]!.state == .working {
            _ = try workers[rank]!.step()
        }
        now += seconds
    }

    /// Steps until `condition` holds, within a bound.
    mutating func step(
        until condition: (Job) -> Bool, seconds: Double = 0.01, except: Set<Int> = []
    ) throws {
        for _ in 0..<10_000 {
            if condition(self) { return }
            try step(seconds: seconds, except: except)
        }
        throw NotDone()
    }

    /// Steps until the master is done; a job that does not end is a failure.
    mutating func run(seconds: Double = 0.01, except: Set<Int> = []) throws {
        for _ in 0..<200_000 where !master.isDone { try step(seconds: seconds, except: except) }
        guard master.isDone else { throw NotDone() }
    }

    struct Unable: Error, CustomStringConvertible {
        var description: String { "no tree on this node" }
    }
    struct NotDone: Error {}
}
