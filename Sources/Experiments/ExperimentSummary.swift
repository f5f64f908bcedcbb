import Atmospheres
import Exploration

extension Experiment {
    /// The experiment as it was understood, defaults included, one fact a line: for people to check before a long run.
    public var summaryLines: [String] { summary(of: model.entries.map { "\($0.key) \($0.value)" }) }

    /// The same, with the meaning of every setting of the model.
    public var explainedSummaryLines: [String] { summary(of: model.explanations) }

    private func summary(of modelSettings: [String]) -> [String] {
        var lines: [(String, String)] = [("title", title), ("file", "\(file), sha256 \(sha256.prefix(16))")]
        let origin = lattice.composition(of: lattice.origin)
        let roles = lattice.axes.map { _ in "" } + lattice.held.map { _ in " (held)" } + [" (filler)"]
        lines.append(
            (
                "origin",
                zip(origin.gases, zip(origin.mixingRatios, roles))
                    .map { "\($0) \($0 == lattice.filler ? $1.0.rounded(toPlaces: 10) : $1.0)\($1.1)" }
                    .joined(separator: ", ")
            ))
        for (axis, rule) in zip(lattice.axes, axisRules) {
            lines.append(
                (
                    "axis \(axis.gas)",
                    "\(axis.count) values, \(axis.values[0]) ... \(axis.values[axis.count - 1]), "
                        + "the origin is value \(axis.origin + 1); \(rule)"
                ))
        }
        let counts = lattice.axes.map { "\($0.count)" }.joined(separator: " x ")
        lines.append(("lattice", lattice.dimensions == 1 ? "\(counts) points" : "\(counts) = \(lattice.count) points"))
        lines.append(("search", search.description))
        lines.append(("neighbours", "\(neighbourhood.shape.rawValue), reach \(neighbourhood.reach)"))
        lines.append(("attempts", "\(attempts) a point"))
        lines.append(("order", order.rawValue))
        lines.append(("model", model.name))
        lines += modelSettings.map { ("", $0) }
        lines += limits.map {
            ("limit", "\($0.quantity) \($0.range)" + ($0.location == nil ? " (the model's default)" : ""))
        }
        if limits.isEmpty { lines.append(("limit", "none")) }
        let conditions = stop.list.isEmpty ? "" : ", or at \(stop.list.joined(separator: ", "))"
        lines.append(("stop", "when the frontier is exhausted\(conditions)"))
        lines.append(("store", "profiles: \(profiles)"))
        let width = lines.map(\.0.count).max() ?? 0
        return lines.map { $0 + String(repeating: " ", count: width + 2 - $0.count) + $1 }
    }
}

extension Double {
    /// Returns the nearest number with `places` decimals: the last digits of the filler, a difference, mean nothing.
    fileprivate func rounded(toPlaces places: Int) -> Double {
        let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
