internal import ArgumentParser
internal import Atmospheres
internal import Ensemble
internal import Experiments
internal import Glibc
internal import MPI
internal import Messages
internal import Models

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Explores outward from the origin and writes every point to one HDF5 file.",
        discussion: """
            Started by mpirun, rank 0 keeps the frontier and the file and every other rank evaluates points; started
            alone, one process does both. When the file exists and belongs to the same experiment, the search goes on
            where the file ends.

            EXAMPLES
              mpirun -n 4 atmos-frontier run earthlike.yaml --output earthlike.h5
              jobs/launch -n 4 atmos-frontier run earthlike.yaml --output earthlike.h5   (outlives lost workers)
              atmos-frontier run earthlike.yaml --output earthlike.h5     (one process, without MPI)
              mpirun atmos-frontier run earthlike.yaml --output earthlike.h5 --overwrite
            """)

    @OptionGroup var options: RunOptions

    func run() throws {
        try Launch.refuseTasksWithoutMPI()
        StopSignal.prepare()
        guard Launch.isUnderMPI else {
            try MasterRank(options: options, ranks: 1).runAlone()
            return
        }
        let environment = try MPI.Environment()
        LauncherLink.join()
        let transport = try MPITransport(environment.world)
        var code = Exit.complete.rawValue
        do {
            if transport.rank == 0 {
                try MasterRank(options: options, ranks: transport.size).run(over: transport)
            } else {
                try WorkerRank.run(over: transport)
            }
        } catch {
            code = AtmosFrontier.conclude(error)
        }
        // Everything is said and on disk: what MPI_Finalize does no longer matters.
        LauncherLink.report(code)
        try environment.finalize()
        if code != Exit.complete.rawValue { throw ExitCode(code) }
    }
}

struct RunOptions: ParsableArguments {
    @Argument(help: "The experiment file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @Option(name: [.short, .long], help: "The results file (HDF5).", completion: .file(extensions: ["h5"]))
    var output: String

    @Flag(help: "Delete an existing results file and begin anew.")
    var overwrite = false

    @Option(
        help: ArgumentHelp(
            "Silence after which a worker counts as lost (default: the model's time limit and 20 s; at least 10).",
            valueName: "seconds"))
    var workerTimeout: Double?

    @Option(help: ArgumentHelp("Stop in order when fewer workers are left.", valueName: "count"))
    var minWorkers = 1

    func validate() throws {
        if let workerTimeout, !(workerTimeout >= 10) {
            throw ValidationError("--worker-timeout \(workerTimeout): idle workers speak every 5 s; give 10 or more")
        }
        guard minWorkers >= 1 else { throw ValidationError("--min-workers \(minWorkers): give 1 or more") }
    }

    /// How the master is to deal with the workers of this model.
    func masterSettings(for model: ModelDescription) throws(Failure) -> MasterSettings {
        var settings = MasterSettings()
        settings.minWorkers = minWorkers
        if let workerTimeout {
            guard workerTimeout > model.timeLimit else {
                throw Failure(
                    .usage,
                    "--worker-timeout \(workerTimeout): \(model.name) may take \(model.timeLimit) s for a point; "
                        + "give more")
            }
            settings.workerTimeout = workerTimeout
        }
        return settings
    }
}

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
