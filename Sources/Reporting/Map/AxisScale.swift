internal import Foundation

/// Where the values of an axis stand on a picture, and its ticks. Positions go from 0 to 1.
struct AxisScale: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case log, linear
    }

    struct Tick: Sendable, Equatable {
        var position: Double
        /// `nil` for a small tick.
        var label: String?
    }

    let kind: Kind
    /// Place of each value, ascending.
    let positions: [Double]
    /// Sides of the cell around each value: one more than there are values.
    let edges: [Double]
    /// Where a logarithmic axis begins after the place of 0; 0 when it has none.
    let zeroShare: Double
    private let lower: Double
    private let upper: Double

    /// Share of a logarithmic axis that the value 0 gets, apart from the rest.
    private static let placeOfZero = 0.07

    /// - Parameters:
    ///   - values: ascending, not negative.
    ///   - kind: `nil` for the one on which the steps are more even.
    init(_ values: [Double], kind wanted: Kind? = nil) {
        let positive = values.filter { $0 > 0 }
        let kind: Kind = positive.isEmpty ? .linear : wanted ?? Self.evenKind(positive)
        let hasZero = kind == .log && positive.count < values.count
        let share = hasZero ? Self.placeOfZero : 0
        let scaled = (kind == .log ? positive : values).map { kind == .log ? log10($0) : $0 }
        // Half a step of room at both ends: the outer cells are as wide as their neighbours.
        let step = scaled.count > 1 ? (scaled[1] - scaled[0]) : 0
        let lastStep = scaled.count > 1 ? (scaled[scaled.count - 1] - scaled[scaled.count - 2]) : 0
        let room = scaled.count > 1 ? (step / 2, lastStep / 2) : (kind == .log ? (0.1, 0.1) : (0.5, 0.5))
        let (lower, upper) = (scaled[0] - room.0, scaled[scaled.count - 1] + room.1)
        let places = scaled.map { share + (1 - share) * ($0 - lower) / (upper - lower) }
        var edges = [share]
        for (a, b) in zip(places, places.dropFirst()) { edges.append((a + b) / 2) }
        edges.append(1)
        self.kind = kind
        self.lower = lower
        self.upper = upper
        zeroShare = share
        positions = hasZero ? [share * 0.4] + places : places
        self.edges = hasZero ? [0] + edges : edges
    }

    /// Logarithmic where values span a decade, unless equal steps make the lower decades all but empty there.
    private static func evenKind(_ values: [Double]) -> Kind {
        guard let first = values.first, let last = values.last, last / first >= 10 else { return .linear }
        /// How many times the large steps are the small ones.
        func spread(_ values: [Double]) -> Double {
            let steps = zip(values, values.dropFirst()).map { $1 - $0 }.sorted()
            return steps[steps.count * 9 / 10] / steps[steps.count / 10]
        }
        guard values.count > 3 else { return .log }
        return spread(values) < spread(values.map { log10($0) }) ? .linear : .log
    }

    /// Far side of the cell around value `index`: that of 0 ends before the gap.
    func end(ofCell index: Int) -> Double {
        zeroShare > 0 && index == 0 ? zeroShare * 0.8 : edges[index + 1]
    }

    /// Smallest distance between neighbouring values.
    var leastStep: Double { zip(positions, positions.dropFirst()).map { $1 - $0 }.min() ?? 1 }

    /// Place of a value; `nil` outside.
    func position(of value: Double) -> Double? {
        if kind == .log, value == 0, zeroShare > 0 { return positions[0] }
        guard kind == .linear || value > 0 else { return nil }
        let place = ((kind == .log ? log10(value) : value) - lower) / (upper - lower)
        guard place >= -1e-9, place <= 1 + 1e-9 else { return nil }
        return zeroShare + (1 - zeroShare) * min(max(place, 0), 1)
    }

    /// Ticks with at most about `most` labels.
    func ticks(most: Int) -> [Tick] {
        var ticks =
            kind == .log
            ? logTicks(most)
            : Self.linear(lower...upper, most).map { value, label in
                Tick(position: position(of: value) ?? 0, label: label)
            }
        if zeroShare > 0 { ticks.insert(Tick(position: positions[0], label: "0"), at: 0) }
        return ticks
    }

    private func logTicks(_ most: Int) -> [Tick] {
        let decades = Int(lower.rounded(.up))...max(Int(lower.rounded(.up)), Int(upper.rounded(.down)))
        let whole = decades.filter { Double($0) >= lower - 1e-9 && Double($0) <= upper + 1e-9 }
        let every = max(1, Int((Double(whole.count) / Double(max(most, 1))).rounded(.up)))
        // With few decades the numbers between them are needed to read anything.
        let labelled: Set<Int> = whole.count >= 3 ? [1] : upper - lower > 1.2 ? [1, 3] : [1, 2, 5]
        var ticks: [Tick] = []
        for decade in Int(lower.rounded(.down))...Int(upper.rounded(.up)) {
            for digit in 1...9 {
                guard let place = position(of: Double(digit) * pow(10, Double(decade))) else { continue }
                if digit > 1, every > 1 { continue }
                let hasLabel = labelled.contains(digit) && decade.quotientAndRemainder(dividingBy: every).remainder == 0
                let label = digit == 1 ? "10" + "\(decade)".superscript : "\(digit)·10" + "\(decade)".superscript
                ticks.append(Tick(position: place, label: hasLabel ? label : nil))
            }
        }
        return ticks
    }

    /// Round numbers of a range with their labels, about `most` of them.
    static func linear(_ range: ClosedRange<Double>, _ most: Int) -> [(value: Double, label: String)] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite else { return [(range.lowerBound, range.lowerBound.brief.withPowers)] }
        let rough = span / Double(max(most, 2))
        let power = pow(10, log10(rough).rounded(.down))
        let step = ([1, 2, 5, 10].first { $0 * power >= rough * 0.7 } ?? 10) * power
        let decimals = max(0, Int(-log10(step * 1.0001).rounded(.down)))
        let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((range.upperBound / step + 1e-9).rounded(.down))
        guard first <= last else { return [] }
        return (first...last).map { number in
            let value = Double(number) * step
            let isPlain = decimals <= 5 && abs(value) < 1e6
            return (value, isPlain ? value.fixed(decimals) : value.brief.withPowers)
        }
    }
}
