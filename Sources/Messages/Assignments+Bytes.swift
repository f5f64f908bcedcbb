import Atmospheres
import Exploration

// The bytes of assignments: number of rows, rows, and for each row a flag and the parent's solution if any row has one.

extension ByteWriter {
    @inline(__always)
    mutating func put(_ assignments: borrowing Assignments) {
        put(UInt32(assignments.count))
        put(column: assignments.rows)
        put(UInt8(assignments.parents.isEmpty ? 0 : 1))
        if !assignments.parents.isEmpty { put(parents: assignments.parents) }
    }

    private mutating func put(parents: [Assignments.ParentSolution?]) {
        for parent in parents {
            put(UInt8(parent == nil ? 0 : 1))
            guard let parent else { continue }
            put(parent.position.key)
            put(UInt32(parent.solution.count))
            put(column: parent.solution)
        }
    }
}

extension ByteReader {
    /// Takes assignments and appends them to `assignments`. If it throws, some rows may have been appended.
    @inline(__always)
    mutating func take(appendingTo assignments: inout Assignments, from bytes: RawSpan) throws(MessageError) {
        let rows = assignments.count
        let count = Int(try take(UInt32.self, from: bytes))
        try take(appendingTo: &assignments.rows, count: count, from: bytes)
        let hasParents = try take(UInt8.self, from: bytes) != 0
        if hasParents || !assignments.parents.isEmpty {
            try takeParents(
                appendingTo: &assignments.parents, after: rows, count: count, areThere: hasParents, from: bytes)
        }
    }

    private mutating func takeParents(
        appendingTo parents: inout [Assignments.ParentSolution?], after rows: Int, count: Int, areThere: Bool,
        from bytes: RawSpan
    ) throws(MessageError) {
        if parents.isEmpty { parents = Array(repeating: nil, count: rows) }
        guard areThere else { return parents.append(contentsOf: repeatElement(nil, count: count)) }
        for _ in 0..<count {
            guard try take(UInt8.self, from: bytes) != 0 else {
                parents.append(nil)
                continue
            }
            let position = Position(key: try take(UInt64.self, from: bytes))
            let length = Int(try take(UInt32.self, from: bytes))
            let solution = try take(column: UInt8.self, count: length, from: bytes)
            parents.append(.init(position: position, solution: solution))
        }
    }
}
