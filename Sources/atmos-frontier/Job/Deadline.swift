internal import ArgumentParser
internal import Experiments
internal import Foundation

/// A point in time, or a time from now, as people and batch systems write them.
struct Deadline: ExpressibleByArgument, Equatable {
    /// Seconds from the moment at which the text was read.
    let seconds: Double

    /// Reads `90` (seconds), `30s`, `45min`, `12h`, `2d`, `1-12:30:00` and `12:30:00` (squeue %L), and
    /// `2026-11-23T21:00:00` (squeue %e: local time) or with `Z`.
    init?(argument: String) { self.init(argument, now: Date()) }

    init?(_ text: String, now: Date) {
        guard let seconds = Self.duration(text) ?? Self.clock(text) ?? Self.moment(text)?.timeIntervalSince(now),
            seconds.isFinite
        else { return nil }
        self.seconds = seconds
    }

    /// A duration as in experiment files, or in the other ways in which people write units on a command line.
    private static func duration(_ text: String) -> Double? {
        PhysicalDimension.duration.value(of: text, aliases: ["": "s", "m": "min", "seconds": "s"])
            .flatMap { $0 >= 0 ? $0 : nil }
    }

    /// [DAYS-][HOURS:]MINUTES:SECONDS
    private static func clock(_ text: String) -> Double? {
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        guard halves.count <= 2, let last = halves.last else { return nil }
        let parts = last.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
        let days = halves.count == 2 ? UInt32(halves[0]) : 0
        guard (2...3).contains(parts.count), let days, !parts.contains(nil) else { return nil }
        return Double(days) * 86400 + parts.reduce(0) { $0 * 60 + Double($1 ?? 0) }
    }

    private static func moment(_ text: String) -> Date? {
        if let date = try? Date(text, strategy: .iso8601) { return date }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.dateFormat = "yyyy-MM-dd'T'HH:mm:ss"
        return format.date(from: text)
    }
}
