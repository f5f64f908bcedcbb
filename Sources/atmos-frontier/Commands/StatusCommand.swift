internal import ArgumentParser
internal import Foundation
internal import Reporting
internal import Results

struct StatusCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says where a job stands, from its results file: while it runs, after a crash, at the end.",
        discussion: """
            Counts by outcome and reason, the size of the frontier, the rate, the workers, the last points and the time
            since the last commit. It needs no MPI and changes nothing.

            A worker counts as active when a result of it came within a minute, or three times the longest evaluation.

            EXAMPLES
              atmos-frontier status earthlike.h5
              atmos-frontier status earthlike.h5 --watch
              atmos-frontier status earthlike.h5 --format json
            """)

    @OptionGroup var input: ResultsInput

    @Flag(help: "Look again until the job ends.")
    var watch = false

    @Option(help: ArgumentHelp("Seconds between two looks.", valueName: "seconds"))
    var interval: Double = 2

    @Option(help: "text or json (with --watch: one object after the other).")
    var format: Format = .text

    func validate() throws {
        guard interval >= 0.1, interval <= 86400 else { throw ValidationError("--interval is 0.1 to 86400 seconds.") }
    }

    func run() throws {
        let isScreen = watch && format == .text && isatty(1) == 1
        while true {
            let status = try look()
            if isScreen { print("\u{1B}[H\u{1B}[2J", terminator: "") }
            print(try format == .json ? status.json : status.lines.joined(separator: "\n"))
            guard watch, status.state == .running else { return }
            if !isScreen, format == .text { print() }
            fflush(nil)
            Thread.sleep(forTimeInterval: interval)
        }
    }

    private func look() throws -> Status {
        let reader = try input.open()
        return try ResultsInput.reading(input.file) {
            try Status(
                of: reader, try reader.neighbourhood(), search: try reader.search(), at: Date().timeIntervalSince1970)
        }
    }
}
