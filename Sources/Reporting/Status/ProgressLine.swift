public import Atmospheres

/// Where a running job stands, in one line.
public struct ProgressLine: CustomStringConvertible, Sendable {
    /// Settled points by outcome.
    public var settled: [(outcome: Outcome, count: Int)]
    /// Points opened and not asked.
    public var open: Int
    /// Points with a worker.
    public var pending: Int
    public var busyWorkers: Int
    public var readyWorkers: Int
    /// Points settled a second since the last line.
    public var rate: Double
    /// The worker that has said most of a slow point, and what it said.
    public var underWay: (rank: Int, progress: Progress)?

    public init(
        settled: [(outcome: Outcome, count: Int)], open: Int, pending: Int, busyWorkers: Int, readyWorkers: Int,
        rate: Double, underWay: (rank: Int, progress: Progress)? = nil
    ) {
        self.underWay = underWay
        self.settled = settled
        self.open = open
        self.pending = pending
        self.busyWorkers = busyWorkers
        self.readyWorkers = readyWorkers
        self.rate = rate
    }

    public var description: String {
        let total = settled.reduce(0) { $0 + $1.count }
        return "\(total) points (\(settled.inWords)), \(open) open, \(pending) under way; "
            + "\(busyWorkers) of \(readyWorkers) workers busy; \(rate.significant(3)) points/s"
            + (underWay.map { "; rank \($0.rank) at " + Self.words($0.progress) } ?? "")
    }
}

extension ProgressLine {
    /// "step 240, 1.2e+09 s".
    private static func words(_ progress: Progress) -> String {
        guard progress.modelTime.isFinite else { return "step \(progress.step)" }
        return "step \(progress.step), model time \(progress.modelTime) s"
    }
}

extension [(outcome: Outcome, count: Int)] {
    /// "812 stable, 44 unstable": what there is, in the order of the outcomes' codes.
    var inWords: String {
        let words = filter { $0.count > 0 }.map { "\($0.count) \($0.outcome.name)" }
        return words.isEmpty ? "none yet" : words.joined(separator: ", ")
    }
}

extension Double {
    /// The number with so many significant digits, without an exponent where that is readable.
    func significant(_ digits: Int) -> String {
        guard isFinite, self != 0 else { return isFinite ? "0" : "\(self)" }
        var scale = 1.0
        var magnitude = abs(self)
        while magnitude >= 10 {
            magnitude /= 10
            scale *= 10
        }
        while magnitude < 1 {
            magnitude *= 10
            scale /= 10
        }
        let unit = (0..<digits - 1).reduce(scale) { unit, _ in unit / 10 }
        let rounded = (self / unit).rounded() * unit
        if unit >= 1 { return "\(Int64(rounded))" }
        let decimals = (0..<16).first { unit * (0..<$0).reduce(1.0) { power, _ in power * 10 } >= 0.999 } ?? 16
        return rounded.fixed(decimals)
    }

    /// The number with so many decimals.
    func fixed(_ decimals: Int) -> String {
        let power = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let scaled = (abs(self) * power).rounded()
        guard scaled < 9e15 else { return "\(self)" }
        let digits = String(Int64(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = self < 0 && scaled > 0 ? "-" : ""
        return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }
}
