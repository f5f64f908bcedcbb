internal import Atmospheres
internal import DequeModule
internal import Ensemble
internal import Exploration
internal import Glibc
internal import HeapModule
internal import Logging
internal import Messages
internal import SeededRandom

/// The program's own master over a network in memory, with simulated workers and a clock that jumps from event to event.
///
/// A task takes a lognormal time (standard deviation of its logarithm 0.5). The master's clock moves by what messages and
/// points cost it, as measured on a real network; signs of life, which workers give every 5 s, cost as messages do.
struct Simulation {
    private let search: any Search
    private let isStable: (Position) -> Bool
    private let workers: Int
    private let taskTime: Double
    /// What a message in either direction, and a point, cost the master, s.
    private let messageCost: Double
    private let pointCost: Double

    /// - Parameter words: search, dimensions, points at least, workers, seconds of a task; `nil` when they are not that.
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
            isStable = { point in
                let squares = lattice.indices(of: point).reduce(0.0) { sum, index in
                    let x = (Double(index) - Double(side / 2)) / Double(side)
                    return sum + x * x
                }
                return squares < 0.35 * 0.35
            }
        default: return nil
        }
    }

    /// A worker's message on its way: the points of `ids`, done at `time`.
    private struct Event: Comparable {
        let time: Double
        let rank: Int
        let ids: [UInt32]

        static func < (a: Event, b: Event) -> Bool { a.time != b.time ? a.time < b.time : a.rank < b.rank }
        static func == (a: Event, b: Event) -> Bool { a.time == b.time && a.rank == b.rank }
    }

    func run() throws {
        let network = CountingTransport(size: workers + 1)
        search.start()
        var settings = MasterSettings()
        // The clock is charged for them.
        settings.heartbeat = .infinity
        var master = Master(
            search, description: Self.description, transport: network, job: .init(experiment: "", file: ""),
            program: "benchmark", host: "", settings: settings,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() },
            now: 0, makeRecorder: { _ in NoRecorder() })
        for rank in 1...workers {
            network.deliver(.hello(.init(program: "benchmark", host: "host", processID: 0)), from: rank)
            network.deliver(.ready, from: rank)
        }
        while master.readyWorkers < workers { _ = try master.step(now: 0) }
        network.takeSent()

        var random = Random()
        var events = Heap<Event>()
        var assigned = [Deque<(id: PointID, position: Position)>](repeating: [], count: workers + 1)
        var points: [Position] = []
        var worked = 0.0
        var busy = 0
        /// When all workers were busy for the first and the last time, and the work that was begun between.
        var wide: (begin: Double, end: Double)?
        var now = 0.0
        // A worker's time is known when it begins, so that busy time is counted by what has ended by then.
        var busyIntegral = 0.0
        var lastChange = 0.0
        var wideIntegral = (begin: 0.0, end: 0.0)

        func advance(to time: Double) {
            busyIntegral += Double(busy) * (time - lastChange)
            lastChange = time
            if busy == workers {
                if wide == nil {
                    wide = (time, time)
                    wideIntegral.begin = busyIntegral
                }
                wide!.end = time
                wideIntegral.end = busyIntegral
            }
        }
        func begin(_ rank: Int, at time: Double) {
            var end = time
            var ids: [UInt32] = []
            // A worker sends what it has after 50 ms.
            while end - time < 0.05, let assignment = assigned[rank].popFirst() {
                let index = Int(assignment.id.number)
                while points.count <= index { points.append(Position(key: 0)) }
                points[index] = assignment.position
                ids.append(assignment.id.number)
                end += taskTime * random.lognormal()
            }
            worked += end - time
            events.insert(Event(time: end, rank: rank, ids: ids))
        }
        var isBusy = [Bool](repeating: false, count: workers + 1)
        var evaluations = Evaluations(of: Self.description)
        var evaluation = Evaluation(of: Self.description)
        evaluation.values[0] = 288
        while !master.isDone, master.ending == nil {
            var arrived = 0
            while let event = events.min, event.time <= now || arrived == 0 && network.isEmpty {
                events.removeMin()
                now = max(now, event.time)
                advance(to: max(lastChange, event.time))
                arrived += event.ids.count
                evaluations.removeAll()
                for id in event.ids {
                    evaluation.outcome = isStable(points[Int(id)]) ? .stable : .unstable
                    evaluations.append(id, evaluation, startedAt: 0, wallTime: Float(taskTime))
                }
                network.deliver(evaluations, from: event.rank)
                if assigned[event.rank].isEmpty {
                    isBusy[event.rank] = false
                    busy -= 1
                } else {
                    begin(event.rank, at: event.time)
                }
            }
            _ = try master.step(now: now)
            let messages = network.messages
            network.messages = 0
            now += Double(messages) * messageCost + Double(arrived) * pointCost
            now += now > lastChange ? (now - lastChange) * Double(workers) / 5 * messageCost : 0
            for (rank, assignments) in network.takeSent() {
                assigned[rank].append(contentsOf: assignments.rows.lazy.map { ($0.id, $0.position) })
                if !isBusy[rank] {
                    isBusy[rank] = true
                    advance(to: max(lastChange, now))
                    busy += 1
                    begin(rank, at: now)
                }
            }
        }
        let whole = worked / (Double(workers) * now)
        var whileWide = Double.nan
        if let wide, wide.end > wide.begin {
            whileWide = (wideIntegral.end - wideIntegral.begin) / (Double(workers) * (wide.end - wide.begin))
        }
        print("points \(master.rowCount) seconds \(now) utilization \(whole) wide \(whileWide)")
    }

    private static let description = ModelDescription(
        name: "simulated", version: "1", references: [], respondsTo: [], quantities: [.surfaceTemperature],
        longestSilence: 1e12)
}

/// The master's end of a network of simulated workers.
private final class CountingTransport: Transport {
    let rank = 0
    let size: Int
    /// Messages in both directions since it was last set to 0.
    var messages = 0
    private var inbox: Deque<(source: Int, bytes: [UInt8])> = []
    private var sent: [(rank: Int, assignments: Assignments)] = []

    init(size: Int) { self.size = size }

    var isEmpty: Bool { inbox.isEmpty }

    func deliver(_ message: FromWorker, from rank: Int) {
        var bytes: [UInt8] = []
        message.encode(into: &bytes)
        inbox.append((rank, bytes))
    }

    func deliver(_ evaluations: borrowing Evaluations, from rank: Int) {
        var bytes: [UInt8] = []
        FromWorker.finished.encode(with: evaluations, into: &bytes)
        inbox.append((rank, bytes))
    }

    @discardableResult
    func takeSent() -> [(rank: Int, assignments: Assignments)] {
        defer { sent.removeAll(keepingCapacity: true) }
        return sent
    }

    func send(_ bytes: RawSpan, to rank: Int) throws {
        messages += 1
        var assignments = Assignments()
        if case .evaluate = try ToWorker(from: bytes, appendingAssignmentsTo: &assignments) {
            sent.append((rank, assignments))
        }
    }

    func receive(_ body: (Int, RawSpan) throws -> Void) throws -> Bool {
        guard let (source, bytes) = inbox.popFirst() else { return false }
        messages += 1
        try body(source, bytes.span.bytes)
        return true
    }
}

private struct NoRecorder: Recorder {
    var hasRoom: Bool { true }
    var failure: (any Error)? { nil }
    func solution(ofRow row: Int) -> [UInt8] { [] }
    func record(_ provenance: [Provenance], _ evaluations: Evaluations) {}
}

/// Task times, the same in every run.
private struct Random {
    private var generator = SeededGenerator(seed: 0x5EED)

    private mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// A lognormal number of mean 1; its logarithm has the standard deviation 0.5.
    mutating func lognormal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return exp(0.5 * radius * cos(2 * .pi * uniform()) - 0.125)
    }
}
