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
              See how an experiment file is understood, without running anything:
                atmos-frontier check jobs/experiments/earthlike-2d.yaml
              Run it on the cores of this machine:
                mpirun -n 4 atmos-frontier run jobs/experiments/earthlike-2d.yaml --output earthlike.h5
              Launch the same command again to go on after a stop or a crash.
              See where it stands, while it runs and after, and draw what it found:
                atmos-frontier status earthlike.h5
                atmos-frontier map earthlike.h5 --output map.png

            EXIT CODES
              0 complete; 64 command line or output path, 65 experiment file, 66 missing input: mend it and launch
              again; 70 internal error; 74 results could not be written; 75 stopped in order with work left.
            """,
        version: BuildIdentity.oneLine,
        subcommands: [
            RunCommand.self, CheckCommand.self, TryCommand.self, StatusCommand.self, MapCommand.self,
            SnapshotCommand.self,
            ArchiveCommand.self, ExportCommand.self, CompareCommand.self, SchemaCommand.self,
        ])

    @Flag(name: .customLong("build-info"), help: "Print what the program was built with, one fact a line.")
    var buildInfo = false

    func run() throws {
        guard buildInfo else { throw CleanExit.helpRequest(self) }
        print(BuildIdentity.lines)
    }

    /// Every rank reads the command line; only rank 0 says what is wrong with it.
    static func main() {
        // A rank's guard: it speaks for nobody, and uses nothing of what follows.
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == Guardian.argument {
            Guard.run(CommandLine.arguments[2])
            return
        }
        LauncherLink.begin()
        do {
            var command = try parseAsRoot()
            try command.run()
            LauncherLink.report(Exit.complete.rawValue)
        } catch {
            let code = conclude(error)
            // Open MPI comments on every exit code but 0, and the launcher has the code already.
            Glibc.exit(LauncherLink.isLaunched ? 0 : code)
        }
    }

    /// Says why this process ends, where it speaks for the job.
    ///
    /// - Returns: the exit code that goes with it.
    static func conclude(_ error: any Error) -> Int32 {
        let code: Int32
        switch error {
        case let concluded as ExitCode: return concluded.rawValue
        case let failure as Failure:
            code = failure.exit.rawValue
            if LaunchEnvironment.mayBeRankZero { Log.message("error: \(failure)") }
        default:
            // mpirun ends the job at the first exit code that is not 0: let it be the one of the rank that speaks.
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
