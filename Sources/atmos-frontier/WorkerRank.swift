internal import Ensemble
internal import Experiments
internal import Glibc
internal import Messages
internal import Models

/// A rank that evaluates points.
enum WorkerRank {
    static func run(over transport: MPITransport) throws {
        StopSignal.ignoreOnWorker()
        var worker = try makeWorker(transport)
        var patience = Patience()
        while worker.state == .working {
            if try worker.step(now: Time.monotonic()) { patience.reset() } else { patience.wait() }
        }
        if worker.state == .abandoned {
            throw Failure(.workLeft, "rank \(transport.rank) on \(Launch.host): rank 0 has fallen silent; leaving")
        }
    }

    static func makeWorker<T: Transport>(_ transport: T) throws -> Worker<T> {
        let hello = FromWorker.Hello(program: BuildIdentity.program, host: Launch.host, processID: getpid())
        return try Worker(transport, hello: hello) { job in
            let experiment = try Experiment(text: job.experiment, file: job.file)
            return .init(lattice: experiment.lattice, model: try ModelCatalogue.model(for: experiment))
        }
    }
}
