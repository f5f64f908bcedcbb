internal import Atmospheres
internal import DequeModule
internal import Exploration
internal import Glibc
internal import HeapModule
internal import Messages
internal import SeededRandom

/// Workers whose tasks take random times, and how busy they are.
struct SimulatedWorkers {
    static let description = ModelDescription(
        name: "simulated", version: "1", references: [], respondsTo: [], quantities: [.surfaceTemperature],
        longestSilence: 1e12)

    /// A message of a worker in transit: the points of `ids`, done at `time`.
    struct Event: Comparable {
        let time: Double
        let rank: Int
        let ids: [UInt32]

        static func < (a: Event, b: Event) -> Bool { a.time != b.time ? a.time < b.time : a.rank < b.rank }
        static func == (a: Event, b: Event) -> Bool { a.time == b.time && a.rank == b.rank }
    }

    private let count: Int
    private let taskTime: Double
    /// s after which a worker sends what it has.
    private static let longestSilence = 0.05

    private var random = Random()
    private var events = Heap<Event>()
    private var assigned: [Deque<(id: PointID, position: Position)>]
    private var positions: [Position] = []
    private var isBusy: [Bool]
    private var busy = 0
    private var evaluations = Evaluations(of: Self.description)

    /// Time of all tasks begun, s.
    private(set) var worked = 0.0
    /// When the number of busy workers changed last.
    private(set) var lastChange = 0.0
    /// The integral of the number of busy workers over time.
    private var busyIntegral = 0.0
    /// When all workers were busy for the first and the last time, and the integral then.
    private var wide: (begin: Double, end: Double, beginIntegral: Double, endIntegral: Double)?

    init(count: Int, taskTime: Double) {
        self.count = count
        self.taskTime = taskTime
        assigned = Array(repeating: [], count: count + 1)
        isBusy = Array(repeating: false, count: count + 1)
    }

    /// The next message to arrive.
    var next: Event? { events.min }

    /// The share of workers that were busy between the first and the last time that all of them were; NaN if there is none.
    var utilizationWhileWide: Double {
        guard let wide, wide.end > wide.begin else { return .nan }
        return (wide.endIntegral - wide.beginIntegral) / (Double(count) * (wide.end - wide.begin))
    }

    /// Delivers the next message, and begins the next task of its worker.
    mutating func finish(_ event: Event, isStable: (Position) -> Bool, on network: CountingTransport) {
        events.removeMin()
        advance(to: max(lastChange, event.time))
        evaluations.removeAll()
        var evaluation = Evaluation(of: Self.description)
        evaluation.values[0] = 288
        for id in event.ids {
            evaluation.outcome = isStable(positions[Int(id)]) ? .stable : .unstable
            evaluations.append(id, evaluation, startedAt: 0, wallTime: Float(taskTime))
        }
        network.deliver(.finished, evaluations, from: event.rank)
        if assigned[event.rank].isEmpty {
            isBusy[event.rank] = false
            busy -= 1
        } else {
            begin(event.rank, at: event.time)
        }
    }

    /// Gives a worker more points, at which it begins if it was idle.
    mutating func assign(_ assignments: Assignments, to rank: Int, at time: Double) {
        assigned[rank].append(contentsOf: assignments.rows.lazy.map { ($0.id, $0.position) })
        guard !isBusy[rank] else { return }
        isBusy[rank] = true
        advance(to: max(lastChange, time))
        busy += 1
        begin(rank, at: time)
    }

    private mutating func advance(to time: Double) {
        busyIntegral += Double(busy) * (time - lastChange)
        lastChange = time
        guard busy == count else { return }
        if wide == nil { wide = (time, time, busyIntegral, busyIntegral) }
        wide!.end = time
        wide!.endIntegral = busyIntegral
    }

    private mutating func begin(_ rank: Int, at time: Double) {
        var end = time
        var ids: [UInt32] = []
        while end - time < Self.longestSilence, let assignment = assigned[rank].popFirst() {
            let index = Int(assignment.id.number)
            while positions.count <= index { positions.append(Position(key: 0)) }
            positions[index] = assignment.position
            ids.append(assignment.id.number)
            end += taskTime * random.lognormal()
        }
        worked += end - time
        events.insert(Event(time: end, rank: rank, ids: ids))
    }
}

/// Task times, the same in every run.
private struct Random {
    private var generator = SeededGenerator(seed: 0x5EED)

    private mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// Returns a lognormal number of mean 1; its logarithm has the standard deviation 0.5.
    mutating func lognormal() -> Double {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return exp(0.5 * radius * cos(2 * .pi * uniform()) - 0.125)
    }
}
