internal import Atmospheres
internal import Ensemble
internal import Experiments
internal import Glibc
internal import Messages
internal import Models
internal import Results

/// A rank that evaluates points.
enum WorkerRank {
    /// Evaluates points until rank 0 says stop or falls silent.
    static func run(over transport: MPITransport, keeping kept: KeptScratch?) throws {
        StopSignal.ignoreOnWorker()
        var worker = try makeWorker(transport, keeping: kept)
        defer { worker.close() }
        var backoff = Backoff()
        while worker.state == .working {
            if try worker.step() { backoff.reset() } else { backoff.wait() }
        }
        if worker.state == .abandoned {
            throw Failure(
                .workLeft, "rank \(transport.rank) on \(Host.name): rank 0 has been silent for too long; leaving")
        }
    }

    /// Makes a worker that says hello and makes its model from the master's first message.
    ///
    /// While the model runs it asks `isWanted`; `false` cancels the evaluation.
    static func makeWorker(
        _ transport: any Transport, keeping kept: KeptScratch?, whileWorking isWanted: @escaping () -> Bool = { true }
    ) throws -> Worker {
        let hello = FromWorker.Hello(program: BuildIdentity.program, host: Host.name, processID: getpid())
        return try Worker(transport, hello: hello, whileWorking: isWanted) { job in
            let experiment = try Experiment.read(job.experiment, file: job.file)
            let host = ModelHost(keptScratch: kept, knownIdentity: job.checksModel ? nil : job.modelIdentity)
            let model = try ModelCatalogue.model(for: experiment, on: host)
            guard model.description.identity == job.modelIdentity else {
                throw Failure(
                    .data,
                    "the files of \(model.description.name) on this host differ from rank 0's: "
                        + Self.difference(model.description.identity, job.modelIdentity)
                        + "; make them the same on every host")
            }
            return .init(lattice: experiment.lattice, model: model)
        }
    }

    /// Describes the first line in which two identities differ.
    static func difference(_ ours: String, _ theirs: String) -> String {
        let lines = (ours.split(separator: "\n"), theirs.split(separator: "\n"))
        let pair = zip(lines.0, lines.1).first { $0 != $1 }
        return pair.map { "'\($0.0)' instead of '\($0.1)'" } ?? "the list of files differs"
    }
}
