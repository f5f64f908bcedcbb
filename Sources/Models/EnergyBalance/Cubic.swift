/// The polynomial c0 + c1 x + c2 x^2 + c3 x^3.
struct Cubic: Sendable, Equatable {
    var c0, c1, c2, c3: Double

    init(_ c0: Double, _ c1: Double, _ c2: Double, _ c3: Double) {
        (self.c0, self.c1, self.c2, self.c3) = (c0, c1, c2, c3)
    }

    func callAsFunction(_ x: Double) -> Double { c0 + x * (c1 + x * (c2 + x * c3)) }

    func slope(at x: Double) -> Double { c1 + x * (2 * c2 + x * 3 * c3) }

    static func - (a: Cubic, b: Cubic) -> Cubic { Cubic(a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2, a.c3 - b.c3) }

    static func * (factor: Double, a: Cubic) -> Cubic {
        Cubic(factor * a.c0, factor * a.c1, factor * a.c2, factor * a.c3)
    }

    /// Calls `body` with every x in `range` at which the polynomial falls through zero as x rises, in ascending order.
    ///
    /// A cubic is monotone between its turning points, so each crossing is bracketed and none is missed. Bisection ends
    /// when the bracket is narrower than 1e-10.
    func forEachFall(in range: ClosedRange<Double>, _ body: (Double) -> Void) {
        // Turning points: 3 c3 x^2 + 2 c2 x + c1 = 0, by the form that does not cancel.
        var (first, second) = (range.upperBound, range.upperBound)
        let discriminant = c2 * c2 - 3 * c3 * c1
        if discriminant > 0 {
            let q = -(c2 + (c2 < 0 ? -1 : 1) * discriminant.squareRoot())
            let (a, b) = (q / (3 * c3), c1 / q)
            (first, second) = (min(a, b), max(a, b))
        }
        var low = range.lowerBound
        for end in [first, second, range.upperBound] where end > low {
            let high = min(end, range.upperBound)
            if self(low) > 0, self(high) <= 0 { body(zero(between: low, and: high)) }
            low = high
        }
    }

    /// Returns the zero between `low`, where the polynomial is positive, and `high`, where it is not.
    private func zero(between low: Double, and high: Double) -> Double {
        var (low, high) = (low, high)
        while high - low > 1e-10 {
            let middle = low + (high - low) / 2
            if self(middle) > 0 { low = middle } else { high = middle }
        }
        return high
    }
}
