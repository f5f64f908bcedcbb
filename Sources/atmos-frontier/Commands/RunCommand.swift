internal import ArgumentParser
internal import Ensemble
internal import MPI

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
        try LaunchEnvironment.refuseTasksWithoutMPI()
        StopSignal.prepare()
        guard LaunchEnvironment.isUnderMPI else {
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
                try WorkerRank.run(over: transport, keeping: options.keptScratch)
            }
        } catch {
            code = AtmosFrontier.conclude(error)
        }
        // Everything is said and on disk: what MPI_Finalize does no longer matters.
        LauncherLink.report(code)
        transport.close()
        try environment.finalize()
        if code != Exit.complete.rawValue { throw ExitCode(code) }
    }
}
