internal import ArgumentParser
internal import Experiments
internal import Foundation
internal import Reporting
internal import Results

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the points as CSV: all of them, or the stable ones as in the PyATMOS archive.",
        discussion: """
            --csv writes one line per complete point with every scalar variable. Profiles are not exported.

            --pyatmos creates a folder with pyatmos_models.csv: the stable points in the columns of the FDL PyATMOS \
            archive (arXiv:2308.10624), for programs written for that dataset. With the energy-balance model, the \
            columns concentration_ repeat input_, since the model computes no composition, and flux_ is empty, since it \
            has no fluxes. The archive's folders of files for each model are not written: the results file has their \
            contents.

            EXAMPLES
              atmos-frontier export earthlike.h5 --csv earthlike.csv
              atmos-frontier export five.h5 --pyatmos five-pyatmos
            """)

    @OptionGroup var input: ResultsInput

    @Option(
        help: ArgumentHelp("Write all points to this file.", valueName: "file"), completion: .file(extensions: ["csv"]))
    var csv: String?

    @Option(
        help: ArgumentHelp("Write pyatmos_models.csv to this folder.", valueName: "folder"), completion: .directory)
    var pyatmos: String?

    @Flag(help: "Replace the output if it exists.")
    var overwrite = false

    func validate() throws {
        guard (csv == nil) != (pyatmos == nil) else {
            throw ValidationError("Give either --csv FILE or --pyatmos FOLDER.")
        }
    }

    func run() throws {
        let reader = try input.open()
        if let csv {
            let table = try ResultsInput.reading(input.file) { try ExportTable(of: reader) }
            return try write(table, to: csv, called: "--csv")
        }
        guard let pyatmos else { return }
        let pressure = try surfacePressure(of: reader)
        let table = try ResultsInput.reading(input.file) { try ExportTable(pyATMOS: reader, pressure: pressure) }
        try makeFolder(pyatmos)
        let path = URL(fileURLWithPath: pyatmos, isDirectory: true).appendingPathComponent("pyatmos_models.csv")
        try write(table, to: path.relativePath, called: "--pyatmos")
    }

    /// Returns the surface pressure that the model holds fixed, in bar; `nil` when the file has one for each point.
    private func surfacePressure(of reader: borrowing ResultsReader) throws -> Double? {
        let text = try ResultsInput.reading(input.file) { try reader.experiment() }
        let experiment: Experiment
        do {
            experiment = try Experiment.read(text, file: input.file)
        } catch {
            throw Failure(
                .data,
                "\(input.file): --pyatmos needs a model with a known surface pressure, such as energy-balance or atmos, "
                    + "but this program cannot read the file's experiment; use --csv")
        }
        if let pressure = experiment.model.heldSurfacePressure { return pressure / 1e5 }
        let names = try ResultsInput.reading(input.file) { try reader.variables().map(\.name) }
        guard names.contains("surface_pressure") else {
            throw Failure(
                .data,
                "\(input.file): --pyatmos needs a model with a known surface pressure, such as energy-balance or atmos; "
                    + "use --csv")
        }
        return nil
    }

    private func makeFolder(_ path: String) throws(Failure) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw Failure(.usage, "--pyatmos \(path): cannot create this folder; give another path")
        }
    }

    private func write(_ table: ExportTable, to path: String, called name: String) throws {
        try OutputPath.check(path, called: name)
        guard overwrite || !FileManager.default.fileExists(atPath: path) else { throw OutputPath.exists(path) }
        do {
            try Draft.write(path) { draft in
                guard FileManager.default.createFile(atPath: draft, contents: nil) else {
                    throw Failure(.usage, "\(name) \(path): cannot be created; choose another location")
                }
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: draft))
                try table.write { try file.write(contentsOf: Data($0.utf8)) }
                try file.close()
            }
        } catch let error as Failure {
            throw error
        } catch let error as ResultsError {
            throw Failure(.inputOutput, "\(error)")
        } catch {
            throw Failure(.inputOutput, "writing \(path): \(error.localizedDescription)")
        }
        print("\(path): \(table.count) points")
    }
}
