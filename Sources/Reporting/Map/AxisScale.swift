internal import Foundation

/// The scale of a map's axis: where its values and ticks are drawn. Offsets go from 0 to 1 along the axis.
struct AxisScale: Sendable {
    /// How values become offsets.
    enum Transform: String, Sendable, CaseIterable {
        case log, linear
    }

    /// A tick of an axis or of a colour scale.
    struct Tick: Sendable, Equatable {
        /// Its offset, 0...1.
        var offset: Double
        /// `nil` for a minor tick.
        var label: String?
    }

    /// How values become offsets.
    let transform: Transform
    /// The offset of each value, ascending.
    let offsets: [Double]
    /// The boundaries of the cells around the values, one more than there are values.
    let edges: [Double]
    /// The share of a logarithmic axis that is set aside for the value 0, before the logarithmic part; 0 when the axis
    /// has no such value.
    let zeroShare: Double
    private let lower: Double
    private let upper: Double

    /// The `zeroShare` of axes with the value 0.
    private static let widthOfZero = 0.07

    /// Creates the scale for an axis.
    ///
    /// - Parameters:
    ///   - values: ascending, not negative.
    ///   - wanted: the transform; `nil` chooses the one that spaces the values more evenly.
    init(_ values: [Double], _ wanted: Transform? = nil) {
        let positive = values.filter { $0 > 0 }
        let transform: Transform = positive.isEmpty ? .linear : wanted ?? Self.evenTransform(positive)
        let hasZero = transform == .log && positive.count < values.count
        let share = hasZero ? Self.widthOfZero : 0
        let scaled = (transform == .log ? positive : values).map { transform == .log ? log10($0) : $0 }
        // Leave half a step at both ends, so that the outer cells are as wide as their neighbours.
        let step = scaled.count > 1 ? (scaled[1] - scaled[0]) : 0
        let lastStep = scaled.count > 1 ? (scaled[scaled.count - 1] - scaled[scaled.count - 2]) : 0
        let room = scaled.count > 1 ? (step / 2, lastStep / 2) : (transform == .log ? (0.1, 0.1) : (0.5, 0.5))
        let (lower, upper) = (scaled[0] - room.0, scaled[scaled.count - 1] + room.1)
        let offsets = scaled.map { share + (1 - share) * ($0 - lower) / (upper - lower) }
        var edges = [share]
        for (a, b) in zip(offsets, offsets.dropFirst()) { edges.append((a + b) / 2) }
        edges.append(1)
        self.transform = transform
        self.lower = lower
        self.upper = upper
        zeroShare = share
        self.offsets = hasZero ? [share * 0.4] + offsets : offsets
        self.edges = hasZero ? [0] + edges : edges
    }

    /// Chooses the transform that spaces the values more evenly: logarithmic only when they span at least a decade.
    private static func evenTransform(_ values: [Double]) -> Transform {
        guard let first = values.first, let last = values.last, last / first >= 10 else { return .linear }
        /// The ratio of large steps to small ones: the 90th to the 10th percentile.
        func spread(_ values: [Double]) -> Double {
            let steps = zip(values, values.dropFirst()).map { $1 - $0 }.sorted()
            return steps[steps.count * 9 / 10] / steps[steps.count / 10]
        }
        guard values.count > 3 else { return .log }
        return spread(values) < spread(values.map { log10($0) }) ? .linear : .log
    }

    /// The upper boundary of the cell around value `index`. The cell of 0 ends before the gap in the axis.
    func end(ofCell index: Int) -> Double {
        zeroShare > 0 && index == 0 ? zeroShare * 0.8 : edges[index + 1]
    }

    /// The smallest distance between the offsets of adjacent values.
    var leastStep: Double { zip(offsets, offsets.dropFirst()).map { $1 - $0 }.min() ?? 1 }

    /// Returns the offset of a value; `nil` when it is outside the axis.
    func offset(of value: Double) -> Double? {
        if transform == .log, value == 0, zeroShare > 0 { return offsets[0] }
        guard transform == .linear || value > 0 else { return nil }
        let share = ((transform == .log ? log10(value) : value) - lower) / (upper - lower)
        guard share >= -1e-9, share <= 1 + 1e-9 else { return nil }
        return zeroShare + (1 - zeroShare) * min(max(share, 0), 1)
    }

    /// Returns ticks with about `most` labels at most.
    func ticks(most: Int) -> [Tick] {
        var ticks =
            transform == .log
            ? logTicks(most)
            : Self.linear(lower...upper, most).map { value, label in
                Tick(offset: offset(of: value) ?? 0, label: label)
            }
        if zeroShare > 0 { ticks.insert(Tick(offset: offsets[0], label: "0"), at: 0) }
        return ticks
    }

    private func logTicks(_ most: Int) -> [Tick] {
        let decades = Int(lower.rounded(.up))...max(Int(lower.rounded(.up)), Int(upper.rounded(.down)))
        let whole = decades.filter { Double($0) >= lower - 1e-9 && Double($0) <= upper + 1e-9 }
        let every = max(1, Int((Double(whole.count) / Double(max(most, 1))).rounded(.up)))
        // With few decades, values between the powers of ten need labels too.
        let labelled: Set<Int> = whole.count >= 3 ? [1] : upper - lower > 1.2 ? [1, 3] : [1, 2, 5]
        var ticks: [Tick] = []
        for decade in Int(lower.rounded(.down))...Int(upper.rounded(.up)) {
            for digit in 1...9 {
                guard let offset = offset(of: Double(digit) * pow(10, Double(decade))) else { continue }
                if digit > 1, every > 1 { continue }
                let hasLabel = labelled.contains(digit) && decade.quotientAndRemainder(dividingBy: every).remainder == 0
                let label = digit == 1 ? "10" + "\(decade)".superscript : "\(digit)·10" + "\(decade)".superscript
                ticks.append(Tick(offset: offset, label: hasLabel ? label : nil))
            }
        }
        return ticks
    }

    /// Returns about `most` round numbers in a range, with their labels.
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
