/// Copies of the scratch folders of points that failed, for a person to look into.
public struct KeptScratch: Sendable {
    /// The folder in which the copies are made.
    public let folder: String

    /// The most copies that each worker makes.
    public let limit: Int

    /// Whether the folders of points that succeeded are kept too.
    public let keepsAll: Bool

    private var count = 0
    /// How often each position has been kept by this worker.
    private var copies: [[Int]: Int] = [:]

    /// Copies in `folder`, at most `limit` of each worker.
    public init(folder: String, limit: Int = 10, keepsAll: Bool = false) {
        self.folder = folder
        self.limit = limit
        self.keepsAll = keepsAll
    }

    /// Copies the scratch folder of a point that failed or did not converge, and says so in the point's log.
    ///
    /// The copy is named by the point's position, such as `point-3-17`; later copies of the same point are
    /// `point-3-17.2` and so on.
    ///
    /// - Parameters:
    ///   - inquiry: the point.
    ///   - evaluation: what became of it; receives the note in its log.
    ///   - copy: copies the scratch folder to the path that it is given.
    public mutating func keep<E: Error>(
        _ inquiry: borrowing Inquiry, _ evaluation: inout Evaluation, copy: (String) throws(E) -> Void
    ) {
        let isWanted = keepsAll || evaluation.outcome == .failed || evaluation.outcome == .notConverged
        guard isWanted, count < limit else { return }
        let number = copies[inquiry.indices, default: 0] + 1
        let name = "point-" + inquiry.indices.map(String.init).joined(separator: "-")
        let path = "\(folder)/\(name)" + (number == 1 ? "" : ".\(number)")
        let separator = evaluation.log.isEmpty ? "" : "\n"
        do throws(E) {
            try copy(path)
            count += 1
            copies[inquiry.indices] = number
            evaluation.log += Array("\(separator)kept as \(path)".utf8)
        } catch {
            evaluation.log += Array("\(separator)\(error)".utf8)
        }
    }
}
