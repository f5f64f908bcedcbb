internal import Atmospheres
internal import Exploration
internal import Glibc
internal import Results
internal import Subprocess
internal import SyntheticWriter
internal import SystemPackage

/// A folder for one test, removed at the end.
struct Scratch: ~Copyable {
    let folder: String

    init() {
        var template = Array("/tmp/atmos-results-XXXXXX".utf8CString)
        folder = String(cString: mkdtemp(&template))
    }

    func path(_ name: String) -> String { folder + "/" + name }

    deinit {
        for name in names() { unlink(path(name)) }
        rmdir(folder)
    }

    func names() -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

enum Tools {
    /// The Python with h5py, xarray, h5netcdf and netCDF4 that the tests may use.
    static let python = getenv("ATMOS_FRONTIER_PYTHON").map { String(cString: $0) }

    static let ncdump = ["/usr/bin", "/usr/local/bin", "/opt/conda/bin"].map { $0 + "/ncdump" }
        .first { access($0, X_OK) == 0 }

    /// The built `SyntheticWriter`, beside the test bundle.
    static var writer: String {
        var bytes = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &bytes, bytes.count - 1)
        let path = String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/SyntheticWriter"
    }

    /// Path of a file beside the tests' sources.
    static func resource(_ name: String) -> String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/" + name
    }

    static func executable(_ path: String) -> Executable { .path(FilePath(path)) }

    /// Runs a program to its end; both outputs as text.
    static func run(_ program: String, _ arguments: [String]) async throws -> (succeeded: Bool, output: String) {
        let result = try await Subprocess.run(
            executable(program), arguments: Arguments(arguments), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        return (result.terminationStatus.isSuccess, result.standardOutput + result.standardError)
    }
}

/// Makes a closed file of `rows` synthetic rows.
func makeFile(_ path: String, rows: Int, completion: Completion = .complete) throws {
    var file = try ResultsFile.create(at: path, schema: SyntheticRun.schema, metadata: SyntheticRun.metadata)
    let (provenance, evaluations) = SyntheticRun.batch(0..<rows)
    try file.append(provenance, evaluations)
    try file.close(completion, at: 1_793_000_600)
}
