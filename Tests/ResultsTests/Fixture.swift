internal import Atmospheres
internal import Exploration
internal import Glibc
internal import Results
internal import Subprocess
internal import SyntheticWriter
internal import SystemPackage
internal import TestSupport

enum Tools {
    /// The Python with h5py, xarray, h5netcdf and netCDF4 that the tests may use.
    static let python = Products.python

    static let ncdump = ["/usr/bin", "/usr/local/bin", "/opt/conda/bin"].map { $0 + "/ncdump" }
        .first { access($0, X_OK) == 0 }

    /// The built `SyntheticWriter`.
    static let writer = Products.path("SyntheticWriter")

    /// Returns the path of a file beside the tests' sources.
    static func resource(_ name: String) -> String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/" + name
    }

    static func executable(_ path: String) -> Executable { .path(FilePath(path)) }

    /// Runs a program to its end, and returns both outputs as text.
    static func run(_ program: String, _ arguments: [String]) async throws -> (succeeded: Bool, output: String) {
        let result = try await Subprocess.run(
            executable(program), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
    }
}

/// Creates a closed file of `rows` synthetic rows.
func makeFile(_ path: String, rows: Int, completion: Completion = .complete) throws {
    var file = try ResultsFile.create(at: path, schema: SyntheticRun.schema, metadata: SyntheticRun.metadata)
    let (provenance, evaluations) = SyntheticRun.batch(0..<rows)
    try file.append(provenance, evaluations)
    try file.close(completion, at: 1_793_000_600)
}
