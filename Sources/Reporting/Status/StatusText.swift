internal import Foundation
internal import Results

extension Status {
    /// The status as text for people, one fact per line.
    public var lines: [String] {
        var lines = ["experiment  \(experiment)"]
        if let model = source.components(separatedBy: "; model ").dropFirst().last {
            lines.append("model       \(model)")
        }
        lines.append("file        \(file), \(bytes.byteSizeText): \(stateText)")
        lines.append("points      \(points): " + outcomesText)
        for outcome in outcomes {
            guard let reasons = outcome.reasons, !reasons.isEmpty else { continue }
            let words = reasons.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            lines.append("            \(outcome.name): \(words)")
        }
        if let search { lines.append("search      \(search)" + (inferredText.map { ": \($0)" } ?? "")) }
        if let frontier {
            lines.append("frontier    \(frontier) points opened and not settled")
        } else if search == nil {
            lines.append("frontier    unknown")
        }
        if let range = surfaceTemperature {
            lines.append("surface     \(range[0].fixed(2)) K to \(range[1].fixed(2)) K where stable")
        }
        if points > 0 {
            let when = state == .running ? "in the last" : "in its last"
            lines.append(
                "rate        \(activity.rate.significant(3)) points/s \(when) \(activity.window.durationText)")
        }
        lines += workerLines
        if let seconds = secondsSinceLastCommit {
            lines.append("last commit \(seconds.durationText) ago")
        }
        for (number, point) in lastPoints.enumerated() {
            lines.append((number == 0 ? "last points " : "            ") + describe(point))
        }
        return lines
    }

    private var stateText: String {
        switch state {
        case .running: "being written by \(writer ?? "a job")"
        case .interrupted: "interrupted: the job that wrote it did not close it; run the same command again to resume"
        case .complete: "complete"
        case .partial: "closed with points left to evaluate; run the same command again to resume"
        }
    }

    private var inferredText: String? {
        guard let inferred, let open else { return nil }
        return "\(inferred) points inferred, \(open) open"
    }

    private var outcomesText: String {
        let words = outcomes.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }
        return words.isEmpty ? "none yet" : words.joined(separator: ", ")
    }

    private var workerLines: [String] {
        var words = ["\(activity.workers)"]
        if state == .running { words = ["\(activity.activeWorkers) of \(activity.workers) active"] }
        if let share = activity.busyShare { words.append("busy \((share * 100).fixed(0)) % of the time") }
        if let lost = activity.lostWorkers { words.append(lost == 0 ? "none lost" : "\(lost) lost") }
        var lines = ["workers     " + words.joined(separator: ", ")]
        guard state == .running || state == .interrupted else { return lines }
        for worker in activity.silentWorkers.prefix(5) {
            let silence = worker.silentFor.map { "silent for \($0.durationText)" } ?? "no result yet"
            lines.append("            rank \(worker.rank) on \(worker.host): \(silence)")
        }
        let more = activity.silentWorkers.count - 5
        if more > 0 { lines.append("            and \(more) more") }
        return lines
    }

    private func describe(_ point: Point) -> String {
        let gases = point.composition.map { "\($0.gas) \($0.mixingRatio.brief)" }.joined(separator: ", ")
        let reason = point.reason == "none" ? "" : " (\(point.reason))"
        let surface = point.surfaceTemperature.map { ", \($0.fixed(2)) K" } ?? ""
        let age = max(0, lookedAt - point.finishedAt).durationText
        return "#\(point.row) \(gases): \(point.outcome)\(reason)\(surface), \(age) ago, rank \(point.worker)"
    }

    /// The status as a JSON object for programs, with names in snake case and times in seconds since
    /// 1970-01-01T00:00:00Z.
    public var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
