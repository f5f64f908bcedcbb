extension Comparison {
    /// Returns the comparison as text for people, one fact per line.
    ///
    /// - Parameter most: how many points to name that only one file has.
    /// - Returns: the lines, the verdict last.
    public func lines(most: Int = 3) -> [String] {
        var lines = ["points      \(pointsInA) and \(pointsInB), \(common) in both"]
        for (name, points) in [("only in A", onlyInA), ("only in B", onlyInB)] where !points.isEmpty {
            lines.append("\(name)   \(points.count): " + points.prefix(most).map(\.composition).joined(separator: "; "))
            if points.count > most { lines[lines.count - 1] += "; ..." }
        }
        if changes.isEmpty { lines.append("outcomes    identical") }
        for (number, change) in changes.enumerated() {
            lines.append(
                (number == 0 ? "outcomes    " : "            ")
                    + "\(change.count) \(change.from) -> \(change.to), first at \(Self.text(change.first))")
        }
        for name in missing { lines.append("not in both \(name)") }
        let different = deviations.filter { $0.differing > 0 || $0.greatest > 0 }
        for (number, deviation) in different.enumerated() {
            lines.append((number == 0 ? "quantities  " : "            ") + Self.text(deviation))
            if let worst = deviation.worst { lines.append("              largest at \(Self.text(worst))") }
        }
        let same = deviations.count - different.count
        if same > 0 {
            lines.append(
                (different.isEmpty ? "quantities  " : "            ")
                    + "\(same) bitwise identical"
                    + (different.isEmpty
                        ? ""
                        : ": "
                            + deviations.filter { $0.differing == 0 && $0.greatest == 0 }
                            .map(\.name).joined(separator: ", ")))
        }
        lines.append("verdict     " + (isEqual ? "equal" : "different"))
        return lines
    }

    private static func text(_ deviation: Deviation) -> String {
        let unit = deviation.unit.isEmpty || deviation.unit == "1" ? "" : " \(deviation.unit)"
        let sided = deviation.onesided > 0 ? ", \(deviation.onesided) of them without a value in one file" : ""
        return "\(deviation.name): \(deviation.differing) of \(deviation.compared) points differ\(sided); largest "
            + "\(deviation.greatest.brief)\(unit), mean \(deviation.mean.brief)\(unit), "
            + "rms \(deviation.rootMeanSquare.brief)\(unit)"
    }

    private static func text(_ point: PointReference) -> String {
        "\(point.composition) (rows \(point.rowInA) and \(point.rowInB))"
    }
}
