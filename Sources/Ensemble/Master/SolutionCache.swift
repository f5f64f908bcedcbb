import DequeModule

/// The most recently recorded solutions, by row, so that the children of a point that has just come in need not wait for
/// the disk.
struct SolutionCache {
    /// Bytes kept at most: some thousand solutions of a photochemical model.
    private static let limit = 256 << 20

    private var solutions: [Int: [UInt8]] = [:]
    /// Rows, oldest first.
    private var rows: Deque<Int> = []
    private(set) var byteCount = 0

    mutating func keep(_ solution: [UInt8], ofRow row: Int) {
        if let old = solutions.updateValue(solution, forKey: row) {
            byteCount -= old.count
        } else {
            rows.append(row)
        }
        byteCount += solution.count
        while byteCount > Self.limit, rows.count > 1, let oldest = rows.popFirst() {
            byteCount -= solutions.removeValue(forKey: oldest)?.count ?? 0
        }
    }

    /// Returns the solution of `row`: from memory, or else read by `read` and kept.
    mutating func solution(ofRow row: Int, read: () throws -> [UInt8]) throws -> [UInt8] {
        if let solution = solutions[row] { return solution }
        let solution = try read()
        keep(solution, ofRow: row)
        return solution
    }
}
