internal import HDF5

/// What was found when a file was reopened for adding rows.
public struct Recovery: Sendable, Equatable {
    /// The number of rows of the file, which is the next row.
    public let rowCount: Int
    /// The rows among them that hold no result: their points are asked again, for the same row.
    public let pendingRows: [Int]
    /// The number of incomplete rows at the end that were dropped.
    public let droppedRows: Int
    /// Whether the last writer was killed.
    public let wasInterrupted: Bool
}

extension ResultsFile {
    /// Opens the file at `path` for adding rows, whether it was closed or its writer was killed.
    ///
    /// Incomplete rows at the end are dropped, and `history` gets a line. What ``close(_:lostWorkers:at:)`` had written
    /// is removed until the next close, as is the map of a refinement. It must not be called while another writer lives:
    /// hold the ``FileLock``.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - schema: the layout that the file must have.
    ///   - invocation: how this launch was started.
    ///   - hosts: the host of every rank of this launch, in order of rank.
    ///   - time: the time, seconds since 1970-01-01T00:00:00Z; the current time when `nil`.
    /// - Returns: the open file; see ``recovery``.
    /// - Throws: `ResultsError` when there is no results file of this layout, which is then unchanged, else `HDF5Error`.
    public static func reopen(
        at path: String, expecting schema: Schema, invocation: Invocation, hosts: [String], time: Double? = nil
    ) throws -> ResultsFile {
        try FileIdentity.check(path)
        guard try !isArchived(path) else { throw ResultsError.archived(path: path) }
        // Before anything is changed.
        let differences = try schema.differences(in: OpenedForReading(path).file)
        guard differences.isEmpty else { throw ResultsError.layoutDiffers(path: path, differences: differences) }
        let wasMarked = try clearMark(path)
        let (recovery, firstHost) = try recover(path, schema, wasMarked, invocation, hosts, time ?? now())
        let file = try File(opening: path, .append, try .fileAccess())
        var results = try ResultsFile(
            file, path: path, schema: schema, invocation: invocation, count: recovery.rowCount,
            firstHost: firstHost)
        results.recovery = recovery
        return results
    }

    /// Returns whether the file is in a format that cannot be written while it is read; a file whose writer was killed is
    /// not.
    private static func isArchived(_ path: String) throws(HDF5Error) -> Bool {
        guard let file = try? File(opening: path, .read, try .fileAccess()) else { return false }
        return try file.superblockVersion < 3
    }

    /// Clears the mark "open for writing" of a file whose writer was killed, so that it can be opened.
    ///
    /// Source: HDF5 Tools, h5clear, and H5Fincrement_filesize in the HDF5 Reference Manual. The recorded length must be
    /// corrected in the same opening that clears the mark: clearing alone truncates the file to the recorded length.
    ///
    /// - Returns: whether the file was marked.
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

    /// Truncates every column to the last row with a result, and adds the hosts of this launch.
    ///
    /// - Returns: what was found, and the row of the host table with the host of rank 0.
    private static func recover(
        _ path: String, _ schema: Schema, _ wasMarked: Bool, _ invocation: Invocation, _ hosts: [String],
        _ time: Double
    ) throws -> (Recovery, firstHost: Int) {
        let file = try File(opening: path, .readWrite, try .fileAccess())
        // It would not account for the rows to come.
        try removeInferred(from: file, path, schema.lattice)
        let (codes, longest) = try truncate(file, schema)
        let recovery = Recovery(
            rowCount: codes.count, pendingRows: codes.indices.filter { codes[$0] == 0 },
            droppedRows: longest - codes.count,
            wasInterrupted: try wasMarked || !file.hasAttribute(Schema.AttributeName.completion.text))
        for attribute in Schema.AttributeName.closing { try file.removeAttribute(attribute.text) }
        // Before SWMR starts: a live reader never meets a row whose host is missing.
        let firstHost = try HostTable.append(hosts, to: file)
        try file.addToHistory(
            invocation.line(
                at: time,
                "\(invocation.commandLine) (continued at \(recovery.rowCount) points"
                    + (recovery.wasInterrupted ? ", after an interruption)" : ")")))
        try file.flush()
        try file.synchronize()
        try file.close()
        return (recovery, firstHost)
    }

    /// Truncates every column to the last row with a result.
    ///
    /// - Returns: `status` of the rows that are left, and the length of the longest column before.
    private static func truncate(
        _ file: borrowing File, _ schema: Schema
    ) throws(HDF5Error) -> (codes: [Int8], longest: Int) {
        var longest = 0
        var shortest = Int.max
        for column in schema.columns {
            let count = try Dataset(opening: column.path, in: file).count
            longest = max(longest, count)
            shortest = min(shortest, count)
        }
        let codes = try Dataset(opening: Schema.RootName.status.path, in: file).read(Int8.self, rows: 0..<shortest)
        let rowCount = (codes.lastIndex { $0 != 0 } ?? -1) + 1
        if longest > rowCount {
            for column in schema.columns {
                let dataset = try Dataset(opening: column.path, in: file)
                if try dataset.count > rowCount { try dataset.setCount(rowCount) }
            }
        }
        return (Array(codes.prefix(rowCount)), longest)
    }
}
