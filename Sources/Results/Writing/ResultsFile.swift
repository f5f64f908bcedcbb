public import Atmospheres
public import Exploration
internal import Glibc
public import HDF5

/// A results file open for adding rows.
///
/// A row exists from the moment its `status` is not 0 in the file: everything else of the row is there before it. So a
/// writer killed at any moment leaves a file of whole rows, and a reader beside it sees none by halves. The file is
/// written in the SWMR mode (HDF5 SWMR User's Guide). Everything happens on the thread that made it.
public struct ResultsFile: ~Copyable {
    public let path: String
    public let schema: Schema

    /// Rows that are in the file.
    public private(set) var committedCount: Int

    /// What was found when the file was opened again; `nil` for a new one.
    public internal(set) var recovery: Recovery?

    private let invocation: Invocation
    private let file: File
    private let inode: ino_t
    private let columns: [OpenColumn]
    private let status: OpenColumn
    private let point: OpenColumn
    private let heaps: [OpenHeap]
    private var fresh: RowBuffer
    private var rewritten: RowBuffer

    /// Rows, those that wait for ``commit()`` included.
    public var count: Int { committedCount + fresh.count }

    /// Rows that wait for ``commit()``.
    public var uncommittedCount: Int { fresh.count + rewritten.count }

    /// Takes over a file in SWMR mode that has this layout and `count` rows.
    ///
    /// - Parameter firstHost: row of the table of hosts that rank 0 of this launch has.
    init(
        _ file: consuming File, path: String, schema: Schema, invocation: Invocation, count: Int, firstHost: Int
    ) throws(HDF5Error) {
        var columns: [OpenColumn] = []
        for (number, column) in schema.columns.enumerated() {
            columns.append(OpenColumn(try Dataset(opening: column.path, in: file), number, column.type))
        }
        var heaps: [OpenHeap] = []
        for heap in schema.heaps { heaps.append(try OpenHeap(heap, in: file)) }
        self.heaps = heaps
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

    /// Makes the file at `path`.
    ///
    /// It is made under the name `path.partial` and gets its name when it can hold rows, so that a job killed meanwhile
    /// leaves nothing that looks like results.
    ///
    /// - Throws: `ResultsError.alreadyExists`, `ResultsError.system`, or `HDF5Error`.
    public static func create(at path: String, schema: Schema, metadata: RunMetadata) throws -> ResultsFile {
        guard access(path, F_OK) != 0 else { throw ResultsError.alreadyExists(path: path) }
        let partial = path + ".partial"
        let file = try File(creating: partial, try .fileAccess(), try .fileCreation())
        try schema.layOut(file, metadata)
        try file.flush()
        try file.startSWMRWrite()
        try file.synchronize()
        guard rename(partial, path) == 0 else {
            throw ResultsError.system(action: "renaming \(partial) to \(path)", reason: errorText())
        }
        try synchronizeFolder(of: path)
        return try ResultsFile(
            file, path: path, schema: schema, invocation: metadata.invocation, count: 0, firstHost: 0)
    }

    /// Takes the rows of a batch: row `i` of both arguments belongs together. Nothing is written before ``commit()``.
    ///
    /// A row number that is ``count`` adds a row, a smaller one gives that row a new result.
    ///
    /// - Throws: `ResultsError.rowOutOfOrder`; the rows before the offending one are taken.
    public mutating func append(
        _ provenance: [Provenance], _ evaluations: borrowing Evaluations
    ) throws(ResultsError) {
        precondition(provenance.count == evaluations.count, "an evaluation for each provenance")
        let places = HeapPlaces(of: evaluations, schema.heaps, heaps)
        var i = 0
        while i < provenance.count {
            let row = provenance[i].row
            if row == count {
                var end = i + 1
                while end < provenance.count, provenance[end].row == row + (end - i) { end += 1 }
                fresh.append(provenance, evaluations, places, i..<end)
                i = end
            } else {
                guard row >= 0, row < count else { throw .rowOutOfOrder(row: row, count: count) }
                if row < committedCount {
                    rewritten.append(provenance, evaluations, places, i..<i + 1)
                } else {
                    fresh.replace(row - committedCount, provenance, evaluations, places, i)
                }
                i += 1
            }
        }
    }

    /// Puts all rows taken into the file, in the order that keeps every row whole: data, then `status`.
    ///
    /// When it returns, the rows survive the death of the program, and readers see them. They survive the death of the
    /// machine after ``sync()``. After an error the file is as it was at some moment within the call, with whole rows
    /// only: let go of it, and open it again when the cause is mended.
    public mutating func commit() throws(HDF5Error) {
        for heap in heaps { try heap.commit() }
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

    /// A row that is in the file stops to exist while its data change.
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

    /// The bytes that a committed row has in `heap`; empty where there are none.
    public func bytes(ofRow row: Int, in heap: Heap) throws(HDF5Error) -> [UInt8] {
        guard row < committedCount, let number = schema.heaps.firstIndex(of: heap) else { return [] }
        return try heaps[number].read(row: row)
    }

    /// Asks the operating system to put every committed row on the medium.
    public func sync() throws(HDF5Error) { try file.synchronize() }

    /// Looks whether the file still has its name: rows written to a file that was removed would be lost without an
    /// error.
    ///
    /// - Throws: `ResultsError.system`.
    func checkName() throws(ResultsError) {
        var now = stat()
        guard stat(path, &now) == 0 else {
            throw .system(action: "looking for \(path), which this job writes", reason: errorText())
        }
        guard now.st_ino == inode else {
            throw .system(action: "looking for \(path), which this job writes", reason: "another file has its name")
        }
    }

    /// Commits what waits, ends SWMR, and writes what is known only now: `date_modified`, `completion`, the number of
    /// points by outcome, of workers lost in this launch, and a line of `history`. Afterwards every reader opens the file.
    ///
    /// - Parameter time: the end, seconds since 1970-01-01T00:00:00Z; this moment when `nil`.
    public consuming func close(
        _ completion: Completion, lostWorkers: Int = 0, at time: Double? = nil
    ) throws(HDF5Error) {
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

    /// The global attributes that exist only in a file closed in order.
    static let closingAttributes =
        ["date_modified", "completion", "lost_workers"]
        + Outcome.allCases.filter { $0 != .pending }.map { "\($0.name)_points" }

    /// Lets go of the datasets and gives up the file, which is closed after them.
    private consuming func release() -> File { file }
}

/// A column of the schema, open in a file.
final class OpenColumn {
    let dataset: Dataset
    private let number: Int
    private let type: ElementType

    init(_ dataset: consuming Dataset, _ number: Int, _ type: ElementType) {
        self.dataset = dataset
        self.number = number
        self.type = type
    }

    /// Adds the rows of `buffer` at the end as `rows` of the file.
    func add(_ buffer: borrowing RowBuffer, _ rows: Range<Int>) throws(HDF5Error) {
        try dataset.setCount(rows.upperBound)
        try buffer.withBytes(number) { bytes throws(HDF5Error) in
            try dataset.write(bytes, of: type, rows: rows)
        }
    }

    /// Writes the rows of `buffer` over those of the same number.
    func rewrite(_ buffer: borrowing RowBuffer) throws(HDF5Error) {
        for (i, row) in buffer.rows.enumerated() {
            try buffer.withBytes(number, i..<i + 1) { bytes throws(HDF5Error) in
                try dataset.write(bytes, of: type, rows: row..<row + 1)
            }
        }
    }
}

extension File {
    /// Opens a file that another process may have locked for an instant, such as a reader while it opens it.
    static func openedPatiently(
        _ path: String, _ mode: Mode, _ access: borrowing PropertyList
    ) throws(HDF5Error) -> File {
        for attempt in 0... {
            do {
                return try File(opening: path, mode, access)
            } catch {
                guard attempt < 250, error.systemError == errorText(EAGAIN) else { throw error }
                usleep(20_000)
            }
        }
        fatalError("unreachable")
    }

    /// Says how the run ended, and how many rows have which of the codes of `status`.
    ///
    /// - Parameter lostWorkers: `nil` where it is not known.
    func setClosingAttributes(
        _ completion: Completion, outcomes codes: [Int8], lostWorkers: Int?, at time: Double
    ) throws(HDF5Error) {
        try setAttribute("date_modified", .text(timestamp(time)))
        try setAttribute("completion", .text(completion.rawValue))
        for outcome in Outcome.allCases where outcome != .pending {
            let points = codes.reduce(0) { $0 + ($1 == outcome.rawValue ? 1 : 0) }
            try setAttribute("\(outcome.name)_points", .scalar(Int64(points)))
        }
        if let lostWorkers { try setAttribute("lost_workers", .scalar(Int64(lostWorkers))) }
    }

    /// Adds a line to the attribute `history`.
    func addToHistory(_ line: String) throws(HDF5Error) {
        let history = try attribute("history")?.text
        try setAttribute("history", .text(history.map { $0 + "\n" + line } ?? line))
    }
}

/// The text of the last error of the operating system.
func errorText(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

/// Puts a new name in a folder on the medium.
func synchronizeFolder(of path: String) throws(ResultsError) {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let name = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    let descriptor = open(name, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { _ = Glibc.close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 || errno == EINVAL else {
        throw .system(action: "synchronizing the folder \(name)", reason: errorText())
    }
}
