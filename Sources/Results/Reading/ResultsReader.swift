public import Atmospheres
public import Exploration
internal import Glibc
public import HDF5

/// Reads a results file without changing it: closed, being written, or left by a writer that was killed.
///
/// Everything is given for the complete rows only, those with `status` > 0, in the order of the file: element `i` of
/// every array belongs to row `rows[i]`.
///
/// A reader in the process of the writer has to be gone before the writer closes the file: within a process HDF5 opens a
/// file once.
public struct ResultsReader: ~Copyable {
    /// How the file was left.
    public enum Condition: Sendable, Equatable {
        /// Closed in order.
        case closed(Completion)
        /// A writer has it open.
        case beingWritten(by: FileLock.Holder)
        /// Its last writer ended without closing it.
        case interrupted
    }

    public let path: String
    public let condition: Condition

    /// Numbers of the complete rows, ascending.
    public private(set) var rows: [Int] = []

    /// Rows below the last complete one that hold no result.
    public private(set) var pendingRows: [Int] = []

    /// Outcome of each row.
    public private(set) var outcomes: [Outcome] = []

    let opened: OpenedForReading

    /// Opens the file at `path` and looks which rows are complete.
    ///
    /// - Throws: `ResultsError` for a file that is missing, foreign, not HDF5 or not finished in its making; else
    ///   `HDF5Error`.
    public init(at path: String) throws {
        try FileIdentity.check(path)
        let opened = try OpenedForReading(path)
        try FileIdentity.check(opened.file, path)
        let completion = try opened.file.attribute("completion")?.text.flatMap(Completion.init(rawValue:))
        let codes = try opened.dataset("/status").read(Int8.self)
        self.path = path
        condition =
            completion.map { .closed($0) } ?? FileLock.holder(of: path).map { .beingWritten(by: $0) } ?? .interrupted
        self.opened = opened
        note(codes)
    }

    /// Looks again: rows that a writer has added since are there afterwards.
    ///
    /// A row that is tried again in that moment may show its new values beside its old outcome until the next look.
    public mutating func refresh() throws(HDF5Error) {
        note(try opened.dataset("/status").read(Int8.self))
    }

    private mutating func note(_ codes: [Int8]) {
        let end = (codes.lastIndex { $0 != 0 } ?? -1) + 1
        rows = (0..<end).filter { codes[$0] != 0 }
        pendingRows = rows.count == end ? [] : (0..<end).filter { codes[$0] == 0 }
        outcomes = rows.map { Outcome(rawValue: codes[$0]) ?? .failed }
    }

    /// Rows of the file, complete or not, below the last complete one: the number of the next row.
    public var rowCount: Int { rows.count + pendingRows.count }

    // MARK: The run

    /// A global attribute: "title", "history", "experiment_sha256".
    public func text(_ attribute: String) throws(HDF5Error) -> String? {
        try opened.file.attribute(attribute)?.text
    }

    /// The experiment file, verbatim.
    public func experiment() throws(HDF5Error) -> String {
        try opened.dataset("/run/" + Schema.experimentText).readText()
    }

    /// SHA-256 of the experiment, in hexadecimal.
    public func experimentSHA256() throws(HDF5Error) -> String? { try text("experiment_sha256") }

    /// What the program was built with.
    public func buildInfo() throws(HDF5Error) -> String { try opened.dataset("/run/" + Schema.buildText).readText() }

    /// What decides the model's answers beside the program; empty for a model that is all in the program.
    public func modelIdentity() throws(HDF5Error) -> String {
        guard try Group(opening: Schema.Group.run.rawValue, in: opened.file).contains(Schema.modelText) else {
            return ""
        }
        return try opened.dataset("/run/" + Schema.modelText).readText()
    }

    /// The bytes that row number `row` of the file has in `heap`; empty where there are none.
    public func bytes(ofRow row: Int, in heap: Heap) throws(HDF5Error) -> [UInt8] {
        guard try Group(opening: Schema.Group.run.rawValue, in: opened.file).contains(heap.name) else { return [] }
        return try OpenHeap(heap, in: opened).read(row: row)
    }

    /// Host of every rank of every launch: what `/run/host` numbers. The launches follow each other, the ranks of one
    /// in their order.
    public func hostTable() throws(HDF5Error) -> [String] { try opened.dataset(HostTable.path).readCharacterTable() }

    /// The lattice of the experiment.
    ///
    /// - Throws: `ResultsError.foreign` when the file names gases that this program does not know.
    public func lattice() throws -> Lattice {
        func gas(_ formula: some StringProtocol) throws(ResultsError) -> Gas {
            guard let gas = Gas(String(formula)) else { throw .foreign(path: path, missing: "known gas \(formula)") }
            return gas
        }
        let axes = try opened.dataset("/gas_name").readCharacterTable().map { formula in
            let values = try opened.dataset("/axes/" + formula)
            guard let origin = try values.attribute("origin_index")?.numbers(as: Int32.self)?.first else {
                throw ResultsError.foreign(path: path, missing: "origin on the axis of \(formula)")
            }
            return Axis(try gas(formula), values: try values.read(), origin: Int(origin))
        }
        let group = try Group(opening: "/axes", in: opened.file)
        let names = try group.attribute("held_gases")?.text?.split(separator: " ") ?? []
        let ratios = try group.attribute("held_mixing_ratios")?.numbers(as: Double.self) ?? []
        let held = try zip(names, ratios).map { Lattice.HeldGas(try gas($0), $1) }
        let filler = try group.attribute("filler_gas")?.text.map { try gas($0) }
        return try Lattice(axes: axes, held: held, filler: filler)
    }

    // MARK: Columns

    /// Codes of the reasons; ``reasonNames()`` tells their names.
    public func reasons() throws(HDF5Error) -> [UInt8] { try column("/reason") }

    /// Name of each code of `reason`.
    public func reasonNames() throws(HDF5Error) -> [UInt8: String] {
        let reason = try opened.dataset("/reason")
        let codes = try reason.attribute("flag_values")?.numbers(as: UInt8.self) ?? []
        let names = try reason.attribute("flag_meanings")?.text?.split(separator: " ").map(String.init) ?? []
        return Dictionary(zip(codes, names)) { first, _ in first }
    }

    /// Indices on the axes, shape (rows, axes), row-major.
    public func gridIndices() throws(HDF5Error) -> [Int32] { try column("/grid_index") }

    /// The points, on the lattice of the file.
    ///
    /// - Throws: `ResultsError.foreign` when an index is off its axis.
    public func points(on lattice: Lattice) throws -> [Position] {
        let indices = try gridIndices()
        let axes = lattice.dimensions
        return try rows.indices.map { row in
            let position = indices[row * axes..<(row + 1) * axes].map(Int.init)
            guard lattice.shape.contains(position) else {
                throw ResultsError.foreign(path: path, missing: "position on the lattice for row \(rows[row])")
            }
            return lattice[position]
        }
    }

    /// Row of the point that each one was started from; -1 for the origin.
    public func parents() throws(HDF5Error) -> [Int] { try column("/run/parent", as: Int64.self).map { Int($0) } }

    public func generations() throws(HDF5Error) -> [Int32] { try column("/run/generation") }
    public func attempts() throws(HDF5Error) -> [Int8] { try column("/run/attempt") }
    public func workers() throws(HDF5Error) -> [Int32] { try column("/run/worker") }

    /// Host that evaluated each row; `nil` where it is not known.
    public func hosts() throws(HDF5Error) -> [String?] {
        let table = try hostTable()
        return try column("/run/host", as: Int32.self).map { table.indices.contains(Int($0)) ? table[Int($0)] : nil }
    }

    public func exitCodes() throws(HDF5Error) -> [Int16] { try column("/run/exit_code") }

    /// Seconds that each evaluation took.
    public func wallTimes() throws(HDF5Error) -> [Float] { try column("/run/wall_time") }

    /// Start of each evaluation, seconds since 1970-01-01T00:00:00Z.
    public func startedAt() throws(HDF5Error) -> [Double] { try column("/run/started_at") }

    /// End of each evaluation, seconds since 1970-01-01T00:00:00Z.
    public func finishedAt() throws(HDF5Error) -> [Double] { try column("/run/finished_at") }

    /// Values of a variable of the root group by name, in its unit; NaN where there is none. A profile's shape is
    /// (rows, levels), row-major.
    ///
    /// - Throws: `ResultsError.noSuchVariable`.
    public func values(of name: String) throws -> [Double] {
        guard try Group(opening: "/", in: opened.file).contains(name) else {
            throw ResultsError.noSuchVariable(path: path, name: name)
        }
        let isCount = try opened.dataset(name).elementType == .int32
        let values = try column(name, as: Double.self)
        return isCount ? values.map { $0 == -1 ? .nan : $0 } : values
    }

    /// A column of the complete rows.
    private func column<T: Scalar>(_ name: String, as type: T.Type = T.self) throws(HDF5Error) -> [T] {
        let dataset = try opened.dataset(name)
        let all = try dataset.read(T.self, rows: 0..<rowCount)
        guard !pendingRows.isEmpty else { return all }
        let width = dataset.trailing.reduce(1, *)
        return rows.flatMap { all[$0 * width..<($0 + 1) * width] }
    }
}

// MARK: Rows as they stand

// For who carries rows over: rows that hold no result are among them, and nothing is converted.
extension ResultsReader {
    /// The bytes of `rows` in a column, elements of its type, row-major.
    func bytes(of column: Schema.Column, rows: Range<Int>) throws(HDF5Error) -> [UInt8] {
        try opened.dataset(column.path).readBytes(of: column.type, rows: rows)
    }

    /// The numbers of `rows` in the column at `path`, row-major.
    func numbers<T: Scalar>(_ path: String, as type: T.Type = T.self, rows: Range<Int>) throws(HDF5Error) -> [T] {
        try opened.dataset(path).read(T.self, rows: rows)
    }

    /// A global attribute that is a number.
    func number(_ attribute: String) throws(HDF5Error) -> Int64? {
        try opened.file.attribute(attribute)?.numbers(as: Int64.self)?.first
    }

    /// In what the layout of the file differs from `schema`.
    func differences(from schema: Schema) throws(HDF5Error) -> [String] { try schema.differences(in: opened.file) }
}

// MARK: Summary

extension ResultsReader {
    /// Number of rows of each outcome; outcomes without rows are left out.
    public func countsByOutcome() -> [Outcome: Int] {
        outcomes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Number of rows of each outcome and reason, by the reason's name.
    public func countsByReason() throws -> [Outcome: [String: Int]] {
        let names = try reasonNames()
        return zip(outcomes, try reasons()).reduce(into: [:]) { counts, row in
            counts[row.0, default: [:]][names[row.1] ?? "code_\(row.1)", default: 0] += 1
        }
    }

    /// Least and greatest value of a quantity among the rows with `outcome`, of all rows without it; `nil` when none
    /// has a value.
    public func range(of quantity: String, among outcome: Outcome? = nil) throws -> ClosedRange<Double>? {
        var range: ClosedRange<Double>?
        for (value, found) in zip(try values(of: quantity), outcomes)
        where value.isFinite && (outcome == nil || found == outcome) {
            range = min(range?.lowerBound ?? value, value)...max(range?.upperBound ?? value, value)
        }
        return range
    }

    /// Least and greatest surface temperature of the stable points, in K; `nil` when there is none.
    public func surfaceTemperatureRange() throws -> ClosedRange<Double>? {
        try range(of: Quantity.surfaceTemperature.name, among: .stable)
    }
}

/// A file opened for reading in the mode that it allows.
struct OpenedForReading: ~Copyable {
    let file: File
    /// Whether it is marked as being written, by a writer that lives or was killed.
    let isLive: Bool

    /// How long a writer may take to close the file, in units of 20 ms.
    private static let looks = 250

    /// A file that its writer is just closing can be opened in no mode; it is tried until it can.
    init(_ path: String) throws {
        for look in 0... {
            do {
                self = try Self.open(path)
                return
            } catch {
                guard look < Self.looks, Self.isBeingWritten(path) else { throw error }
                usleep(20_000)
            }
        }
        fatalError("unreachable")
    }

    /// Whether another process writes the file: this one may hold the lock of a file that it is about to continue.
    private static func isBeingWritten(_ path: String) -> Bool {
        guard let holder = FileLock.holder(of: path) else { return false }
        return holder.process != getpid() || holder.host != FileLock.Holder.current.host
    }

    private init(_ file: consuming File, isLive: Bool) {
        self.file = file
        self.isLive = isLive
    }

    private static func open(_ path: String) throws -> OpenedForReading {
        let access = try PropertyList.readingAccess()
        do {
            return OpenedForReading(try File(opening: path, .read, access), isLive: false)
        } catch let plain {
            if let file = try? File(opening: path, .readLive, access) { return OpenedForReading(file, isLive: true) }
            // A writer that found the disk full leaves a file shorter than its recorded length. One that is at work
            // is to be waited for.
            guard !isBeingWritten(path),
                let file = try? File(opening: path, .read, try .recoveringFileAccess())
            else { throw plain }
            return OpenedForReading(file, isLive: false)
        }
    }

    func dataset(_ path: String) throws(HDF5Error) -> Dataset {
        let dataset = try Dataset(opening: path, in: file)
        if isLive { try dataset.refresh() }
        return dataset
    }
}
