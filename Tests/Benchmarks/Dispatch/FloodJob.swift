internal import Atmospheres
internal import Clocks
internal import Ensemble
internal import Exploration
internal import Glibc
internal import Logging
internal import MPI
internal import Messages
internal import Models
internal import Results

/// Floods a lattice of stable points over MPI.
struct FloodJob {
    private let side: Int
    private let dimensions: Int
    private let batch: Int?
    private let file: String?
    private let model: FreeModel

    init(_ numbers: [Int], _ settings: [String: String]) {
        side = numbers.first ?? 100
        dimensions = numbers.dropFirst().first ?? 2
        batch = settings["batch"].flatMap { Int($0) }
        file = settings["file"]
        model = FreeModel(
            sleep: settings["cost"].flatMap { Double($0) } ?? 0, work: settings["spin"].flatMap { Double($0) } ?? 0)
    }

    func run() throws {
        let environment = try Environment()
        let transport = try MPITransport(environment.world)
        let lattice = try stableLattice(side: side, dimensions: dimensions)
        if transport.rank == 0 {
            try lead(lattice, transport)
        } else {
            try follow(lattice, transport)
        }
        transport.close()
        try environment.finalize()
    }

    private func follow(_ lattice: Lattice, _ transport: MPITransport) throws {
        var worker = try Worker(transport, hello: .init(program: "benchmark", host: "localhost", processID: getpid())) {
            _ in
            .init(lattice: lattice, model: model)
        }
        var backoff = Backoff()
        let begin = Time.monotonic()
        let usage = Usage.ofProcess()
        while worker.state == .working {
            if try worker.step() { backoff.reset() } else { backoff.wait() }
        }
        let share = (Usage.ofProcess() - usage) / (Time.monotonic() - begin)
        complain("rank \(transport.rank) busy \(share)")
    }

    private func lead(_ lattice: Lattice, _ transport: MPITransport) throws {
        var rules = Frontier.Rules()
        rules.order = .generations
        let frontier = Frontier(lattice, rules: rules)
        frontier.start()
        var settings = MasterSettings()
        if let batch { settings.largestBatch = batch }
        let recorder = try TimedRecorder(file, lattice)
        var master = Master(
            frontier, description: FreeModel.description, transport: transport,
            job: .init(experiment: "", file: ""), program: "benchmark", host: "localhost", settings: settings,
            logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() }, now: Time.monotonic(),
            makeRecorder: { _ in recorder })
        var backoff = Backoff()
        // Only the points are timed, not the start of the ranks.
        while master.readyWorkers < transport.size - 1 {
            if try master.step(now: Time.monotonic()) { backoff.reset() } else { backoff.wait() }
        }
        let begin = Time.monotonic()
        let usage = Usage.ofProcess()
        var end = begin
        while !master.isDone {
            let now = Time.monotonic()
            if master.ending == nil { end = now }
            if try master.step(now: now) { backoff.reset() } else { backoff.wait() }
            recorder.look(now: now)
        }
        let busy = (Usage.ofProcess() - usage) / (Time.monotonic() - begin)
        try recorder.finish()
        if file != nil { end = Time.monotonic() }
        let latency = recorder.latencies.sorted()
        func share(_ part: Double) -> Double {
            latency.isEmpty ? .nan : latency[Int(part * Double(latency.count - 1))]
        }
        print(
            "points \(master.rowCount) seconds \(end - begin) busy \(busy) memory \(Usage.peakMemory())",
            "bytes_per_point \(master.frontier.bytesPerPoint) latency \(share(0.5)) latency99 \(share(0.99))")
    }
}

/// A recorder that times rows from their arrival to their commit in a results file; without a file, it drops them.
final class TimedRecorder: Recorder {
    private let writer: ResultsWriter?
    /// Batches of rows not yet committed: the number of rows up to their end, and when they came.
    private var waiting: [(rows: Int, time: Double)] = []
    private var firstWaiting = 0
    private var rows = 0
    private var nextLook = 0.0
    /// From arrival to commit of each batch, s.
    private(set) var latencies: [Double] = []

    init(_ path: String?, _ lattice: Lattice) throws {
        guard let path else {
            writer = nil
            return
        }
        let lock = try FileLock(for: path)
        writer = try ResultsWriter(
            creating: path, schema: Schema(of: FreeModel.description, on: lattice),
            metadata: RunMetadata(
                title: "Benchmark", summary: "", institution: "", creatorName: "", license: "", references: [],
                comment: "", source: "benchmark", invocation: Invocation(program: "benchmark", commandLine: ""),
                id: "00000000-0000-4000-8000-000000000000", experiment: "", experimentSHA256: "", buildInfo: "",
                hosts: ["localhost"]), lock: lock)
    }

    var hasRoom: Bool { writer?.hasRoom ?? true }
    var failure: (any Error)? { writer?.failure }
    func solution(ofRow row: Int) -> [UInt8] { [] }

    func record(_ provenance: [Provenance], _ evaluations: Evaluations) {
        guard let writer else { return }
        writer.record(provenance, evaluations)
        rows += provenance.count
        waiting.append((rows, Time.monotonic()))
    }

    /// Notes what has been committed, at most every half millisecond.
    func look(now: Double) {
        guard let writer, now >= nextLook else { return }
        nextLook = now + 5e-4
        let committed = writer.committedRows
        while firstWaiting < waiting.count, waiting[firstWaiting].rows <= committed {
            latencies.append(now - waiting[firstWaiting].time)
            firstWaiting += 1
        }
    }

    func finish() throws { try writer?.finish(.complete) }
}
