import Atmospheres
public import Results

/// A summary of a results file, printed when a job ends.
public struct Summary: Sendable {
    /// The summary, one fact per line.
    public var lines: [String]

    /// Summarizes a results file.
    ///
    /// - Parameters:
    ///   - reader: the file.
    ///   - search: how the search ended; `nil` when there is nothing to add.
    ///   - evaluations: the number of evaluations in this launch; `nil` when nothing was launched.
    ///   - seconds: the duration of this launch.
    ///   - ranks: the number of ranks in this launch.
    /// - Throws: an error of reading the file.
    public init(
        of reader: borrowing ResultsReader, search: String? = nil, evaluations: Int?, seconds: Double, ranks: Int
    ) throws {
        let counts = reader.countsByOutcome()
        let settled = Outcome.allCases.map { (outcome: $0, count: counts[$0] ?? 0) }
        var lines = ["points    \(reader.rows.count): \(settled.countsText)"]
        for (outcome, reasons) in try reader.countsByReason().sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let words = reasons.filter { $0.key != Reason.none.name }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            guard !words.isEmpty else { continue }
            lines.append(
                "          \(outcome.name): " + words.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
        }
        if let range = try reader.stableSurfaceTemperatures() {
            lines.append(
                "surface   \(range.lowerBound.fixed(2)) K to \(range.upperBound.fixed(2)) K where stable")
        }
        if let search { lines.append("search    \(search)") }
        if let evaluations {
            lines.append(
                "launch    \(evaluations) evaluations on \(ranks) rank\(ranks == 1 ? "" : "s") in "
                    + "\(seconds.significant(3)) s: \((Double(evaluations) / max(seconds, 1e-9)).significant(3)) points/s"
            )
        }
        lines.append("file      \(reader.path)")
        lines.append("open it   python3 -c \"import xarray as xr; print(xr.open_dataset('\(reader.path)'))\"")
        self.lines = lines
    }
}
