internal import ArgumentParser
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
              atmos-frontier run earthlike.yaml --output earthlike.h5     (one process, without MPI)
              mpirun atmos-frontier run earthlike.yaml --output earthlike.h5 --overwrite
            """)

    @OptionGroup var options: RunOptions

    func run() throws {
        try Launch.refuseTasksWithoutMPI()
        guard Launch.isUnderMPI else {
            try MasterRank(options: options, ranks: 1).runAlone()
            return
        }
        let environment = try MPI.Environment()
        let transport = try MPITransport(environment.world)
        var outcome: Result<Void, any Error> = .success(())
        do {
            if transport.rank == 0 {
                try MasterRank(options: options, ranks: transport.size).run(over: transport)
            } else {
                try WorkerRank.run(over: transport)
            }
        } catch {
            outcome = .failure(error)
        }
        try environment.finalize()
        try outcome.get()
    }
}

struct RunOptions: ParsableArguments {
    @Argument(help: "The experiment file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @Option(name: [.short, .long], help: "The results file (HDF5).", completion: .file(extensions: ["h5"]))
    var output: String

    @Flag(help: "Delete an existing results file and begin anew.")
    var overwrite = false
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
