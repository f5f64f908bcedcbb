internal import CBuildIdentity
internal import HDF5
internal import MPI

/// What this program is: the same text in `--version`, in the results file and between the ranks.
enum BuildIdentity {
    static let version = "0.1.0"

    static var commit: String { String(cString: atmos_frontier_commit()) }

    /// "atmos-frontier 0.1.0 (1a2b3c4d5e6f)": every rank of a job must share it.
    static var program: String { "atmos-frontier \(version) (\(commit))" }

    /// One line: version, commit, and the libraries as found at run time.
    static var oneLine: String {
        "\(program), Swift \(swift), \(Environment.libraryVersion), HDF5 \(HDF5.Library.version)"
    }

    /// One fact a line.
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
