internal import Glibc
internal import HDF5

/// What was found when a file was opened again for adding rows.
public struct Recovery: Sendable, Equatable {
    /// Rows of the file: the next one gets this number.
    public let rowCount: Int
    /// Rows among them that hold no result: their point is to be asked again, into the same row.
    public let pendingRows: [Int]
    /// Rows at the end that were incomplete and are gone.
    public let droppedRows: Int
    /// Whether the last writer was killed.
    public let wasInterrupted: Bool
}

extension ResultsFile {
    /// Opens the file at `path` for adding rows, whether it was closed in order or its writer was killed.
    ///
    /// Rows at the end that are incomplete are dropped, and `history` gets a line. What ``close(_:at:)`` had written
    /// is taken back until the next close. It must not be called while another writer lives: hold the ``FileLock``.
    ///
    /// - Parameters:
    ///   - schema: the layout that the file must have.
    ///   - hosts: host name of every rank of this launch, in order of rank.
    ///   - time: the moment, seconds since 1970-01-01T00:00:00Z; this moment when `nil`.
    /// - Throws: `ResultsError` when there is no results file of this layout, else `HDF5Error`.
    public static func reopen(
        at path: String, expecting schema: Schema, invocation: Invocation, hosts: [String], time: Double? = nil
    ) throws -> ResultsFile {
        try FileIdentity.check(path)
        guard try !isArchived(path) else { throw ResultsError.archived(path: path) }
        let wasMarked = try clearMark(path)
        let (recovery, firstHost) = try mend(path, schema, wasMarked, invocation, hosts, time ?? now())
        let file = try File(opening: path, .append, try .fileAccess())
        var results = try ResultsFile(
            file, path: path, schema: schema, invocation: invocation, count: recovery.rowCount,
            firstHost: firstHost)
        results.recovery = recovery
        return results
    }

    /// Whether the file is in a format that cannot be written while it is read. A file whose writer was killed is not.
    private static func isArchived(_ path: String) throws(HDF5Error) -> Bool {
        guard let file = try? File(opening: path, .read, try .fileAccess()) else { return false }
        return try file.superblockVersion < 3
    }

    /// Makes a file openable whose writer was killed; the mark "open for writing" is still in it.
    ///
    /// Source: HDF5 Tools, h5clear, and H5Fincrement_filesize in the HDF5 Reference Manual. The length has to be mended
    /// in the same opening that clears the mark: clearing alone cuts the file off at the recorded length.
    private static func clearMark(_ path: String) throws(HDF5Error) -> Bool {
        do {
            try File(opening: path, .readWrite, try .fileAccess()).close()
            return false
        } catch {
            let file = try File(opening: path, .readWrite, try .recoveringFileAccess())
            try file.adoptLength()
            try file.close()
            return true
        }
    }

    /// Cuts every column to the last row with a result, and adds this launch's hosts.
    ///
    /// - Returns: what was found, and the row of the table of hosts that rank 0 has.
    private static func mend(
        _ path: String, _ schema: Schema, _ wasMarked: Bool, _ invocation: Invocation, _ hosts: [String],
        _ time: Double
    ) throws -> (Recovery, firstHost: Int) {
        let file = try File(opening: path, .readWrite, try .fileAccess())
        // It would say less than the rows that are to come.
        let root = try Group(opening: "/", in: file)
        if try root.contains(ResultsFile.inferredGroup) { try root.remove(ResultsFile.inferredGroup) }
        let differences = try schema.differences(in: file)
        guard differences.isEmpty else { throw ResultsError.layoutDiffers(path: path, differences: differences) }

        var longest = 0
        var shortest = Int.max
        for column in schema.columns {
            let count = try Dataset(opening: column.path, in: file).count
            longest = max(longest, count)
            shortest = min(shortest, count)
        }
        let codes = try Dataset(opening: "/status", in: file).read(Int8.self, rows: 0..<shortest)
        let rowCount = (codes.lastIndex { $0 != 0 } ?? -1) + 1
        if longest > rowCount {
            for column in schema.columns {
                let dataset = try Dataset(opening: column.path, in: file)
                if try dataset.count > rowCount { try dataset.setCount(rowCount) }
            }
        }
        let recovery = Recovery(
            rowCount: rowCount, pendingRows: codes.prefix(rowCount).indices.filter { codes[$0] == 0 },
            droppedRows: longest - rowCount, wasInterrupted: try wasMarked || !file.hasAttribute("completion"))
        for name in Self.closingAttributes { try file.removeAttribute(name) }
        // Before SWMR: a live reader meets no row whose host is not there yet.
        let firstHost = try HostTable.append(hosts, to: file)
        try file.addToHistory(
            invocation.line(
                at: time,
                "\(invocation.commandLine) (continued at \(rowCount) points"
                    + (recovery.wasInterrupted ? ", after an interruption)" : ")")))
        try file.flush()
        try file.synchronize()
        try file.close()
        return (recovery, firstHost)
    }
}

/// Tells results files from other files.
enum FileIdentity {
    /// - Throws: `ResultsError.notFound`, `.unfinishedCreation`, `.notHDF5` or `.system`.
    static func check(_ path: String) throws(ResultsError) {
        guard access(path, F_OK) == 0 else {
            if access(path + ".partial", F_OK) == 0 { throw .unfinishedCreation(path: path + ".partial") }
            throw .notFound(path: path)
        }
        guard access(path, R_OK) == 0 else { throw .system(action: "reading \(path)", reason: errorText()) }
        guard File.isHDF5(path) else {
            if path.hasSuffix(".partial") { throw .unfinishedCreation(path: path) }
            throw .notHDF5(path: path)
        }
    }

    /// - Throws: `ResultsError.foreign` or `.unfinishedCreation` when `file` lacks what every results file has.
    static func check(_ file: borrowing File, _ path: String) throws {
        let root = try Group(opening: "/", in: file)
        for name in ["status", "grid_index", "gas_name", "run", "axes"] where try !root.contains(name) {
            if path.hasSuffix(".partial") { throw ResultsError.unfinishedCreation(path: path) }
            throw ResultsError.foreign(path: path, missing: name)
        }
    }
}
