/// Hands out rows of the results file: first those that an earlier run left without a result, then new ones.
struct RowNumbers: Sendable {
    /// Rows so far, those without a result included.
    private(set) var count: Int
    private var empty: [Int]

    /// Creates the numbers for a file.
    ///
    /// - Parameters:
    ///   - count: rows that the file has already.
    ///   - empty: those among them without a result.
    init(count: Int = 0, empty: [Int] = []) {
        self.count = count
        self.empty = empty
    }

    @inline(__always)
    mutating func next() -> Int {
        if let row = empty.popLast() { return row }
        defer { count += 1 }
        return count
    }
}
