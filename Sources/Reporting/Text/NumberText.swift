internal import Foundation

// Numbers as text for people. Files and JSON keep every digit and do not use these.

extension Double {
    /// Returns the number rounded to `digits` significant digits, without an exponent.
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

    /// Returns the number rounded to `decimals` digits after the decimal point.
    func fixed(_ decimals: Int) -> String {
        let power = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
        let scaled = (abs(self) * power).rounded()
        guard scaled < 9e15 else { return "\(self)" }
        let digits = String(Int64(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = self < 0 && scaled > 0 ? "-" : ""
        return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// The number with up to six significant digits, and an exponent where it is very small or large: "8.13e-08".
    var brief: String {
        self == 0 ? "0" : String(format: "%.6g", self)
    }

    /// The number with up to three significant digits, for labels in a terminal.
    var short: String {
        self == 0 ? "0" : String(format: "%.3g", self)
    }

    /// The number, in seconds, as a duration: "12 s", "5 min", "3 h", "4 days".
    var durationText: String {
        switch self {
        case ..<10: "\(significant(2)) s"
        case ..<100: "\(fixed(0)) s"
        case ..<6000: "\((self / 60).fixed(0)) min"
        case ..<172_800: "\((self / 3600).fixed(0)) h"
        default: "\((self / 86400).fixed(0)) days"
        }
    }
}

extension Int {
    /// The number with its thousands separated by commas: "124,314".
    var grouped: String {
        var digits = String(abs(self))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }

    /// The number, in bytes, as a size in decimal units: "812 bytes", "3.2 MB".
    package var byteSizeText: String {
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        var (value, unit) = (Double(self), 0)
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(self) bytes" : "\(value.fixed(1)) \(units[unit])"
    }
}
