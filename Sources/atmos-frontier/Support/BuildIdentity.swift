internal import CBuildIdentity
internal import HDF5
internal import MPI

/// The identity of this build, as `--version` prints it, results files record it, and ranks compare it.
enum BuildIdentity {
    /// The version of the program.
    static let version = "0.1.0"

    /// The commit that the program was built from, with a "+" if there were uncommitted changes.
    static var commit: String { String(cString: atmos_frontier_commit()) }

    /// Name, version and commit: "atmos-frontier 0.1.0 (1a2b3c4d5e6f)". All ranks of a job must have the same.
    static var program: String { "atmos-frontier \(version) (\(commit))" }

    /// Version, commit and the versions of the libraries loaded at run time, in one line.
    static var oneLine: String {
        "\(program), Swift \(swift), \(Environment.libraryVersion), HDF5 \(HDF5.Library.version)"
    }

    /// The same facts and the compiler, one per line.
    static var lines: String {
        """
        program: atmos-frontier \(version)
        commit: \(commit)
        Swift: \(swift), with \(String(cString: atmos_frontier_compiler()))
        MPI: \(Environment.libraryVersion)
        HDF5: \(HDF5.Library.version)
        """
    }

    private static var swift: String {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
