internal import Glibc
internal import HDF5
internal import SystemPackage

/// Distinguishes results files from other files.
enum FileIdentity {
    /// Checks that there is an HDF5 file at `path`.
    ///
    /// - Throws: `ResultsError.notFound`, `.unfinishedCreation`, `.notHDF5` or `.system`.
    static func check(_ path: String) throws(ResultsError) {
        guard access(path, F_OK) == 0 else {
            let draft = Draft(of: path).path
            if access(draft, F_OK) == 0 { throw .unfinishedCreation(path: draft) }
            throw .notFound(path: path)
        }
        guard access(path, R_OK) == 0 else {
            throw .system(action: "reading \(path)", reason: Errno.current.description)
        }
        guard File.isHDF5(path) else {
            if isDraft(path) { throw .unfinishedCreation(path: path) }
            throw .notHDF5(path: path)
        }
    }

    /// What a file must have to be taken for a results file.
    private static let required: [Schema.RootName] = [.status, .gridIndex, .gasName, .run, .axes]

    private static func isDraft(_ path: String) -> Bool { path.hasSuffix(Draft.Suffix.partial.rawValue) }

    /// Checks that an HDF5 file is a results file.
    ///
    /// - Throws: `ResultsError.foreign` or `.unfinishedCreation` when `file` lacks what every results file has.
    static func check(_ file: borrowing File, _ path: String) throws {
        let root = try Group(opening: Schema.GroupName.root.path, in: file)
        for name in required.map(\.rawValue) where try !root.contains(name) {
            if isDraft(path) { throw ResultsError.unfinishedCreation(path: path) }
            throw ResultsError.foreign(path: path, missing: name)
        }
    }
}

/// Returns the size of the file at `path` in bytes; 0 when it cannot be seen.
func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
}

/// Returns when the file at `path` was last changed, seconds since 1970-01-01T00:00:00Z.
func modificationTime(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
}
