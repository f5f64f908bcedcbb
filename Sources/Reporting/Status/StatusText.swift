internal import Foundation
internal import Results

extension Status {
    /// The status for people, one fact a line.
    public var lines: [String] {
        var lines = ["experiment  \(experiment)"]
        if let model = source.components(separatedBy: "; model ").dropFirst().last {
            lines.append("model       \(model)")
        }
        lines.append("file        \(file), \(Self.size(bytes)): \(stateInWords)")
        lines.append("points      \(points): " + outcomesInWords)
        for outcome in outcomes {
            guard let reasons = outcome.reasons, !reasons.isEmpty else { continue }
            let words = reasons.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
            lines.append("            \(outcome.name): \(words)")
        }
        if let search { lines.append("search      \(search)" + (inferredInWords.map { ": \($0)" } ?? "")) }
        if let frontier {
            lines.append("frontier    \(frontier) points opened and not settled")
        } else if search == nil {
            lines.append("frontier    not known")
        }
        if let range = surfaceTemperature {
            lines.append("surface     \(range[0].fixed(2)) K to \(range[1].fixed(2)) K where stable")
        }
        if points > 0 {
            let when = state == .running ? "in the last" : "in its last"
            lines.append(
                "rate        \(activity.rate.significant(3)) points/s \(when) \(Self.duration(activity.window))")
        }
        lines += workerLines
        if let seconds = secondsSinceLastCommit {
            lines.append("last commit \(Self.duration(seconds)) ago")
        }
        for (number, point) in lastPoints.enumerated() {
            lines.append((number == 0 ? "last points " : "            ") + describe(point))
        }
        return lines
    }

    private var stateInWords: String {
        switch state {
        case .running: "being written by \(writer ?? "a job")"
        case .interrupted: "interrupted, its writer ended without closing it; launch the same command to go on"
        case .complete: "complete"
        case .partial: "closed in order with work left; launch the same command to go on"
        }
    }

    private var inferredInWords: String? {
        guard let inferred, let open else { return nil }
        return "\(inferred) points inferred, \(open) open"
    }

    private var outcomesInWords: String {
        let words = outcomes.filter { $0.count > 0 }.map { "\($0.count) \($0.name)" }
        return words.isEmpty ? "none yet" : words.joined(separator: ", ")
    }

    private var workerLines: [String] {
        var words = ["\(activity.workers)"]
        if state == .running { words = ["\(activity.activeWorkers) of \(activity.workers) active"] }
        if let share = activity.busyShare { words.append("busy \((share * 100).fixed(0)) % of that time") }
        if let lost = activity.lostWorkers { words.append(lost == 0 ? "none lost" : "\(lost) lost") }
        var lines = ["workers     " + words.joined(separator: ", ")]
        guard state == .running || state == .interrupted else { return lines }
        for worker in activity.silentWorkers.prefix(5) {
            let silence = worker.silentFor.map { "silent for \(Self.duration($0))" } ?? "no result yet"
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
        let age = Self.duration(max(0, lookedAt - point.finishedAt))
        return "#\(point.row) \(gases): \(point.outcome)\(reason)\(surface), \(age) ago, rank \(point.worker)"
    }

    /// "3.2 MB".
    static func size(_ bytes: Int) -> String {
        let units = ["bytes", "kB", "MB", "GB", "TB"]
        var (value, unit) = (Double(bytes), 0)
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(bytes) bytes" : "\(value.fixed(1)) \(units[unit])"
    }

    /// "12 s", "5 min", "3 h".
    static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<10: "\(seconds.significant(2)) s"
        case ..<100: "\(seconds.fixed(0)) s"
        case ..<6000: "\((seconds / 60).fixed(0)) min"
        case ..<172_800: "\((seconds / 3600).fixed(0)) h"
        default: "\((seconds / 86400).fixed(0)) days"
        }
    }

    /// The status for programs: JSON, names in snake case, times in seconds since 1970-01-01T00:00:00Z.
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

extension Double {
    /// A mixing ratio for people: six significant digits, an exponent where there would be many zeros.
    var brief: String {
        self == 0 ? "0" : String(format: "%.6g", self)
    }

    /// A number for the side of a small picture: three significant digits.
    var short: String {
        self == 0 ? "0" : String(format: "%.3g", self)
    }
}
