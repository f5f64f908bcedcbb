internal import Atmospheres
import Children

/// Where scratch folders of points that failed are kept for a person to look into.
public struct KeptScratch: Sendable {
    public var folder: String
    /// Folders that each worker keeps at most.
    public var most: Int
    /// Whether those of points that succeeded are kept too.
    public var keepsAll: Bool
    private var count = 0

    public init(folder: String, most: Int = 10, keepsAll: Bool = false) {
        self.folder = folder
        self.most = most
        self.keepsAll = keepsAll
    }

    /// Keeps the folder of a point, where it is one to be kept, and says so in the log.
    ///
    /// - Parameter copy: copies the folder to the place that it is given.
    mutating func keep(
        _ point: UInt32, _ evaluation: inout Evaluation, copy: (String) throws(ChildError) -> Void
    ) {
        let isWanted = keepsAll || evaluation.outcome == .failed || evaluation.outcome == .notConverged
        guard isWanted, count < most else { return }
        let place = "\(folder)/point-\(point)"
        let separator = evaluation.log.isEmpty ? "" : "\n"
        do throws(ChildError) {
            try copy(place)
            count += 1
            evaluation.log += Array("\(separator)kept as \(place)".utf8)
        } catch {
            evaluation.log += Array("\(separator)\(error)".utf8)
        }
    }
}
