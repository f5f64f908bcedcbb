internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Reporting
internal import Results

struct StatusCommand: ParsableCommand {
    /// The output format.
    enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows the state of a job from its results file: during the run, after a crash, or at the end.",
        discussion: """
            Shows the number of points by outcome and reason, the size of the frontier, the rate, the workers, the last \
            points and the time since the last commit. Needs no MPI and does not change the file.

            A worker counts as active if it returned a result in the last minute, or in three times the longest \
            evaluation.

            EXAMPLES
              atmos-frontier status earthlike.h5
              atmos-frontier status earthlike.h5 --watch
              atmos-frontier status earthlike.h5 --format json
            """)

    @OptionGroup var input: ResultsInput

    @Flag(help: "Refresh until the job ends.")
    var watch = false

    @Option(help: ArgumentHelp("Seconds between refreshes.", valueName: "seconds"))
    var interval: Double = 2

    @Option(help: "Output format; with --watch, json prints one object per refresh.")
    var format: OutputFormat = .text

    func validate() throws {
        guard interval >= 0.1, interval <= 86400 else {
            throw ValidationError("--interval \(interval): expected 0.1 to 86400 seconds")
        }
    }

    func run() throws {
        let isScreen = watch && format == .text && isatty(1) == 1
        while true {
            let status = try read()
            if isScreen { print("\u{1B}[H\u{1B}[2J", terminator: "") }
            print(try format == .json ? status.json : status.lines.joined(separator: "\n"))
            guard watch, status.state == .running else { return }
            if !isScreen, format == .text { print() }
            fflush(nil)
            Thread.sleep(forTimeInterval: interval)
        }
    }

    private func read() throws -> Status {
        let reader = try input.open()
        return try ResultsInput.reading(input.file) {
            let experiment = try reader.parsedExperiment()
            return try Status(
                of: reader, experiment?.search == .flood ? experiment?.neighbourhood : nil,
                search: experiment?.search.description, at: Date().timeIntervalSince1970)
        }
    }
}
