internal import Atmospheres
internal import Ensemble
internal import Exploration
internal import Glibc
internal import Logging
internal import Messages

/// The program's own master over a network in memory, with simulated workers and a clock that jumps from event to event.
///
/// A task takes a lognormal time (standard deviation of its logarithm 0.5). The master's clock moves by the cost of messages
/// and points, as measured on a real network; the workers' heartbeats, every 5 s, cost as much as other messages.
struct Simulation {
    private let search: any Search
    private let isStable: (Position) -> Bool
    private let workers: Int
    private let taskTime: Double
    // Cost of a message in either direction and of a point to the master, s.
    private let messageCost: Double
    private let pointCost: Double

    /// s
    private static let heartbeat = 5.0

    /// Creates a simulation; `nil` if `words` are not search, dimensions, least number of points, workers, seconds per task.
    init?(_ words: [String], _ settings: [String: String]) throws {
        guard words.count == 5, let dimensions = Int(words[1]), let points = Int(words[2]), let workers = Int(words[3]),
            let taskTime = Double(words[4])
        else { return nil }
        self.workers = workers
        self.taskTime = taskTime
        messageCost = settings["message"].flatMap { Double($0) } ?? 0
        pointCost = settings["point"].flatMap { Double($0) } ?? 0
        let side = Int(pow(Double(points), 1 / Double(dimensions)).rounded(.up))
        let lattice = try stableLattice(side: side, dimensions: dimensions)
        switch words[0] {
        case "flood", "arrival":
            var rules = Frontier.Rules()
            rules.order = words[0] == "arrival" ? .arrival : .generations
            search = Frontier(lattice, rules: rules)
            isStable = { _ in true }
        case "refine":
            search = Refinement(lattice, rules: Refinement.Rules())
            isStable = { position in
                let squares = lattice.indices(of: position).reduce(0.0) { sum, index in
                    let x = (Double(index) - Double(side / 2)) / Double(side)
                    return sum + x * x
                }
                return squares < 0.35 * 0.35
            }
        default: return nil
        }
    }

    func run() throws {
        let network = CountingTransport(size: workers + 1)
        var master = try startedMaster(on: network)
        var pool = SimulatedWorkers(count: workers, taskTime: taskTime)
        var now = 0.0
        while !master.isDone, master.ending == nil {
            var arrived = 0
            while let event = pool.next, event.time <= now || arrived == 0 && network.isEmpty {
                now = max(now, event.time)
                arrived += event.ids.count
                pool.finish(event, isStable: isStable, on: network)
            }
            _ = try master.step(now: now)
            let messages = network.messages
            network.messages = 0
            now += Double(messages) * messageCost + Double(arrived) * pointCost
            if now > pool.lastChange {
                now += (now - pool.lastChange) * Double(workers) / Self.heartbeat * messageCost
            }
            for (rank, assignments) in network.takeSent() { pool.assign(assignments, to: rank, at: now) }
        }
        let whole = pool.worked / (Double(workers) * now)
        print("points \(master.rowCount) seconds \(now) utilization \(whole) wide \(pool.utilizationWhileWide)")
    }

    /// Returns a master whose workers are all ready.
    private func startedMaster(on network: CountingTransport) throws -> Master {
        search.start()
        var settings = MasterSettings()
        // The clock is charged for them instead.
        settings.heartbeat = .infinity
        var master = Master(
            search, description: SimulatedWorkers.description, transport: network, job: .init(experiment: "", file: ""),
            program: "benchmark", host: "", settings: settings,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() },
            now: 0, makeRecorder: { _ in NoRecorder() })
        for rank in 1...workers {
            network.deliver(.hello(.init(program: "benchmark", host: "host", processID: 0)), from: rank)
            network.deliver(.ready, from: rank)
        }
        while master.readyWorkers < workers { _ = try master.step(now: 0) }
        network.takeSent()
        return master
    }
}

private struct NoRecorder: Recorder {
    var hasRoom: Bool { true }
    var failure: (any Error)? { nil }
    func solution(ofRow row: Int) -> [UInt8] { [] }
    func record(_ provenance: [Provenance], _ evaluations: Evaluations) {}
}
