internal import ArgumentParser
internal import Ensemble
internal import MPI

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Explores outward from the origin and writes every point to an HDF5 file.",
        discussion: """
            Under mpirun, rank 0 manages the frontier and the file, and every other rank evaluates points. Without \
            mpirun, one process does both. If the file exists and belongs to the same experiment, the search resumes \
            from it.

            EXAMPLES
              On 4 ranks of this machine:
                mpirun -n 4 atmos-frontier run earthlike.yaml --output earthlike.h5
              The same, and the job survives lost workers:
                jobs/launch -n 4 atmos-frontier run earthlike.yaml --output earthlike.h5
              In one process, without MPI:
                atmos-frontier run earthlike.yaml --output earthlike.h5
              From the beginning, deleting an earlier file:
                mpirun -n 4 atmos-frontier run earthlike.yaml -o earthlike.h5 --overwrite
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
        // Everything is reported and on disk: the launcher need not wait for MPI_Finalize.
        LauncherLink.report(code)
        transport.close()
        try environment.finalize()
        if code != Exit.complete.rawValue { throw ExitCode(code) }
    }
}
