internal import ArgumentParser
internal import Children
internal import Glibc

@main
struct AtmosFrontier: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "atmos-frontier",
        abstract: "Maps which planetary atmospheres are stable, outward from Earth, with MPI workers.",
        discussion: """
            EXAMPLES
              Show how an experiment file is understood, without running anything:
                atmos-frontier check jobs/experiments/earthlike-2d.yaml
              Run it on 4 cores of this machine:
                mpirun -n 4 atmos-frontier run jobs/experiments/earthlike-2d.yaml \\
                  --output earthlike.h5
              Resume it after a stop or a crash: run the same command again.
              Show its state, during the run and afterwards, and draw what it found:
                atmos-frontier status earthlike.h5
                atmos-frontier map earthlike.h5 --output map.png

            EXIT CODES
               0  success; for 'run', the search is complete
               1  'compare': the files differ; 'try': the model failed at the point
              64  fix the command line or the output path
              65  fix the experiment file, or give the results file that belongs to it
              66  an input file is missing or unreadable
              70  internal error, or more failed points than --max-failures allows
              74  the results could not be written
              75  stopped with points left to evaluate: run the same command again to resume
            """,
        version: BuildIdentity.oneLine,
        subcommands: [
            RunCommand.self, CheckCommand.self, TryCommand.self, StatusCommand.self, MapCommand.self,
            SnapshotCommand.self,
            ArchiveCommand.self, ExportCommand.self, CompareCommand.self, SchemaCommand.self,
        ])

    @Flag(name: .customLong("build-info"), help: "Print the versions of the program, the compiler and the libraries.")
    var buildInfo = false

    func run() throws {
        guard buildInfo else { throw CleanExit.helpRequest(self) }
        print(BuildIdentity.lines)
    }

    /// Runs the command line. Every rank parses it; only rank 0 reports what is wrong with it.
    static func main() {
        // This process is the guard of a rank: it reports to nobody and uses nothing of what follows.
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == Guardian.argument {
            GuardProcess.run(CommandLine.arguments[2])
            return
        }
        LauncherLink.begin()
        do {
            var command = try parseAsRoot()
            try command.run()
            LauncherLink.report(Exit.complete.rawValue)
        } catch {
            let code = conclude(error)
            // The launcher already has the code, and Open MPI prints a comment for every code other than 0.
            Glibc.exit(LauncherLink.isLaunched ? 0 : code)
        }
    }

    /// Reports the error that ends this process, if this process reports for the job.
    ///
    /// - Parameter error: the error.
    /// - Returns: its exit code.
    static func conclude(_ error: any Error) -> Int32 {
        let code: Int32
        switch error {
        case let concluded as ExitCode: return concluded.rawValue
        case let failure as Failure:
            code = failure.exit.rawValue
            if LaunchEnvironment.mayBeRankZero { Log.message("error: \(failure)") }
        default:
            // mpirun ends the job at the first exit code other than 0: it must be that of the rank that reports.
            guard LaunchEnvironment.mayBeRankZero else { return 0 }
            let parsed = exitCode(for: error)
            code = parsed == .failure ? Exit.software.rawValue : parsed.rawValue
            let text = fullMessage(for: error)
            if parsed.isSuccess { print(text) } else { Log.text(text) }
        }
        LauncherLink.report(code)
        return code
    }
}
