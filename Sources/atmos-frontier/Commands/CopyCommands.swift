internal import ArgumentParser
internal import Foundation
internal import Results

/// What `snapshot` and `archive` have in common.
struct CopyOptions: ParsableArguments {
    @OptionGroup var input: ResultsInput

    @Argument(help: "The file to make.", completion: .file(extensions: ["h5"]))
    var output: String

    @Flag(help: "Replace the output file if it exists.")
    var overwrite = false

    func copy(as form: CopyForm) throws -> CopySummary {
        let reader = try input.open()
        try OutputPath.check(output, called: "the output")
        let invocation = Invocation(
            program: "atmos-frontier \(BuildIdentity.version)",
            commandLine: CommandLine.arguments.joined(separator: " "))
        do {
            return try reader.copy(to: output, as: form, overwriting: overwrite, invocation: invocation)
        } catch ResultsError.alreadyExists(let path) {
            throw OutputPath.exists(path)
        } catch let error as ResultsError {
            throw Failure(.usage, "\(error)")
        } catch {
            throw Failure(.inputOutput, "copying \(input.file) to \(output): \(error)")
        }
    }
}

struct SnapshotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Copies the complete rows of a live or interrupted results file into an ordinary one.",
        discussion: """
            Every reader opens the copy, and 'run' can go on from it. The source is not changed.

            EXAMPLE
              atmos-frontier snapshot earthlike.h5 so-far.h5
            """)

    @OptionGroup var options: CopyOptions

    func run() throws {
        let summary = try options.copy(as: .snapshot)
        print("\(options.output): \(summary.rowCount - summary.pendingCount) points, \(summary.bytes) bytes")
    }
}

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Makes a compressed copy for keeping, which older and other readers open too.",
        discussion: """
            Every value is the same to the last bit. The format is that of HDF5 1.8, compressed with shuffle and
            deflate, which every build of the library has and independent readers know. No rows can be added to it;
            'snapshot' makes a file of it that can go on.

            EXAMPLE
              atmos-frontier archive earthlike.h5 earthlike-archive.h5
            """)

    @OptionGroup var options: CopyOptions

    func run() throws {
        let summary = try options.copy(as: .archive)
        let share = 100 * Double(summary.bytes) / Double(max(summary.bytesOfSource, 1))
        print(
            "\(options.output): \(summary.rowCount - summary.pendingCount) points, \(summary.bytes) bytes, "
                + "\(Int(share.rounded())) % of \(options.input.file)")
    }
}
