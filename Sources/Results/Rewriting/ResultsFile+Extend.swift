public import Atmospheres
internal import Exploration
internal import Glibc
internal import HDF5

/// What became of a results file that was extended to a wider experiment.
public struct Extended: Sendable, Equatable {
    /// Rows carried over, those that hold no result included.
    public let rowCount: Int
    /// Rows among them that were unstable and are stable by the new limits.
    public let newlyStable: Int
}

extension ResultsFile {
    /// Rows that are in memory at a time.
    private static let rowsAtATime = 65_536

    /// Makes the file at `path` one of a wider experiment, with all of its rows: a new file takes the place of the old
    /// one when it is complete and on the medium. Until then the old one is untouched; a job killed meanwhile leaves
    /// the new one as `path.extending`, which is overwritten the next time.
    ///
    /// Rows keep their numbers and every number in them, parents and generations included: they say how a point came
    /// to be evaluated, and a search over the wider lattice might have come to it on another way. Only `grid_index`
    /// becomes the place on the wider lattice, and `status` and `reason` what the new limits say. The run keeps what
    /// tells how it began: `id`, `date_created`, `history`, `source` and `build_info`.
    ///
    /// It must not be called while a writer lives: hold the ``FileLock``.
    ///
    /// - Parameters:
    ///   - schema: of the same model, on a lattice that has every point of the file's.
    ///   - metadata: of the wider experiment; hosts and what the run keeps are taken from the file.
    ///   - time: the moment, seconds since 1970-01-01T00:00:00Z; this moment when `nil`.
    ///   - judge: judges an unstable evaluation by the new limits; its profiles are not those of the row.
    ///   - whileWaiting: called after every piece of work.
    /// - Throws: `ResultsError` when there is no results file that can be extended so, else `HDF5Error`.
    public static func extend(
        at path: String, to schema: Schema, metadata: RunMetadata, time: Double? = nil,
        judge: (inout Evaluation) -> Void, whileWaiting: () -> Void = {}
    ) throws -> Extended {
        // The new name has to be on the old file's file system, also behind a symbolic link.
        guard let resolved = realpath(path, nil) else { throw ResultsError.notFound(path: path) }
        defer { free(resolved) }
        let target = String(cString: resolved)
        let draft = target + ".extending"
        let extended: Extended
        do {
            let reader = try ResultsReader(at: path)
            extended = try write(draft, reader, schema, metadata, time ?? now(), judge, whileWaiting)
            var status = stat()
            if stat(target, &status) == 0 { chmod(draft, status.st_mode & 0o777) }
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, target) == 0 else {
            throw ResultsError.system(action: "renaming \(draft) to \(target)", reason: errorText())
        }
        try synchronizeFolder(of: target)
        return extended
    }

    /// Writes the whole new file.
    private static func write(
        _ draft: String, _ reader: borrowing ResultsReader, _ schema: Schema, _ metadata: RunMetadata, _ time: Double,
        _ judge: (inout Evaluation) -> Void, _ whileWaiting: () -> Void
    ) throws -> Extended {
        let lattice = try reader.lattice()
        let differences = try reader.differences(from: Schema(of: schema.model, on: lattice))
        guard differences.isEmpty else {
            throw ResultsError.layoutDiffers(path: reader.path, differences: differences)
        }
        guard let places = lattice.places(in: schema.lattice) else {
            throw ResultsError.layoutDiffers(
                path: reader.path, differences: ["its lattice is no part of that of the experiment"])
        }
        var metadata = metadata
        metadata.hosts = try reader.hostTable()
        metadata.buildInfo = try reader.buildInfo()
        var kept: [String: String] = [:]
        for name in ["id", "date_created", "history", "source"] { kept[name] = try reader.text(name) }

        let file = try File(creating: draft, try .fileAccess(), try .fileCreation())
        try schema.layOut(file, metadata, attributes: metadata.attributes(keeping: kept))
        let judged = try carryOutcomes(reader, file, schema, judge, whileWaiting)
        for column in schema.columns where column.source != .status && column.source != .reason {
            let dataset = try Dataset(opening: column.path, in: file)
            try dataset.setCount(reader.rowCount)
            for rows in ranges(of: reader.rowCount) {
                var bytes = try reader.bytes(of: column, rows: rows)
                if column.source == .gridIndex, let row = move(&bytes, to: places, judged.codes[rows]) {
                    throw ResultsError.foreign(path: reader.path, missing: "place on the lattice for row \(row)")
                }
                try dataset.write(bytes.span.bytes, of: column.type, rows: rows)
                whileWaiting()
            }
        }
        for heap in schema.heaps { try reader.carryOver(heap, to: file, whileWaiting) }
        if case .closed = reader.condition {
            try file.setClosingAttributes(
                .partial, outcomes: judged.codes, lostWorkers: Int(try reader.number("lost_workers") ?? 0), at: time)
        }
        let (count, newlyStable) = (reader.rowCount, judged.newlyStable)
        try file.addToHistory(
            metadata.invocation.line(
                at: time,
                "\(metadata.invocation.commandLine) (extended at \(count) points, \(newlyStable) of them now stable)"))
        try file.flush()
        try file.synchronize()
        try file.close()
        return Extended(rowCount: count, newlyStable: newlyStable)
    }

    /// Carries `status` and `reason` over, judged by the new limits.
    private static func carryOutcomes(
        _ reader: borrowing ResultsReader, _ file: borrowing File, _ schema: Schema,
        _ judge: (inout Evaluation) -> Void, _ whileWaiting: () -> Void
    ) throws(HDF5Error) -> (codes: [Int8], newlyStable: Int) {
        let status = try Dataset(opening: "/status", in: file)
        let reason = try Dataset(opening: "/reason", in: file)
        try status.setCount(reader.rowCount)
        try reason.setCount(reader.rowCount)
        let names = Dictionary(schema.model.allReasons.map { ($0.code, $0) }) { first, _ in first }
        var evaluation = Evaluation(of: schema.model)
        var all: [Int8] = []
        var newlyStable = 0
        for rows in ranges(of: reader.rowCount) {
            var codes = try reader.numbers("/status", as: Int8.self, rows: rows)
            var reasons = try reader.numbers("/reason", as: UInt8.self, rows: rows)
            if codes.contains(Outcome.unstable.rawValue) {
                // A whole number reads as it stands: what was judged had a value, so that -1 does not mean none.
                var values: [[Double]] = []
                for quantity in schema.model.quantities {
                    values.append(try reader.numbers("/" + quantity.name, rows: rows))
                }
                for row in codes.indices where codes[row] == Outcome.unstable.rawValue {
                    guard let name = names[reasons[row]] else { continue }
                    evaluation.outcome = .unstable
                    evaluation.reason = name
                    for (number, column) in values.enumerated() { evaluation.values[number] = column[row] }
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

    /// Replaces indices, shape (rows, axes), by their places on the wider axes; -1 stands for none.
    ///
    /// - Parameter codes: `status` of the rows; their indices are the numbers of the rows.
    /// - Returns: a row with a result that has no place.
    private static func move(_ bytes: inout [UInt8], to places: [[Int32]], _ codes: ArraySlice<Int8>) -> Int? {
        bytes.withUnsafeMutableBytes { bytes in
            var offset = 0
            for (row, code) in zip(codes.indices, codes) {
                for axis in places {
                    let index = Int(bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
                    let place = axis.indices.contains(index) ? axis[index] : -1
                    if place < 0, code != Outcome.pending.rawValue { return row }
                    bytes.storeBytes(of: place, toByteOffset: offset, as: Int32.self)
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
    private static var heapSlab: Int { 16 << 20 }

    /// Copies the bytes of a heap as they lie, so that the columns that point to them hold.
    fileprivate func carryOver(_ heap: Heap, to file: borrowing File, _ whileWaiting: () -> Void) throws(HDF5Error) {
        let from = try opened.dataset(heap.path)
        let to = try Dataset(opening: heap.path, in: file)
        let count = try from.count
        try to.setCount(count)
        let dimension = try Dataset(opening: Schema.Group.run.rawValue + "/" + heap.dimension, in: file)
        try dimension.setCount(count)
        for first in stride(from: 0, to: count, by: Self.heapSlab) {
            let slab = first..<min(first + Self.heapSlab, count)
            let bytes = try from.readBytes(of: .uint8, rows: slab)
            try to.write(bytes.span.bytes, of: .uint8, rows: slab)
            whileWaiting()
        }
    }
}

extension Lattice {
    /// Where each index of each axis is on the axes of `wider`; `nil` when a point of this lattice is none of `wider`,
    /// or has another composition there.
    func places(in wider: Lattice) -> [[Int32]]? {
        guard axes.map(\.gas) == wider.axes.map(\.gas), held == wider.held, filler == wider.filler else { return nil }
        var places: [[Int32]] = []
        for (axis, other) in zip(axes, wider.axes) {
            let found = Dictionary(uniqueKeysWithValues: zip(other.values, other.values.indices))
            let indices = axis.values.compactMap { found[$0].map { Int32($0) } }
            guard indices.count == axis.count, Int(indices[axis.origin]) == other.origin else { return nil }
            places.append(indices)
        }
        return places
    }
}
