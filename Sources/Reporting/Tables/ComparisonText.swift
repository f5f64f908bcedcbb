extension Comparison {
    /// The comparison for people.
    ///
    /// - Parameter most: points to name of each kind.
    public func lines(most: Int = 3) -> [String] {
        var lines = ["points      \(pointsInA) and \(pointsInB), \(common) in both"]
        for (name, places) in [("only in A", onlyInA), ("only in B", onlyInB)] where !places.isEmpty {
            lines.append("\(name)   \(places.count): " + places.prefix(most).map(\.composition).joined(separator: "; "))
            if places.count > most { lines[lines.count - 1] += "; ..." }
        }
        if changes.isEmpty { lines.append("outcomes    the same") }
        for (number, change) in changes.enumerated() {
            lines.append(
                (number == 0 ? "outcomes    " : "            ")
                    + "\(change.count) \(change.from) -> \(change.to), first at \(Self.words(change.first))")
        }
        for name in missing { lines.append("not in both \(name)") }
        let different = deviations.filter { $0.differing > 0 || $0.greatest > 0 }
        for (number, deviation) in different.enumerated() {
            lines.append((number == 0 ? "quantities  " : "            ") + Self.words(deviation))
            if let worst = deviation.worst { lines.append("              most at \(Self.words(worst))") }
        }
        let same = deviations.count - different.count
        if same > 0 {
            lines.append(
                (different.isEmpty ? "quantities  " : "            ")
                    + "\(same) the same to the last bit"
                    + (different.isEmpty
                        ? ""
                        : ": "
                            + deviations.filter { $0.differing == 0 && $0.greatest == 0 }
                            .map(\.name).joined(separator: ", ")))
        }
        lines.append("verdict     " + (isEqual ? "equal" : "different"))
        return lines
    }

    private static func words(_ deviation: Deviation) -> String {
        let unit = deviation.unit.isEmpty || deviation.unit == "1" ? "" : " \(deviation.unit)"
        let sided = deviation.onesided > 0 ? ", \(deviation.onesided) of them without a value in one file" : ""
        return "\(deviation.name): \(deviation.differing) of \(deviation.compared) points differ\(sided); greatest "
            + "\(deviation.greatest.brief)\(unit), mean \(deviation.mean.brief)\(unit), "
            + "rms \(deviation.rootMeanSquare.brief)\(unit)"
    }

    private static func words(_ place: Place) -> String {
        "\(place.composition) (rows \(place.rowInA) and \(place.rowInB))"
    }
}
