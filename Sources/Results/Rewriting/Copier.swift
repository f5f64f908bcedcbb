internal import Atmospheres
internal import HDF5

/// Copies a results file object by object: rows first, dimensions at the end.
struct Copier {
    let form: CopyForm
    /// The number of rows of the copy.
    let rowCount: Int

    /// The number of bytes read at a time.
    private static let slabBytes = 16 << 20
    /// The size of a compressed chunk in bytes: small ones compress badly, large ones make single rows slow to read.
    private static let chunkBytes = 128 << 10
    private static let compressionLevel = 6

    /// Makes the copy at `path` and closes it.
    ///
    /// - Parameters:
    ///   - path: where the copy is made.
    ///   - source: the open file.
    ///   - sourcePath: its path.
    ///   - invocation: the line of `history`.
    ///   - time: the time, seconds since 1970-01-01T00:00:00Z.
    /// - Returns: the number of rows of the copy without a result.
    /// - Throws: `ResultsError.notCopied`, or `HDF5Error`.
    func make(
        _ path: String, from source: borrowing OpenedForReading, _ sourcePath: String, _ invocation: Invocation,
        _ time: Double
    ) throws -> Int {
        let access = try form == .archive ? PropertyList.archiveAccess() : .fileAccess()
        let file = try File(creating: path, access, try .fileCreation())
        let before = try RowMarks(source, rowCount)
        var datasets: [String] = []
        do {
            let root = try Group(opening: Schema.GroupName.root.path, in: source.file)
            try copyAttributes(of: root, to: file)
            try copyMembers(
                of: root, "", source, to: try Group(opening: Schema.GroupName.root.path, in: file), &datasets)
        }
        try attachScales(of: datasets, source, in: file)
        let pending = try settleRows(before, source, in: file)
        try finish(file, sourcePath, invocation, time)
        return pending
    }

    // MARK: Objects

    private func copyMembers(
        of group: borrowing Group, _ prefix: String, _ source: borrowing OpenedForReading,
        to copy: borrowing Group, _ datasets: inout [String]
    ) throws {
        for name in try group.namesInOrder {
            let path = prefix + "/" + name
            if try group.isGroup(name) {
                let from = try Group(opening: name, in: group)
                let to = try Group(creating: name, in: copy)
                try copyAttributes(of: from, to: to)
                try copyMembers(of: from, path, source, to: to, &datasets)
            } else {
                try copyDataset(path, name, source, to: copy)
                datasets.append(path)
            }
        }
    }

    private func copyAttributes(
        of object: borrowing some Object & ~Copyable, to copy: borrowing some Object & ~Copyable
    ) throws {
        for name in try object.attributeNames where !Dataset.scaleAttributes.contains(name) {
            guard let value = try object.attribute(name) else {
                throw ResultsError.notCopied(name: name, reason: "the attribute is neither numbers nor text")
            }
            try copy.setAttribute(name, value)
        }
    }

    private func copyDataset(
        _ path: String, _ name: String, _ source: borrowing OpenedForReading, to parent: borrowing Group
    ) throws {
        let from = try source.dataset(path)
        guard !from.isScalar else {
            return try copyAttributes(of: from, to: try Dataset.create(name, in: parent, text: try from.readText()))
        }
        guard let type = try from.elementType else {
            throw ResultsError.notCopied(name: path, reason: "its elements are neither numbers nor characters")
        }
        let isCut = try hasRows(path, from, in: source)
        let count = try from.count
        try copyRows(isCut ? rowCount : count, from, type, name, to: parent)
    }

    private func copyRows(
        _ rows: Int, _ from: borrowing Dataset, _ type: ElementType, _ name: String, to parent: borrowing Group
    ) throws {
        let bytesPerRow = from.trailing.reduce(type.size, *)
        var chunk = try from.chunk
        if form == .archive, let plain = chunk { chunk = archiveChunk(plain, rows, bytesPerRow) }
        let creation = try PropertyList.datasetCreation(chunk: chunk)
        try creation.setFill(try from.fill(type))
        if form == .archive, chunk != nil { try creation.setCompression(level: Self.compressionLevel) }
        let space = try Dataspace([rows] + from.trailing, growing: try from.isGrowing)
        let to = try Dataset(creating: name, in: parent, try Datatype(type), space, creation)
        if let scale = try from.scaleName { try to.makeScale(scale) }
        try copyAttributes(of: from, to: to)
        // The scale of a dimension without a variable holds nothing.
        if try from.scaleName.map({ $0.hasPrefix(Schema.bareDimensionPrefix) }) ?? false, try from.isGrowing { return }
        let step = slabRows(bytesPerRow, chunk?[0] ?? rows)
        for first in stride(from: 0, to: rows, by: step) {
            let slab = first..<min(first + step, rows)
            let bytes = try from.readBytes(of: type, rows: slab)
            try to.write(bytes.span.bytes, of: type, rows: slab)
        }
    }

    /// Returns whether the first dimension of `dataset` is `point`.
    private func hasRows(
        _ path: String, _ dataset: borrowing Dataset, in source: borrowing OpenedForReading
    ) throws -> Bool {
        let point = Schema.RootName.point.path
        if path == point { return true }
        // A scale has no scales, and asking the library for them is an error.
        guard try dataset.isGrowing, try !dataset.isScale else { return false }
        return try dataset.isAttached(try Dataset(opening: point, in: source.file), to: 0)
    }

    /// Returns the number of rows in the whole chunks that fit in a slab, at least one.
    private func slabRows(_ bytesPerRow: Int, _ chunkRows: Int) -> Int {
        max(1, Self.slabBytes / max(bytesPerRow * chunkRows, 1)) * max(chunkRows, 1)
    }

    private func archiveChunk(_ chunk: [Int], _ rows: Int, _ bytesPerRow: Int) -> [Int] {
        let wanted = max(chunk[0], Self.chunkBytes / max(bytesPerRow, 1))
        return [max(1, min(wanted, max(rows, 1)))] + chunk.dropFirst()
    }

    // MARK: Dimensions

    private func attachScales(
        of datasets: [String], _ source: borrowing OpenedForReading, in file: borrowing File
    ) throws {
        var scales: [(path: String, length: Int)] = []
        for path in datasets {
            let dataset = try Dataset(opening: path, in: source.file)
            if try dataset.isScale { scales.append((path, try dataset.count)) }
        }
        for path in datasets {
            let from = try Dataset(opening: path, in: source.file)
            guard !from.isScalar, try !from.isScale else { continue }
            let to = try Dataset(opening: path, in: file)
            for (dimension, length) in try from.shape.enumerated() {
                // A live writer extends `point` last, so lengths differ only in the first dimension.
                for scale in scales where dimension == 0 || scale.length == length {
                    guard try from.isAttached(try Dataset(opening: scale.path, in: source.file), to: dimension)
                    else { continue }
                    try to.attach(try Dataset(opening: scale.path, in: file), to: dimension)
                }
            }
        }
    }

    // MARK: Rows

    /// Makes rows without a result of those that were evaluated again while they were copied, since old and new values
    /// may be mixed in them.
    ///
    /// - Returns: the number of rows without a result.
    private func settleRows(
        _ before: RowMarks, _ source: borrowing OpenedForReading, in file: borrowing File
    ) throws -> Int {
        let after = try RowMarks(source, rowCount)
        var codes = before.codes
        for row in 0..<rowCount where codes[row] != after.codes[row] || before.attempts[row] != after.attempts[row] {
            codes[row] = Outcome.pending.rawValue
        }
        try Dataset(opening: Schema.RootName.status.path, in: file).write(codes)
        return codes.count { $0 == Outcome.pending.rawValue }
    }

    private func finish(
        _ file: borrowing File, _ sourcePath: String, _ invocation: Invocation, _ time: Double
    ) throws {
        if try file.attribute(.completion) == nil {
            let codes: [Int8] = try Dataset(opening: Schema.RootName.status.path, in: file).read()
            try file.setClosingAttributes(.partial, outcomes: codes, lostWorkers: nil, at: time)
        }
        let event = form == .archive ? "compressed for keeping" : "copied"
        try file.addToHistory(
            invocation.line(at: time, "\(invocation.commandLine) (\(event), \(rowCount) rows)"))
        try file.flush()
        try file.synchronize()
    }
}

/// What changes in a row that is evaluated again.
private struct RowMarks {
    let codes: [Int8]
    let attempts: [Int8]

    init(_ source: borrowing OpenedForReading, _ rowCount: Int) throws {
        codes = try source.dataset(Schema.RootName.status.path).read(rows: 0..<rowCount)
        attempts = try source.dataset(RunColumn.attempt.path).read(rows: 0..<rowCount)
    }
}
