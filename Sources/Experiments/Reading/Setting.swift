package import Atmospheres
import Yams

/// One value of an experiment file, with a method to read it as each type that it may have.
package struct Setting {
    let node: Node
    /// Keys from the root, joined by dots: "axes.CO2.log.from".
    package let path: String
    let file: String
    /// Returns whether the results file needs a name itself, so that no output may have it.
    package let isReserved: (String) -> Bool

    /// Where the value is in the file.
    package var location: SourceLocation {
        SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
    }

    /// A value in the same file.
    func child(_ node: Node, path: String) -> Setting {
        Setting(node: node, path: path, file: file, isReserved: isReserved)
    }

    /// Returns an error at this value, whose message is the value's key path followed by `message`.
    package func error(_ message: String) -> ExperimentError { ExperimentError(location, "\(path) \(message)") }

    /// The value in words, for messages.
    private var found: String {
        switch node {
        case .mapping: "a mapping of keys"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "'\(scalar.string.prefix(60).oneLine)'"
        }
    }

    /// Reads a scalar as it is written, without surrounding white space.
    package func text(_ expected: String = "text") throws(ExperimentError) -> String {
        guard case .scalar(let scalar) = node else { throw error("is \(found); write \(expected)") }
        let text = scalar.string.trimmed
        guard !text.isEmpty, !isNull(scalar) else { throw error("is empty; write \(expected), or remove the key") }
        return text
    }

    /// Reads a text without line breaks.
    package func line() throws(ExperimentError) -> String {
        let line = try text("one line of text")
        guard !line.contains(where: \.isNewline) else { throw error("has several lines; write one line of text") }
        return line
    }

    /// Whether the value is neither a mapping nor a list.
    package var isScalar: Bool { if case .scalar = node { true } else { false } }

    /// Reads a finite number and the text that follows it, if any.
    private func numberAndUnit(_ expected: String) throws(ExperimentError) -> (ExactDecimal, unit: String) {
        let text = try text(expected)
        guard let (number, rest) = ExactDecimal.prefix(of: text[...]) else {
            let isSpecial = ["nan", "inf", "infinity"].contains(text.lowercased().filter(\.isLetter))
            throw error(
                isSpecial ? "is \(found), not a finite number; write \(expected)" : "is \(found); write \(expected)")
        }
        guard number.value.isFinite else { throw error("is \(found), too large for a number; write \(expected)") }
        return (number, rest.trimmed)
    }

    /// Reads a whole number.
    package func integer(in range: ClosedRange<Int>) throws(ExperimentError) -> Int {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let (number, unit) = try numberAndUnit(expected)
        guard unit.isEmpty, let integer = number.integer, range.contains(integer) else {
            throw error("is \(found); write \(expected)")
        }
        return integer
    }

    /// Reads a number without a unit.
    package func number(in range: ClosedRange<Double>) throws(ExperimentError) -> Double {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        let (number, unit) = try numberAndUnit(expected)
        guard unit.isEmpty, range.contains(number.value) else { throw error("is \(found); write \(expected)") }
        return number.value
    }

    /// Reads a number with one of the units of `dimension`, and returns it in the canonical unit.
    ///
    /// A ratio needs no unit; every other dimension does.
    func exact(_ dimension: PhysicalDimension) throws(ExperimentError) -> ExactDecimal {
        let (number, unit) = try numberAndUnit(dimension.example)
        let known = dimension.units.map(\.name).filter { $0 != "1" }.joined(separator: ", ")
        if unit.isEmpty, dimension != .ratio {
            throw error("is \(found), without a unit; write \(dimension.example) (units: \(known))")
        }
        guard let canonical = dimension.canonical(number, unit.isEmpty ? "1" : unit) else {
            let suggestion = unit.suggestion(among: dimension.units.map(\.name))
            throw error(
                "has the unknown unit '\(unit.oneLine)'; \(suggestion)write \(dimension.example) (units: \(known))")
        }
        guard canonical.value.isFinite else { throw error("is \(found), too large; write \(dimension.example)") }
        return canonical
    }

    /// Reads a number with a unit, more than `minimum` and at most `maximum` in the canonical unit of `dimension`.
    package func quantity(
        _ dimension: PhysicalDimension, over minimum: Double, to maximum: Double
    ) throws(ExperimentError) -> Double {
        let value = try exact(dimension).value
        guard value > minimum, value <= maximum else {
            let unit = dimension.units[0].name
            throw error("is \(found); it must be more than \(minimum) \(unit) and at most \(maximum) \(unit)")
        }
        return value
    }

    /// Reads a volume mixing ratio: dimensionless, 0...1.
    func mixingRatio() throws(ExperimentError) -> ExactDecimal {
        let ratio = try exact(.ratio)
        guard (0...1).contains(ratio.value) else {
            throw error("is \(found); a volume mixing ratio is between 0 and 1")
        }
        return ratio
    }

    /// Reads a number in any unit, and returns it in the canonical unit where the unit is known, else as written.
    func measure() throws(ExperimentError) -> (value: Double, unit: String) {
        let (number, unit) = try numberAndUnit("a number with its unit, such as 273.15 K")
        for dimension in PhysicalDimension.allCases {
            if let canonical = dimension.canonical(number, unit.isEmpty ? "1" : unit) {
                return (canonical.value, dimension.units[0].name)
            }
        }
        return (number.value, unit)
    }

    /// Reads one of the words of an enumeration.
    package func choice<Choice: RawRepresentable & CaseIterable>(
        of _: Choice.Type
    ) throws(ExperimentError) -> Choice where Choice.RawValue == String {
        let names = Choice.allCases.map(\.rawValue)
        let text = try text("one of \(names.joined(separator: ", "))")
        guard let choice = Choice(rawValue: text) else {
            throw error("is \(found); \(text.suggestion(among: names))write one of: \(names.joined(separator: ", "))")
        }
        return choice
    }

    /// Reads the formula of a gas.
    package func gas() throws(ExperimentError) -> Gas { try gas(named: text("the formula of a gas, such as N2")) }

    /// Returns the gas with this formula, which is a key or a value of the file.
    func gas(named formula: String) throws(ExperimentError) -> Gas {
        if let gas = Gas(formula) { return gas }
        let formulas = Gas.known.map(\.formula)
        // Some write "methane"; a short word is rather a misspelt formula.
        let name = formula.count > 4 ? nearest(to: formula, among: Gas.known.map(\.name)) : nil
        let guess = Gas.known.first { $0.name == name }?.formula ?? nearest(to: formula, among: formulas)
        throw error(
            "names the unknown gas '\(formula.oneLine)'; \(suggestion(of: guess))"
                + "known gases: \(formulas.joined(separator: ", "))")
    }

    /// Returns the elements of a list that is not empty.
    package func list(_ expected: String) throws(ExperimentError) -> [Setting] {
        guard case .sequence(let sequence) = node else { throw error("is \(found); write \(expected)") }
        guard !sequence.isEmpty else { throw error("is an empty list; write \(expected)") }
        return sequence.enumerated().map { child($1, path: "\(path)[\($0 + 1)]") }
    }

    /// Reads `true` or `false`.
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
    /// The text without leading and trailing white space.
    package var trimmed: String {
        var part = self[...]
        while part.first?.isWhitespace == true { part.removeFirst() }
        while part.last?.isWhitespace == true { part.removeLast() }
        return String(part)
    }

    /// The text without line breaks and other control characters, at most 200 characters, for a message.
    package var oneLine: String {
        let line = String(map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
        return line.count > 200 ? line.prefix(200) + "..." : line
    }
}
