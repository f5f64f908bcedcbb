internal import Atmospheres
internal import Ensemble
internal import Experiments
internal import Glibc
internal import Messages
internal import Models

/// A rank that evaluates points.
enum WorkerRank {
    static func run(over transport: MPITransport, keeping kept: KeptScratch?) throws {
        StopSignal.ignoreOnWorker()
        var worker = try makeWorker(transport, keeping: kept)
        defer { worker.close() }
        var patience = Patience()
        while worker.state == .working {
            if try worker.step() { patience.reset() } else { patience.wait() }
        }
        if worker.state == .abandoned {
            throw Failure(.workLeft, "rank \(transport.rank) on \(Launch.host): rank 0 has fallen silent; leaving")
        }
    }

    /// - Parameter isWanted: asked while the model works; `false` ends the work.
    static func makeWorker(
        _ transport: any Transport, keeping kept: KeptScratch?, whileWorking isWanted: @escaping () -> Bool = { true }
    ) throws -> Worker {
        let hello = FromWorker.Hello(program: BuildIdentity.program, host: Launch.host, processID: getpid())
        return try Worker(transport, hello: hello, whileWorking: isWanted) { job in
            let experiment = try Experiment(text: job.experiment, file: job.file)
            let model = try ModelCatalogue.model(
                for: experiment, keepFailed: kept, knownIdentity: job.checksModel ? nil : job.modelIdentity)
            guard model.description.identity == job.modelIdentity else {
                throw Failure(
                    .data,
                    "\(model.description.name) is another one here than on rank 0: "
                        + Self.difference(model.description.identity, job.modelIdentity)
                        + "; give every host the same files")
            }
            return .init(lattice: experiment.lattice, model: model)
        }
    }

    /// The first line in which two identities differ.
    static func difference(_ ours: String, _ theirs: String) -> String {
        let lines = (ours.split(separator: "\n"), theirs.split(separator: "\n"))
        let pair = zip(lines.0, lines.1).first { $0 != $1 }
        return pair.map { "'\($0.0)' and not '\($0.1)'" } ?? "it has other files"
    }
}
