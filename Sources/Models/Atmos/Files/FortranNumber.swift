internal import Glibc

/// Reads and writes numbers in the formats of Fortran's formatted and list-directed output.
enum FortranNumber {
    /// Parses the number in a field, ignoring blanks around it.
    ///
    /// A three-digit exponent is written without its letter (`1.69-230`), and `D` is accepted for `E`.
    ///
    /// - Returns: NaN for `NaN` and for a field of asterisks (a value too wide for its field); an infinity for
    ///   `Infinity`; `nil` if the field is not a number.
    static func parse(_ field: ArraySlice<UInt8>) -> Double? {
        var rest = field.trimmingBlanks
        guard var byte = rest.first else { return nil }
        if byte == UInt8(ascii: "*") { return rest.allSatisfy { $0 == UInt8(ascii: "*") } ? .nan : nil }
        let negative = byte == UInt8(ascii: "-")
        if negative || byte == UInt8(ascii: "+") {
            rest = rest.dropFirst()
            guard let next = rest.first else { return nil }
            byte = next
        }
        if byte | 0x20 == UInt8(ascii: "n") || byte | 0x20 == UInt8(ascii: "i") { return word(rest, negative) }

        var significand: UInt64 = 0
        var exponent = 0
        var digits = 0
        var seen = false
        var fraction = false
        var index = rest.startIndex
        while index < rest.endIndex {
            let byte = rest[index]
            if byte == UInt8(ascii: "."), !fraction {
                fraction = true
            } else if let digit = decimal(byte) {
                seen = true
                if digits > 0 || digit > 0 { digits += 1 }
                // 19 digits fit in 64 bits; further ones do not change a Double.
                if digits <= 19 {
                    significand = significand * 10 + UInt64(digit)
                    if fraction { exponent -= 1 }
                } else if !fraction {
                    exponent += 1
                }
            } else {
                break
            }
            index += 1
        }
        guard seen else { return nil }
        if index < rest.endIndex {
            guard let written = self.exponent(rest[index...]) else { return nil }
            exponent += written
        }
        let magnitude = scaled(significand, exponent)
        return negative ? -magnitude : magnitude
    }

    /// Returns `value` in the format `Ew.d` without leading blanks: `0.21000000E+00`, `0.27406994-230`.
    ///
    /// `digits` is the number of significant digits, at least 2.
    static func scientific(_ value: Double, digits: Int) -> String {
        var bytes: [UInt8] = []
        append(value, digits: digits, width: 0, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends `value` in the format `Ew.d`, right-aligned in `width` columns; see ``scientific(_:digits:)``.
    static func append(_ value: Double, digits: Int, width: Int, to bytes: inout [UInt8]) {
        guard value.isFinite else {
            let word = value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
            bytes += word.padded(to: width).utf8
            return
        }
        let isNegative = value.sign == .minus
        let length = (isNegative ? 7 : 6) + digits
        for _ in 0..<max(0, width - length) { bytes.append(UInt8(ascii: " ")) }
        if isNegative { bytes.append(UInt8(ascii: "-")) }
        bytes.append(UInt8(ascii: "0"))
        bytes.append(UInt8(ascii: "."))
        let (figures, exponent) = figures(abs(value), digits)
        append(figures, digits: digits, to: &bytes)
        // A three-digit exponent leaves no column for the letter.
        let isLong = abs(exponent) > 99
        if !isLong { bytes.append(UInt8(ascii: "E")) }
        bytes.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        append(UInt64(abs(exponent)), digits: isLong ? 3 : 2, to: &bytes)
    }

    /// Appends an integer with leading zeros.
    private static func append(_ number: UInt64, digits: Int, to bytes: inout [UInt8]) {
        let first = bytes.count
        for _ in 0..<digits { bytes.append(UInt8(ascii: "0")) }
        var rest = number
        var index = first + digits
        while rest > 0, index > first {
            index -= 1
            bytes[index] += UInt8(rest % 10)
            rest /= 10
        }
    }

    /// Returns the significant digits of a number 0.dddd x 10^exponent as an integer, and the exponent.
    private static func figures(_ size: Double, _ digits: Int) -> (UInt64, exponent: Int) {
        guard size > 0 else { return (0, 0) }
        // The product of two rounded factors is right to more than ten digits, and much faster than printf.
        if digits <= 10, size > 1e-290 {
            var exponent = Int(log10(size).rounded(.down)) + 1
            var figures = (size * pow(10, Double(digits - exponent))).rounded()
            if figures >= powersOfTen[digits] {
                exponent += 1
                figures = (size * pow(10, Double(digits - exponent))).rounded()
            }
            // The logarithm may have been rounded up across a power of ten.
            if figures < powersOfTen[digits - 1] {
                exponent -= 1
                figures = (size * pow(10, Double(digits - exponent))).rounded()
            }
            return (UInt64(figures), exponent)
        }
        // C prints d.ddd where Fortran prints 0.dddd.
        let parts = printed("%.\(digits - 1)E", size).split(separator: "E")
        return (UInt64(parts[0].filter { $0 != "." })!, Int(parts[1])! + 1)
    }

    /// Returns `value` in a format of C's `printf`.
    static func printed(_ format: String, _ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 352) { buffer in
            _ = withVaList([value]) { vsnprintf(buffer.baseAddress!, buffer.count, format, $0) }
            return String(cString: buffer.baseAddress!)
        }
    }

    private static func decimal(_ byte: UInt8) -> UInt8? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? digit : nil
    }

    /// Parses an exponent: `E-05`, `D+03`, `-230`.
    private static func exponent(_ text: ArraySlice<UInt8>) -> Int? {
        var rest = text
        guard let first = rest.first else { return nil }
        let letter = first | 0x20
        if letter == UInt8(ascii: "e") || letter == UInt8(ascii: "d") { rest = rest.dropFirst() }
        let hasLetter = rest.count < text.count
        guard let sign = rest.first else { return nil }
        let negative = sign == UInt8(ascii: "-")
        if negative || sign == UInt8(ascii: "+") {
            rest = rest.dropFirst()
        } else if !hasLetter {
            return nil
        }
        guard !rest.isEmpty, rest.count <= 4 else { return nil }
        var value = 0
        for byte in rest {
            guard let digit = decimal(byte) else { return nil }
            value = value * 10 + Int(digit)
        }
        return negative ? -value : value
    }

    private static func word(_ text: ArraySlice<UInt8>, _ negative: Bool) -> Double? {
        let word = String(decoding: text, as: UTF8.self).lowercased()
        if word == "nan" || (word.hasPrefix("nan(") && word.hasSuffix(")")) { return .nan }
        return ["inf", "infinity"].contains(word) ? (negative ? -.infinity : .infinity) : nil
    }

    /// Returns `significand` x 10^`exponent`, rounded once.
    private static func scaled(_ significand: UInt64, _ exponent: Int) -> Double {
        guard significand > 0 else { return 0 }
        // Both factors are exact, so their quotient or product is rounded only once (Clinger 1990).
        if significand <= 1 << 53, abs(exponent) <= 22 {
            let power = powersOfTen[abs(exponent)]
            return exponent < 0 ? Double(significand) / power : Double(significand) * power
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            var index = text.count - 1
            func put(_ number: UInt64) {
                var rest = number
                repeat {
                    index -= 1
                    text[index] = CChar(48 + rest % 10)
                    rest /= 10
                } while rest > 0
            }
            text[index] = 0
            put(UInt64(abs(exponent)))
            text[index - 1] = exponent < 0 ? 45 : 43
            text[index - 2] = 101
            index -= 2
            put(significand)
            return strtod(text.baseAddress! + index, nil)
        }
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]
}
