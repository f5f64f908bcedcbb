/// A unit that an experiment file may use.
package struct Unit {
    /// As it is written.
    package let name: String

    /// Value in the canonical unit = written value x factor + offset.
    let factor: ExactDecimal
    let offset: ExactDecimal

    fileprivate init(_ name: String, _ significand: Int128 = 1, e exponent: Int = 0, offset: ExactDecimal = .zero) {
        self.name = name
        factor = ExactDecimal(significand: significand, exponent: exponent)
        self.offset = offset
    }
}

/// A physical dimension of a number in an experiment file, with the units that it may be written in.
package enum PhysicalDimension: CaseIterable, Sendable {
    case temperature, pressure, duration, flux, ratio

    /// The units, the canonical one first: the unit in which values are kept.
    package var units: [Unit] {
        switch self {
        case .temperature:
            let icePoint = ExactDecimal(significand: 273_15, exponent: -2)
            return [Unit("K"), Unit("degC", offset: icePoint), Unit("°C", offset: icePoint)]
        case .pressure:
            return [
                Unit("Pa"), Unit("hPa", e: 2), Unit("kPa", e: 3), Unit("mbar", e: 2), Unit("bar", e: 5),
                Unit("atm", 101_325),
            ]
        case .duration:
            return [Unit("s"), Unit("min", 60), Unit("h", 3_600), Unit("d", 86_400)]
        case .flux:
            return [Unit("W m-2")]
        case .ratio:
            return [Unit("1"), Unit("%", e: -2), Unit("ppm", e: -6), Unit("ppb", e: -9), Unit("ppt", e: -12)]
        }
    }

    /// The dimension in words, with an example of how it is written.
    var example: String {
        switch self {
        case .temperature: "a temperature such as 288 K"
        case .pressure: "a pressure such as 1.013 bar"
        case .duration: "a time such as 12 h"
        case .flux: "a flux such as 1361 W m-2"
        case .ratio: "a ratio such as 4e-4 or 400 ppm"
        }
    }

    /// Returns a value in the canonical unit as text with that unit: "288.0 K".
    func text(_ value: Double) -> String { self == .ratio ? "\(value)" : "\(value) \(units[0].name)" }

    /// Returns the value in the canonical unit of a number with its unit, such as "12 h"; `nil` when `text` is not one.
    ///
    /// - Parameters:
    ///   - text: the number and its unit.
    ///   - aliases: units by the other names that they may have.
    /// - Returns: the value, finite.
    package func value(of text: String, aliases: [String: String] = [:]) -> Double? {
        guard let (number, rest) = ExactDecimal.prefix(of: text.trimmed[...]) else { return nil }
        let value = canonical(number, aliases[rest.trimmed] ?? rest.trimmed)?.value
        return value?.isFinite == true ? value : nil
    }

    /// Returns `number` of the unit called `name` in the canonical unit; `nil` when the dimension has no such unit.
    func canonical(_ number: ExactDecimal, _ name: String) -> ExactDecimal? {
        guard let unit = units.first(where: { $0.name == name }) else { return nil }
        return number.times(unit.factor)?.plus(unit.offset)
    }
}
