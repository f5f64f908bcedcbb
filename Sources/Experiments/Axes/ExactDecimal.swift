/// A decimal number as it was written: significand x 10^exponent, without rounding.
///
/// The values of an axis are computed in whole multiples of such numbers, so that three steps of 0.01 are 0.03, the
/// `Double` nearest to the decimal, and not 0.030000000000000002: the same on every rank, whatever its processor.
struct ExactDecimal: Sendable, Equatable {
    let significand: Int128
    let exponent: Int

    /// The longest significand that is read: far more digits than a `Double` keeps, and sums stay within `Int128`.
    static let maximumDigits = 30

    static let zero = ExactDecimal(significand: 0, exponent: 0)

    init(significand: Int128, exponent: Int) {
        self.significand = significand
        self.exponent = exponent
    }

    /// Reads a number at the start of `text`, as in "1.63e-6 bar".
    ///
    /// - Returns: the number and what follows it; `nil` when `text` does not start with a decimal number of at most
    ///   30 significant digits.
    static func prefix(of text: Substring) -> (number: ExactDecimal, rest: Substring)? {
        var rest = text
        let negative = rest.first == "-"
        if negative || rest.first == "+" { rest.removeFirst() }
        var significand: Int128 = 0
        var exponent = 0
        var digits = 0
        var seen = false
        func isDigit(_ character: Character?) -> Bool { character.map { $0.isASCII && $0.isNumber } ?? false }
        func takeDigits(fraction: Bool) -> Bool {
            while isDigit(rest.first) {
                let digit = Int128(rest.removeFirst().wholeNumberValue ?? 0)
                seen = true
                if digits > 0 || digit > 0 { digits += 1 }
                guard digits <= maximumDigits else { return false }
                significand = significand * 10 + digit
                if fraction { exponent -= 1 }
            }
            return true
        }
        guard takeDigits(fraction: false) else { return nil }
        if rest.first == "." {
            rest.removeFirst()
            guard takeDigits(fraction: true) else { return nil }
        }
        guard seen else { return nil }
        if rest.first == "e" || rest.first == "E" {
            var tail = rest.dropFirst()
            let sign = tail.first == "-" ? -1 : 1
            if tail.first == "-" || tail.first == "+" { tail.removeFirst() }
            let power = tail.prefix { isDigit($0) }
            if !power.isEmpty {
                guard power.count <= 4, let size = Int(power) else { return nil }
                exponent += sign * size
                rest = tail.dropFirst(power.count)
            }
        }
        return (ExactDecimal(significand: negative ? -significand : significand, exponent: exponent), rest)
    }

    /// The nearest `Double`; infinite when there is none.
    var value: Double { Self.value(significand, exponent) }

    /// Returns the nearest `Double` to significand x 10^exponent.
    ///
    /// By way of text, whose conversion rounds correctly; a product with a power of ten would round twice.
    static func value(_ significand: Int128, _ exponent: Int) -> Double {
        Double("\(significand)e\(exponent)") ?? .infinity
    }

    /// The number as an `Int`; `nil` when it has a fraction or is too large.
    var integer: Int? {
        if significand == 0 { return 0 }
        var value = significand
        var power = exponent
        while power < 0 {
            guard value % 10 == 0 else { return nil }
            value /= 10
            power += 1
        }
        while power > 0 {
            guard value.magnitude < 1 << 63 else { return nil }
            value *= 10
            power -= 1
        }
        return Int(exactly: value)
    }

    /// Returns the product; `nil` when it does not fit.
    func times(_ other: ExactDecimal) -> ExactDecimal? {
        let (product, overflow) = significand.multipliedReportingOverflow(by: other.significand)
        return overflow ? nil : ExactDecimal(significand: product, exponent: exponent + other.exponent)
    }

    /// Returns the sum; `nil` when it does not fit.
    func plus(_ other: ExactDecimal) -> ExactDecimal? {
        guard let (both, exponent) = Self.aligned([self, other]) else { return nil }
        return ExactDecimal(significand: both[0] + both[1], exponent: exponent)
    }

    /// Returns the numbers as whole multiples of one power of ten; `nil` when they are more than 36 digits apart.
    static func aligned(_ numbers: [ExactDecimal]) -> (multiples: [Int128], exponent: Int)? {
        let exponent = numbers.lazy.filter { $0.significand != 0 }.map(\.exponent).min() ?? 0
        var multiples: [Int128] = []
        for number in numbers {
            var multiple = number.significand
            for _ in 0..<(multiple == 0 ? 0 : number.exponent - exponent) {
                multiple *= 10
                guard multiple.magnitude < limit else { return nil }
            }
            multiples.append(multiple)
        }
        return (multiples, exponent)
    }

    /// 10^36: sums and small multiples stay within `Int128`, which ends at 1.7 x 10^38.
    private static let limit: UInt128 = 1_000_000_000_000_000_000_000_000_000_000_000_000
}
