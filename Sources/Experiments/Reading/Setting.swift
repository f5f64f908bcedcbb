package import Atmospheres
import Yams

/// One value of an experiment file, with its key path and its place, and a function for each type it may have.
package struct Setting {
    let node: Node
    /// Keys from the root, joined by dots: "axes.CO2.log.from".
    package let path: String
    let file: String

    package var location: SourceLocation {
        SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
    }

    package func error(_ message: String) -> ExperimentError { ExperimentError(location, "\(path) \(message)") }

    /// What the value is, in words.
    private var kind: String {
        switch node {
        case .mapping: "a mapping of keys"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "'\(scalar.string.prefix(60).oneLine)'"
        }
    }

    /// A single value as it is written, without surrounding space.
    package func text(_ expected: String = "text") throws(ExperimentError) -> String {
        guard case .scalar(let scalar) = node else { throw error("is \(kind); write \(expected)") }
        let text = scalar.string.trimmed
        guard !text.isEmpty, !isNull(scalar) else { throw error("is empty; write \(expected), or remove the key") }
        return text
    }

    /// A text without line breaks.
    package func line() throws(ExperimentError) -> String {
        let line = try text("one line of text")
        guard !line.contains(where: \.isNewline) else { throw error("has several lines; write one line of text") }
        return line
    }

    package var isScalar: Bool { if case .scalar = node { true } else { false } }

    /// A finite number and the text that follows it, if any.
    private func numberAndUnit(_ expected: String) throws(ExperimentError) -> (ExactDecimal, unit: String) {
        let text = try text(expected)
        guard let (number, rest) = ExactDecimal.prefix(of: text[...]) else {
            let isSpecial = ["nan", "inf", "infinity"].contains(text.lowercased().filter(\.isLetter))
            throw error(
                isSpecial ? "is \(kind), not a finite number; write \(expected)" : "is \(kind); write \(expected)")
        }
        guard number.value.isFinite else { throw error("is \(kind), too large for a number; write \(expected)") }
        return (number, rest.trimmed)
    }

    package func integer(in range: ClosedRange<Int>) throws(ExperimentError) -> Int {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let (number, unit) = try numberAndUnit(expected)
        guard unit.isEmpty, let integer = number.integer, range.contains(integer) else {
            throw error("is \(kind); write \(expected)")
        }
        return integer
    }

    /// A number without a unit, within `range`.
    package func number(in range: ClosedRange<Double>) throws(ExperimentError) -> Double {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        let (number, unit) = try numberAndUnit(expected)
        guard unit.isEmpty, range.contains(number.value) else { throw error("is \(kind); write \(expected)") }
        return number.value
    }

    /// A number with one of the units of `dimension`, in its canonical unit.
    ///
    /// A ratio needs no unit; every other dimension does.
    func exact(_ dimension: Dimension) throws(ExperimentError) -> ExactDecimal {
        let (number, unit) = try numberAndUnit(dimension.example)
        let known = dimension.units.map(\.name).filter { $0 != "1" }.joined(separator: ", ")
        if unit.isEmpty, dimension != .ratio {
            throw error("is \(kind), without a unit; write \(dimension.example) (units: \(known))")
        }
        guard let canonical = dimension.canonical(number, unit.isEmpty ? "1" : unit) else {
            let suggestion = unit.suggestion(among: dimension.units.map(\.name))
            throw error(
                "has the unknown unit '\(unit.oneLine)'; \(suggestion)write \(dimension.example) (units: \(known))")
        }
        guard canonical.value.isFinite else { throw error("is \(kind), too large; write \(dimension.example)") }
        return canonical
    }

    package func quantity(
        _ dimension: Dimension, over minimum: Double, to maximum: Double
    ) throws(ExperimentError) -> Double {
        let value = try exact(dimension).value
        guard value > minimum, value <= maximum else {
            let unit = dimension.units[0].name
            throw error("is \(kind); it must be more than \(minimum) \(unit) and at most \(maximum) \(unit)")
        }
        return value
    }

    /// A volume mixing ratio, dimensionless, 0...1.
    func mixingRatio() throws(ExperimentError) -> ExactDecimal {
        let ratio = try exact(.ratio)
        guard (0...1).contains(ratio.value) else {
            throw error("is \(kind); a volume mixing ratio lies between 0 and 1")
        }
        return ratio
    }

    /// A number in any unit: in the canonical unit where the unit is known, else as written.
    func measure() throws(ExperimentError) -> (value: Double, unit: String) {
        let (number, unit) = try numberAndUnit("a number with its unit, such as 273.15 K")
        for dimension in Dimension.allCases {
            if let canonical = dimension.canonical(number, unit.isEmpty ? "1" : unit) {
                return (canonical.value, dimension.units[0].name)
            }
        }
        return (number.value, unit)
    }

    package func choice<Choice: RawRepresentable & CaseIterable>(
        of _: Choice.Type
    ) throws(ExperimentError) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let text = try text("one of \(names.joined(separator: ", "))")
        guard let choice = Choice(rawValue: text) else {
            throw error("is \(kind); \(text.suggestion(among: names))write one of: \(names.joined(separator: ", "))")
        }
        return choice
    }

    package func gas() throws(ExperimentError) -> Gas { try gas(named: text("the formula of a gas, such as N2")) }

    func gas(named formula: String) throws(ExperimentError) -> Gas {
        if let gas = Gas(formula) { return gas }
        let formulas = Gas.known.map(\.formula)
        let byName = nearest(to: formula, among: Gas.known.map(\.name))
        let guess =
            Gas.known.first { $0.name == byName && formula.count > 4 }?.formula ?? nearest(to: formula, among: formulas)
        throw error(
            "names the unknown gas '\(formula.oneLine)'; " + (guess.map { "did you mean \($0)? " } ?? "")
                + "known gases: \(formulas.joined(separator: ", "))")
    }

    /// The elements of a list that is not empty.
    package func list(_ expected: String) throws(ExperimentError) -> [Setting] {
        guard case .sequence(let sequence) = node else { throw error("is \(kind); write \(expected)") }
        guard !sequence.isEmpty else { throw error("is an empty list; write \(expected)") }
        return sequence.enumerated().map { Setting(node: $1, path: "\(path)[\($0 + 1)]", file: file) }
    }

    /// `true` or `false`.
    package func boolean() throws(ExperimentError) -> Bool {
        switch try text("true or false") {
        case "true": true
        case "false": false
        case let other: throw error("is '\(other.oneLine)'; write true or false")
        }
    }

    private func isNull(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["~", "null", "Null", "NULL"].contains(scalar.string)
    }
}

extension StringProtocol {
    /// The text without white space at its ends.
    package var trimmed: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }

    /// The text without line breaks and other control characters, at most 200 characters: fit for a message.
    package var oneLine: String {
        let line = String(map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
        return line.count > 200 ? line.prefix(200) + "..." : line
    }
}
