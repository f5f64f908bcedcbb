public import Atmospheres
internal import Glibc
internal import HDF5
internal import SystemPackage

/// A results file open for adding rows.
///
/// A row exists once its `status` in the file is not 0: everything else in the row is written before. A writer killed at
/// any moment therefore leaves a file of whole rows, and a concurrent reader never sees part of one. The file is written
/// in SWMR mode (HDF5 SWMR User's Guide). It must be used on the thread that opened it.
public struct ResultsFile: ~Copyable {
    /// The path of the file.
    public let path: String
    /// The layout of the file.
    public let schema: Schema

    /// The number of rows in the file.
    public private(set) var committedCount: Int

    /// What was found when the file was reopened; `nil` for a new one.
    public internal(set) var recovery: Recovery?

    private let invocation: Invocation
    private let file: File
    private let inode: ino_t
    private let columns: [OpenColumn]
    private let status: OpenColumn
    private let point: OpenColumn
    private let blobs: [OpenBlobs]
    private var fresh: RowBuffer
    private var rewritten: RowBuffer

    /// The number of rows, including those that wait for ``commit()``.
    public var count: Int { committedCount + fresh.count }

    /// Takes over a file in SWMR mode that has this layout and `count` rows.
    ///
    /// - Parameters:
    ///   - file: the file, open for SWMR writing.
    ///   - path: its path.
    ///   - schema: its layout.
    ///   - invocation: the line that ``close(_:lostWorkers:at:)`` adds to `history`.
    ///   - count: the number of its rows.
    ///   - firstHost: the row of the host table with the host of rank 0 of this launch.
    /// - Throws: `HDF5Error`.
    init(
        _ file: consuming File, path: String, schema: Schema, invocation: Invocation, count: Int, firstHost: Int
    ) throws(HDF5Error) {
        var columns: [OpenColumn] = []
        for (index, column) in schema.columns.enumerated() {
            columns.append(OpenColumn(try Dataset(opening: column.path, in: file), index, column.type))
        }
        var blobs: [OpenBlobs] = []
        for kind in schema.blobs {
            blobs.append(
                try OpenBlobs(kind) { (path) throws(HDF5Error) in try Dataset(opening: path, in: file) })
        }
        self.blobs = blobs
        self.path = path
        self.schema = schema
        self.invocation = invocation
        self.file = file
        var made = stat()
        inode = stat(path, &made) == 0 ? made.st_ino : 0
        point = columns[schema.columns.firstIndex { $0.source == .row }!]
        status = columns[schema.columns.firstIndex { $0.source == .status }!]
        self.columns = columns.filter { [point, status] in $0 !== point && $0 !== status }
        committedCount = count
        fresh = RowBuffer(schema, firstHost: firstHost)
        rewritten = RowBuffer(schema, firstHost: firstHost)
    }

    /// Creates the file at `path`.
    ///
    /// It is created under the name `path.partial` and gets its name once it can hold rows, so that a job killed
    /// meanwhile leaves nothing that looks like results.
    ///
    /// - Parameters:
    ///   - path: where the file is created.
    ///   - schema: the layout.
    ///   - metadata: what the run says about itself.
    /// - Returns: the open file.
    /// - Throws: `ResultsError.alreadyExists`, `ResultsError.system`, or `HDF5Error`.
    public static func create(at path: String, schema: Schema, metadata: RunMetadata) throws -> ResultsFile {
        guard access(path, F_OK) != 0 else { throw ResultsError.alreadyExists(path: path) }
        let draft = Draft(of: path)
        let file = try File(creating: draft.path, try .fileAccess(), try .fileCreation())
        try schema.layOut(file, metadata)
        try file.flush()
        try file.startSWMRWrite()
        try file.synchronize()
        try draft.publish()
        try synchronizeFolder(of: path)
        return try ResultsFile(
            file, path: path, schema: schema, invocation: metadata.invocation, count: 0, firstHost: 0)
    }

    /// Takes the rows of a batch, which ``commit()`` writes.
    ///
    /// A row equal to ``count`` is added; a smaller one gets a new result.
    ///
    /// - Parameters:
    ///   - provenance: how each row was made.
    ///   - evaluations: the result of each row, in the same order.
    /// - Throws: `ResultsError.rowOutOfOrder`; the rows before the offending one are taken.
    public mutating func append(
        _ provenance: [Provenance], _ evaluations: borrowing Evaluations
    ) throws(ResultsError) {
        precondition(provenance.count == evaluations.count, "an evaluation for each provenance")
        let ranges = BlobRanges(of: evaluations, schema.blobs, blobs)
        var i = 0
        while i < provenance.count {
            let row = provenance[i].row
            if row == count {
                var end = i + 1
                while end < provenance.count, provenance[end].row == row + (end - i) { end += 1 }
                fresh.append(provenance, evaluations, ranges, i..<end)
                i = end
            } else {
                guard row >= 0, row < count else { throw .rowOutOfOrder(row: row, count: count) }
                if row < committedCount {
                    rewritten.append(provenance, evaluations, ranges, i..<i + 1)
                } else {
                    fresh.replace(row - committedCount, provenance, evaluations, ranges, i)
                }
                i += 1
            }
        }
    }

    /// Writes all rows taken, in the order that keeps every row whole: data, then `status`.
    ///
    /// When it returns, the rows survive a crash of the program, and readers see them. They survive a crash of the
    /// machine after ``sync()``. After an error the file is as it was at some moment during the call, with whole rows
    /// only: discard this value, and reopen the file when the cause is fixed.
    ///
    /// - Throws: `HDF5Error`.
    public mutating func commit() throws {
        for blobs in blobs { try blobs.commit() }
        try commitRewrittenRows()
        guard !fresh.isEmpty else { return }
        let rows = committedCount..<count
        for column in columns { try column.add(fresh, rows) }
        try point.add(fresh, rows)
        try file.flush()
        try status.add(fresh, rows)
        try file.flush()
        committedCount = rows.upperBound
        fresh.removeAll()
    }

    /// Writes the rows that replace committed ones; such a row does not exist while its data change.
    private mutating func commitRewrittenRows() throws(HDF5Error) {
        guard !rewritten.isEmpty else { return }
        let pending = [Outcome.pending.rawValue]
        for row in rewritten.rows { try status.dataset.write(pending.span.bytes, of: .int8, rows: row..<row + 1) }
        try file.flush()
        for column in columns { try column.rewrite(rewritten) }
        try point.rewrite(rewritten)
        try file.flush()
        try status.rewrite(rewritten)
        try file.flush()
        rewritten.removeAll()
    }

    /// Reads the bytes of a committed row.
    ///
    /// - Parameters:
    ///   - row: the row of the file.
    ///   - blobs: the kind of bytes.
    /// - Returns: the bytes; empty when the row has none.
    /// - Throws: `HDF5Error`.
    public func bytes(ofRow row: Int, in blobs: Blobs) throws -> [UInt8] {
        guard row < committedCount, let index = schema.blobs.firstIndex(of: blobs) else { return [] }
        return try self.blobs[index].read(row: row)
    }

    /// Asks the operating system to write every committed row to the disk.
    ///
    /// - Throws: `HDF5Error`.
    public func sync() throws { try file.synchronize() }

    /// Checks that the file still has its name: rows written to a file that was removed would be lost without an error.
    ///
    /// - Throws: `ResultsError.system`.
    func checkName() throws(ResultsError) {
        var now = stat()
        guard stat(path, &now) == 0 else {
            throw .system(action: "finding \(path), which this job writes", reason: Errno.current.description)
        }
        guard now.st_ino == inode else {
            throw .system(action: "finding \(path), which this job writes", reason: "another file has its name")
        }
    }

    /// Commits the rows that wait, ends SWMR, and writes what is known only now: `date_modified`, `completion`, the
    /// number of points by outcome, the workers lost in this launch, and a line of `history`. Afterwards every reader
    /// can open the file.
    ///
    /// - Parameters:
    ///   - completion: how the search ended.
    ///   - lostWorkers: the number of workers lost in this launch.
    ///   - time: the end, seconds since 1970-01-01T00:00:00Z; the current time when `nil`.
    /// - Throws: `HDF5Error`.
    public consuming func close(
        _ completion: Completion, lostWorkers: Int = 0, at time: Double? = nil
    ) throws {
        let time = time ?? now()
        try commit()
        let (path, invocation, count) = (path, invocation, committedCount)
        let codes = try status.dataset.read(Int8.self, rows: 0..<count)
        try release().close()

        let file = try File.openedPatiently(path, .readWrite, try .fileAccess())
        try file.setClosingAttributes(completion, outcomes: codes, lostWorkers: lostWorkers, at: time)
        let losses = lostWorkers > 0 ? ", workers lost: \(lostWorkers)" : ""
        try file.addToHistory(invocation.line(at: time, "closed, \(completion.rawValue), \(count) points\(losses)"))
        try file.flush()
        try file.synchronize()
        try file.close()
    }

    /// Closes the datasets and returns the file, which must be closed after them.
    private consuming func release() -> File { file }
}

/// A column of the schema, open in a file.
final class OpenColumn {
    let dataset: Dataset
    private let index: Int
    private let type: ElementType

    init(_ dataset: consuming Dataset, _ index: Int, _ type: ElementType) {
        self.dataset = dataset
        self.index = index
        self.type = type
    }

    /// Adds the rows of `buffer` at the end as `rows` of the file.
    func add(_ buffer: borrowing RowBuffer, _ rows: Range<Int>) throws(HDF5Error) {
        try dataset.setCount(rows.upperBound)
        try buffer.withBytes(index) { bytes throws(HDF5Error) in
            try dataset.write(bytes, of: type, rows: rows)
        }
    }

    /// Overwrites the rows of the file that the rows of `buffer` replace.
    func rewrite(_ buffer: borrowing RowBuffer) throws(HDF5Error) {
        for (i, row) in buffer.rows.enumerated() {
            try buffer.withBytes(index, i..<i + 1) { bytes throws(HDF5Error) in
                try dataset.write(bytes, of: type, rows: row..<row + 1)
            }
        }
    }
}
