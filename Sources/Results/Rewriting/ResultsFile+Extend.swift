public import Atmospheres
internal import Exploration
internal import Glibc
internal import HDF5

/// What a results file became that was extended to a wider experiment.
public struct ExtensionSummary: Sendable, Equatable {
    /// The number of rows carried over, including those that hold no result.
    public let rowCount: Int
    /// The number of rows among them that were unstable and are stable by the new limits.
    public let newlyStable: Int
}

extension ResultsFile {
    /// The number of rows that are in memory at a time.
    private static let rowsAtATime = 65_536

    /// Extends the file at `path` to a wider experiment, with all of its rows.
    ///
    /// A new file replaces the old one when it is complete and on the disk. Until then the old one is unchanged; a job
    /// killed meanwhile leaves the new one as `path.extending`, which is overwritten the next time.
    ///
    /// Rows keep their order and every number in them, parents and generations included: these say how a point came to
    /// be evaluated, and a search over the wider lattice might have reached it another way. Only `grid_index` becomes the
    /// position on the wider lattice, and `status` and `reason` what the new limits say. The run keeps what says how it
    /// began: `id`, `date_created`, `history`, `source` and `build_info`.
    ///
    /// It must not be called while a writer lives: hold the ``FileLock``.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - schema: the layout for the same model, on a lattice that has every position of the file's.
    ///   - metadata: that of the wider experiment; hosts and what the run keeps are taken from the file.
    ///   - time: the time, seconds since 1970-01-01T00:00:00Z; the current time when `nil`.
    ///   - judge: judges an unstable evaluation by the new limits; its profiles are not those of the row.
    ///   - whileWaiting: called after every piece of work.
    /// - Returns: what was carried over.
    /// - Throws: `ResultsError` when the file cannot be extended to this experiment, else `HDF5Error`.
    public static func extend(
        at path: String, to schema: Schema, metadata: RunMetadata, time: Double? = nil,
        judge: (inout Evaluation) -> Void, whileWaiting: () -> Void = {}
    ) throws -> ExtensionSummary {
        // The draft must be on the file system of the old file, also behind a symbolic link.
        guard let resolved = realpath(path, nil) else { throw ResultsError.notFound(path: path) }
        defer { free(resolved) }
        let target = String(cString: resolved)
        let summary = try Draft.write(target, .extending) { draft in
            let reader = try ResultsReader(at: path)
            let summary = try write(draft, reader, schema, metadata, time ?? now(), judge, whileWaiting)
            var status = stat()
            if stat(target, &status) == 0 { chmod(draft, status.st_mode & 0o777) }
            return summary
        }
        try synchronizeFolder(of: target)
        return summary
    }

    /// What the run keeps of its beginning.
    private static let kept: [Schema.AttributeName] = [.id, .dateCreated, .history, .source]

    /// Writes the whole new file.
    private static func write(
        _ draft: String, _ reader: borrowing ResultsReader, _ schema: Schema, _ metadata: RunMetadata, _ time: Double,
        _ judge: (inout Evaluation) -> Void, _ whileWaiting: () -> Void
    ) throws -> ExtensionSummary {
        let lattice = try reader.lattice()
        let differences = try reader.differences(from: Schema(of: schema.model, on: lattice))
        guard differences.isEmpty else {
            throw ResultsError.layoutDiffers(path: reader.path, differences: differences)
        }
        guard let indices = lattice.indices(in: schema.lattice) else {
            throw ResultsError.layoutDiffers(
                path: reader.path, differences: ["its lattice is not part of that of the experiment"])
        }
        var metadata = metadata
        metadata.hosts = try reader.hostTable()
        metadata.buildInfo = try reader.buildInfo()
        var kept: [Schema.AttributeName: String] = [:]
        for name in Self.kept { kept[name] = try reader.text(name) }

        let file = try File(creating: draft, try .fileAccess(), try .fileCreation())
        try schema.layOut(file, metadata, attributes: metadata.attributes(keeping: kept))
        let judged = try carryOutcomes(reader, file, schema, judge, whileWaiting)
        for column in schema.columns where column.source != .status && column.source != .reason {
            let dataset = try Dataset(opening: column.path, in: file)
            try dataset.setCount(reader.rowCount)
            for rows in ranges(of: reader.rowCount) {
                var bytes = try reader.bytes(of: column, rows: rows)
                if column.source == .gridIndex, let row = move(&bytes, to: indices, judged.codes[rows]) {
                    throw ResultsError.foreign(path: reader.path, missing: "position on the lattice for row \(row)")
                }
                try dataset.write(bytes.span.bytes, of: column.type, rows: rows)
                whileWaiting()
            }
        }
        for blobs in schema.blobs { try reader.carryOver(blobs, to: file, whileWaiting) }
        if case .closed = reader.condition {
            try file.setClosingAttributes(
                .partial, outcomes: judged.codes, lostWorkers: Int(try reader.number(.lostWorkers) ?? 0), at: time)
        }
        let (count, newlyStable) = (reader.rowCount, judged.newlyStable)
        try file.addToHistory(
            metadata.invocation.line(
                at: time,
                "\(metadata.invocation.commandLine) (extended at \(count) points, \(newlyStable) of them now stable)"))
        try file.flush()
        try file.synchronize()
        try file.close()
        return ExtensionSummary(rowCount: count, newlyStable: newlyStable)
    }

    /// Carries `status` and `reason` over, judged by the new limits.
    ///
    /// - Returns: `status` of every row, and the number of rows that became stable.
    private static func carryOutcomes(
        _ reader: borrowing ResultsReader, _ file: borrowing File, _ schema: Schema,
        _ judge: (inout Evaluation) -> Void, _ whileWaiting: () -> Void
    ) throws(HDF5Error) -> (codes: [Int8], newlyStable: Int) {
        let (statusPath, reasonPath) = (Schema.RootName.status.path, Schema.RootName.reason.path)
        let status = try Dataset(opening: statusPath, in: file)
        let reason = try Dataset(opening: reasonPath, in: file)
        try status.setCount(reader.rowCount)
        try reason.setCount(reader.rowCount)
        let names = Dictionary(schema.model.allReasons.map { ($0.code, $0) }) { first, _ in first }
        var evaluation = Evaluation(of: schema.model)
        var all: [Int8] = []
        var newlyStable = 0
        for rows in ranges(of: reader.rowCount) {
            var codes = try reader.numbers(statusPath, as: Int8.self, rows: rows)
            var reasons = try reader.numbers(reasonPath, as: UInt8.self, rows: rows)
            if codes.contains(Outcome.unstable.rawValue) {
                // Whole numbers are not converted: what was judged had a value, so -1 does not mean none.
                var values: [[Double]] = []
                for quantity in schema.model.quantities {
                    values.append(try reader.numbers(Schema.GroupName.root.path(quantity.name), rows: rows))
                }
                for row in codes.indices where codes[row] == Outcome.unstable.rawValue {
                    guard let name = names[reasons[row]] else { continue }
                    evaluation.outcome = .unstable
                    evaluation.reason = name
                    for (index, column) in values.enumerated() { evaluation.values[index] = column[row] }
                    judge(&evaluation)
                    codes[row] = evaluation.outcome.rawValue
                    reasons[row] = evaluation.reason.code
                    if evaluation.outcome == .stable { newlyStable += 1 }
                }
            }
            try status.write(codes.span.bytes, of: .int8, rows: rows)
            try reason.write(reasons.span.bytes, of: .uint8, rows: rows)
            all += codes
            whileWaiting()
        }
        return (all, newlyStable)
    }

    /// Replaces indices, shape (rows, axes), by those on the wider axes; -1 stands for none.
    ///
    /// - Parameters:
    ///   - bytes: the indices, changed in place.
    ///   - wider: the index on each wider axis for each index on the old one.
    ///   - codes: `status` of the rows, indexed by row.
    /// - Returns: a row that has a result but no position on the wider lattice; `nil` when there is none.
    private static func move(_ bytes: inout [UInt8], to wider: [[Int32]], _ codes: ArraySlice<Int8>) -> Int? {
        bytes.withUnsafeMutableBytes { bytes in
            var offset = 0
            for (row, code) in zip(codes.indices, codes) {
                for axis in wider {
                    let index = Int(bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
                    let moved = axis.indices.contains(index) ? axis[index] : -1
                    if moved < 0, code != Outcome.pending.rawValue { return row }
                    bytes.storeBytes(of: moved, toByteOffset: offset, as: Int32.self)
                    offset += MemoryLayout<Int32>.size
                }
            }
            return nil
        }
    }

    private static func ranges(of count: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: rowsAtATime).map { $0..<min($0 + rowsAtATime, count) }
    }
}

extension ResultsReader {
    /// The number of bytes that are in memory at a time.
    private static var slabBytes: Int { 16 << 20 }

    /// Copies blobs without moving them, so that the columns that point to them stay valid.
    fileprivate func carryOver(_ blobs: Blobs, to file: borrowing File, _ whileWaiting: () -> Void) throws(HDF5Error) {
        let from = try opened.dataset(blobs.path)
        let to = try Dataset(opening: blobs.path, in: file)
        let count = try from.count
        try to.setCount(count)
        let dimension = try Dataset(opening: blobs.dimensionPath, in: file)
        try dimension.setCount(count)
        for first in stride(from: 0, to: count, by: Self.slabBytes) {
            let slab = first..<min(first + Self.slabBytes, count)
            let bytes = try from.readBytes(of: .uint8, rows: slab)
            try to.write(bytes.span.bytes, of: .uint8, rows: slab)
            whileWaiting()
        }
    }
}

extension Lattice {
    /// Returns the index on each axis of `wider` for each index on this lattice; `nil` when `wider` lacks a position of
    /// this lattice, or has another composition there.
    func indices(in wider: Lattice) -> [[Int32]]? {
        guard axes.map(\.gas) == wider.axes.map(\.gas), held == wider.held, filler == wider.filler else { return nil }
        var indices: [[Int32]] = []
        for (axis, other) in zip(axes, wider.axes) {
            let found = Dictionary(uniqueKeysWithValues: zip(other.values, other.values.indices))
            let moved = axis.values.compactMap { found[$0].map { Int32($0) } }
            guard moved.count == axis.count, Int(moved[axis.origin]) == other.origin else { return nil }
            indices.append(moved)
        }
        return indices
    }
}
