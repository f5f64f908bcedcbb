public import Atmospheres
public import Exploration
internal import HDF5

/// Reads a results file without changing it: closed, being written, or left by a writer that was killed.
///
/// Only complete rows are returned, those with `status` > 0, in the order of the file: element `i` of every array belongs
/// to row `rows[i]`.
///
/// A reader in the process of the writer must be destroyed before the writer closes the file: within a process HDF5 opens
/// a file once.
public struct ResultsReader: ~Copyable {
    /// How the file was left.
    public enum Condition: Sendable, Equatable {
        /// Closed by its writer.
        case closed(Completion)
        /// Open in a writer.
        case beingWritten(by: FileLock.Holder)
        /// Left by a writer that ended without closing it.
        case interrupted
    }

    /// The path of the file.
    public let path: String
    /// How the file was left.
    public let condition: Condition

    /// The complete rows, ascending.
    public private(set) var rows: [Int] = []

    /// The rows below the last complete one that hold no result.
    public private(set) var pendingRows: [Int] = []

    /// The outcome of each row.
    public private(set) var outcomes: [Outcome] = []

    let opened: OpenedForReading

    /// Opens the file at `path` and determines which rows are complete.
    ///
    /// - Throws: `ResultsError` for a file that is missing, foreign, not HDF5 or not completely created; else
    ///   `HDF5Error`.
    public init(at path: String) throws {
        try FileIdentity.check(path)
        let opened = try OpenedForReading(path)
        try FileIdentity.check(opened.file, path)
        let completion = try opened.file.text(.completion).flatMap(Completion.init(rawValue:))
        let codes = try opened.dataset(Schema.RootName.status.path).read(Int8.self)
        self.path = path
        condition =
            completion.map { .closed($0) } ?? FileLock.holder(of: path).map { .beingWritten(by: $0) } ?? .interrupted
        self.opened = opened
        note(codes)
    }

    /// Looks at the file again: rows that a writer has added since are included afterwards.
    ///
    /// A row that is evaluated again at that moment may show its new values with its old outcome until the next refresh.
    ///
    /// - Throws: `HDF5Error`.
    public mutating func refresh() throws {
        note(try opened.dataset(Schema.RootName.status.path).read(Int8.self))
    }

    private mutating func note(_ codes: [Int8]) {
        let end = (codes.lastIndex { $0 != 0 } ?? -1) + 1
        rows = (0..<end).filter { codes[$0] != 0 }
        pendingRows = rows.count == end ? [] : (0..<end).filter { codes[$0] == 0 }
        outcomes = rows.map { Outcome(rawValue: codes[$0]) ?? .failed }
    }

    /// The number of rows up to the last complete one, complete or not: the next row of the file.
    public var rowCount: Int { rows.count + pendingRows.count }
}

// MARK: The run

extension ResultsReader {
    /// Returns the text of a global attribute; `nil` when the file does not have it.
    public func text(_ attribute: Schema.AttributeName) throws -> String? { try opened.file.text(attribute) }

    /// Returns the experiment file, verbatim.
    public func experiment() throws -> String { try text(.experiment) }

    /// Returns the SHA-256 of the experiment, hexadecimal.
    public func experimentSHA256() throws -> String? { try text(.experimentSHA256) }

    /// Returns what the program was built with.
    public func buildInfo() throws -> String { try text(.build) }

    /// Returns what decides the model's answers beside the program; empty for a model that is part of the program.
    public func modelIdentity() throws -> String {
        try hasInRun(Schema.Text.modelIdentity.name) ? text(.modelIdentity) : ""
    }

    private func text(_ text: Schema.Text) throws(HDF5Error) -> String { try opened.dataset(text.path).readText() }

    private func hasInRun(_ name: String) throws(HDF5Error) -> Bool {
        try Group(opening: Schema.GroupName.run.path, in: opened.file).contains(name)
    }

    /// Reads the bytes of a row.
    ///
    /// - Parameters:
    ///   - row: the row of the file.
    ///   - blobs: the kind of bytes.
    /// - Returns: the bytes; empty when the row has none.
    /// - Throws: `HDF5Error`.
    public func bytes(ofRow row: Int, in blobs: Blobs) throws -> [UInt8] {
        guard try hasInRun(blobs.name) else { return [] }
        return try OpenBlobs(blobs) { (path) throws(HDF5Error) in try opened.dataset(path) }.read(row: row)
    }

    /// Returns the host of every rank of every launch, launch after launch, each in order of rank; see ``hostRows()``.
    public func hostTable() throws -> [String] { try opened.dataset(HostTable.path).readCharacterTable() }

    /// Returns the number of workers lost in the last launch; `nil` when the file was not closed.
    public func lostWorkers() throws -> Int? { try number(.lostWorkers).map { Int($0) } }

    /// Returns the lattice of the experiment.
    ///
    /// - Throws: `ResultsError.foreign` when the file names gases that this program does not know.
    public func lattice() throws -> Lattice {
        func gas(_ formula: some StringProtocol) throws(ResultsError) -> Gas {
            guard let gas = Gas(String(formula)) else { throw .foreign(path: path, missing: "known gas \(formula)") }
            return gas
        }
        let axes = try opened.dataset(Schema.RootName.gasName.path).readCharacterTable().map { formula in
            let values = try opened.dataset(Schema.GroupName.axes.path(formula))
            guard let origin = try values.attribute(.originIndex)?.numbers(as: Int32.self)?.first else {
                throw ResultsError.foreign(path: path, missing: "origin on the axis of \(formula)")
            }
            return Axis(try gas(formula), values: try values.read(), origin: Int(origin))
        }
        let group = try Group(opening: Schema.GroupName.axes.path, in: opened.file)
        let names = try group.text(.heldGases)?.split(separator: " ") ?? []
        let ratios = try group.attribute(.heldMixingRatios)?.numbers(as: Double.self) ?? []
        let held = try zip(names, ratios).map { Lattice.HeldGas(try gas($0), $1) }
        let filler = try group.text(.fillerGas).map { try gas($0) }
        return try Lattice(axes: axes, held: held, filler: filler)
    }
}

// MARK: The file

extension ResultsReader {
    /// The size of the file in bytes.
    public var byteCount: Int { fileSize(path) }

    /// When the file was last changed, seconds since 1970-01-01T00:00:00Z.
    public var modifiedAt: Double? { modificationTime(path) }
}

// MARK: Summary

extension ResultsReader {
    /// Returns the number of rows of each outcome; outcomes without rows are left out.
    public func countsByOutcome() -> [Outcome: Int] {
        outcomes.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// Returns the number of rows of each outcome and reason, by the name of the reason.
    public func countsByReason() throws -> [Outcome: [String: Int]] {
        let names = try reasonNames()
        return zip(outcomes, try reasons()).reduce(into: [:]) { counts, row in
            counts[row.0, default: [:]][names[row.1] ?? "code_\(row.1)", default: 0] += 1
        }
    }

    /// Returns the least and the greatest value of a quantity.
    ///
    /// - Parameters:
    ///   - quantity: the name of the variable.
    ///   - outcome: the outcome of the rows looked at; every row when `nil`.
    /// - Returns: the range in the unit of the variable; `nil` when no row has a value.
    /// - Throws: `ResultsError.noSuchVariable`, or `HDF5Error`.
    public func range(of quantity: String, among outcome: Outcome? = nil) throws -> ClosedRange<Double>? {
        var range: ClosedRange<Double>?
        for (value, found) in zip(try values(of: quantity), outcomes)
        where value.isFinite && (outcome == nil || found == outcome) {
            range = min(range?.lowerBound ?? value, value)...max(range?.upperBound ?? value, value)
        }
        return range
    }
}
