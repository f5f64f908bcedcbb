import Atmospheres

// The bytes of evaluations: shape, number of rows, then one column after the other.

extension ByteWriter {
    @inline(__always)
    mutating func put(_ evaluations: borrowing Evaluations) {
        put(UInt32(evaluations.valueCount))
        put(UInt32(evaluations.profileLength))
        put(UInt32(evaluations.count))
        put(column: evaluations.rows)
        put(column: evaluations.values)
        put(column: evaluations.profiles)
        put(blobs: evaluations.solutions)
        put(blobs: evaluations.logs)
    }

    /// Puts a column of byte strings of any length, or a column without elements.
    @inline(__always)
    private mutating func put(blobs column: [[UInt8]]) {
        put(UInt8(column.isEmpty ? 0 : 1))
        if !column.isEmpty { put(allBlobs: column) }
    }

    private mutating func put(allBlobs column: [[UInt8]]) {
        put(column: column.map { UInt32($0.count) })
        for bytes in column { put(column: bytes) }
    }
}

extension ByteReader {
    /// Takes evaluations and appends them to `evaluations`, which keeps its rows if this throws.
    @inline(__always)
    mutating func take(appendingTo evaluations: inout Evaluations, from bytes: RawSpan) throws(MessageError) {
        let count = evaluations.count
        do throws(MessageError) {
            try takeRows(appendingTo: &evaluations, from: bytes)
            try end(of: bytes)
        } catch {
            evaluations.truncate(to: count)
            throw error
        }
    }

    /// Takes the shape and the rows. If it throws, some columns may have been appended to.
    @inline(__always)
    private mutating func takeRows(
        appendingTo evaluations: inout Evaluations, from bytes: RawSpan
    ) throws(MessageError) {
        let valueCount = Int(try take(UInt32.self, from: bytes))
        let profileLength = Int(try take(UInt32.self, from: bytes))
        guard valueCount == evaluations.valueCount, profileLength == evaluations.profileLength else {
            throw .otherShape
        }
        let count = Int(try take(UInt32.self, from: bytes))
        let (values, valuesOverflow) = count.multipliedReportingOverflow(by: valueCount)
        let (profiles, profilesOverflow) = count.multipliedReportingOverflow(by: profileLength)
        guard !valuesOverflow, !profilesOverflow else { throw .truncated }
        try checkOutcomes(count: count, from: bytes)
        let rows = evaluations.count
        try take(appendingTo: &evaluations.rows, count: count, from: bytes)
        try take(appendingTo: &evaluations.values, count: values, from: bytes)
        try take(appendingTo: &evaluations.profiles, count: profiles, from: bytes)
        try takeBlobs(appendingTo: &evaluations.solutions, after: rows, count: count, from: bytes)
        try takeBlobs(appendingTo: &evaluations.logs, after: rows, count: count, from: bytes)
    }

    /// Checks the outcomes of the rows that come next.
    ///
    /// - Throws: `unknownOutcome` if this version does not know one of them.
    @inline(__always)
    private func checkOutcomes(count: Int, from bytes: RawSpan) throws(MessageError) {
        _ = try size(of: Evaluations.Row.self, count: count, in: bytes)
        for row in 0..<count {
            let outcome = offset + row * MemoryLayout<Evaluations.Row>.stride + Evaluations.Row.outcomeOffset
            let code = bytes.unsafeLoad(fromByteOffset: outcome, as: Int8.self)
            guard Outcome(rawValue: code) != nil else { throw .unknownOutcome(code) }
        }
    }

    /// Takes a column of byte strings and appends it to that of `rows` rows.
    @inline(__always)
    private mutating func takeBlobs(
        appendingTo column: inout [[UInt8]], after rows: Int, count: Int, from bytes: RawSpan
    ) throws(MessageError) {
        let hasBlobs = try take(UInt8.self, from: bytes) != 0
        if hasBlobs || !column.isEmpty {
            try takeBlobs(appendingTo: &column, after: rows, count: count, areThere: hasBlobs, from: bytes)
        }
    }

    private mutating func takeBlobs(
        appendingTo column: inout [[UInt8]], after rows: Int, count: Int, areThere: Bool, from bytes: RawSpan
    ) throws(MessageError) {
        if column.isEmpty { column = Array(repeating: [], count: rows) }
        guard areThere else { return column.append(contentsOf: repeatElement([], count: count)) }
        for length in try take(column: UInt32.self, count: count, from: bytes) {
            column.append(try take(column: UInt8.self, count: Int(length), from: bytes))
        }
    }
}
