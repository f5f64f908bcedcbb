/// Rows of the results file that are to be filled: those that were left without a result, then new ones.
package struct FileRows: Sendable {
    /// Rows so far, those without a result included.
    package private(set) var count: Int
    private var empty: [Int]

    package init(count: Int = 0, empty: [Int] = []) {
        self.count = count
        self.empty = empty
    }

    var next: Int { empty.last ?? count }

    mutating func takeNext() {
        if empty.popLast() == nil { count += 1 }
    }
}
