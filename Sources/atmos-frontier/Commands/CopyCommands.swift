internal import ArgumentParser
internal import Foundation
internal import Results

/// The arguments of `snapshot` and `archive`.
struct CopyOptions: ParsableArguments {
    @OptionGroup var input: ResultsInput

    @Argument(help: "The file to create.", completion: .file(extensions: ["h5"]))
    var output: String

    @Flag(help: "Replace the output if it exists.")
    var overwrite = false

    /// Copies the input to the output.
    func copy(as form: CopyForm) throws -> CopySummary {
        let reader = try input.open()
        try OutputPath.check(output, called: "the output")
        do {
            return try reader.copy(to: output, as: form, overwriting: overwrite, invocation: .current)
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
        abstract: "Copies the complete rows of a live or interrupted results file to a closed one.",
        discussion: """
            Every HDF5 reader can open the copy, and 'run' can resume from it. The input is not changed.

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
        abstract: "Makes a compressed copy for long-term storage that old and independent readers can open.",
        discussion: """
            Every value is bitwise identical. The copy has the format of HDF5 1.8 and is compressed with the filters \
            shuffle and deflate, which every build of the library has and independent readers support. No rows can be \
            added to an archive: 'run' resumes from a snapshot of it.

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
