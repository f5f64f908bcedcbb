package import Atmospheres

/// The species of an Atmos template and their boundary conditions: `species.dat`.
///
/// Lines keep their order, spacing and comments; values are replaced in place. The order numbers the species in
/// `in.dist` and in the compiled program.
package struct SpeciesTable: Sendable, Equatable {
    /// What the program does with a species: the table's second column.
    package enum Kind: String, Sendable {
        case longLived = "LL"
        case shortLived = "SL"
        case inert = "IN"
        case tridiagonal = "TD"
        case photon = "HV"
        case thirdBody = "M"
    }

    package struct Species: Sendable, Equatable {
        package let name: String
        package let kind: Kind
        /// Line in the file, from 0.
        let line: Int
    }

    /// How mixing ratios are written.
    package enum Digits: Sendable {
        /// As many as the number has: the program's list-directed input reads them all.
        case full
        /// Four, as PyATMOS did (`%.3E`): axis values closer than that run the same model.
        case pyatmos
    }

    /// Words of a long-lived species' line, from 0; an inert one has its mixing ratio at ``lowerBoundary``.
    private enum Field {
        static let lowerBoundary = 8
        static let fixedMixingRatio = 10
        static let count = 16
    }

    /// The lower boundary condition that fixes the surface mixing ratio.
    private static let fixedMixingRatio = "1"

    /// Every species, in the file's order.
    package let species: [Species]

    private let file: String
    private var lines: [[UInt8]]

    /// - Throws: when a line is none of a species table.
    package init(_ bytes: [UInt8], file: String = "species.dat") throws(AtmosFileError) {
        self.file = file
        let text = FortranText(bytes, file: file)
        var species: [Species] = []
        var lines: [[UInt8]] = []
        for line in 0..<text.lineCount {
            lines.append(Array(text[line]))
            let words = text[line].words
            guard let name = words.first, !name.contains(UInt8(ascii: "*")) else { continue }
            guard words.count >= 2, let kind = Kind(rawValue: words[1].text) else {
                throw text.error(line, "'\(name.text)' is not followed by LL, SL, IN, TD, HV or M")
            }
            let needed = kind == .longLived ? Field.count : kind == .inert ? Field.lowerBoundary + 1 : 8
            guard words.count >= needed else {
                throw text.error(
                    line, "\(kind.rawValue) \(name.text) has \(words.count) fields, and \(needed) are needed")
            }
            for word in words[2..<needed] where FortranNumber.parse(word)?.isFinite != true {
                throw text.error(line, "\(kind.rawValue) \(name.text) has '\(word.text)' where a number is needed")
            }
            species.append(Species(name: name.text, kind: kind, line: line))
        }
        guard !species.isEmpty else { throw AtmosFileError(file, "holds no species") }
        // The program stops reading there.
        guard lines.count <= 300 else { throw AtmosFileError(file, "has more than 300 lines") }
        self.species = species
        self.lines = lines
    }

    /// The long-lived species, in the order of `in.dist`, the flux tables and `out.flow`.
    package var longLived: [String] { species.filter { $0.kind == .longLived }.map(\.name) }

    /// The gases whose surface mixing ratio the table can fix: long-lived ones, and inert ones.
    package var gases: [Gas] {
        Gas.known.filter { gas in row(of: gas).map { $0.kind == .longLived || $0.kind == .inert } ?? false }
    }

    /// The file, with the values set so far.
    package var bytes: [UInt8] {
        var all: [UInt8] = []
        for line in lines {
            all += line
            all.append(UInt8(ascii: "\n"))
        }
        return all
    }

    /// Fixes a gas's mixing ratio at the surface (LBOUND 1); an inert gas has it everywhere.
    ///
    /// - Throws: when the table has no such species, or the value is no mixing ratio.
    package mutating func setMixingRatio(
        _ value: Double, of gas: Gas, digits: Digits = .full
    ) throws(AtmosFileError) {
        guard let row = row(of: gas), row.kind == .longLived || row.kind == .inert else {
            throw AtmosFileError(
                file,
                "\(gas) is no long-lived or inert species of it; it has: "
                    + gases.map(\.formula).joined(separator: ", "))
        }
        guard value.isFinite, value >= 0, value <= 1 else {
            throw AtmosFileError(file, "\(gas) cannot have the mixing ratio \(value)")
        }
        if row.kind == .inert {
            replace(Field.lowerBoundary, on: row.line, with: "\(value)")
        } else {
            replace(Field.lowerBoundary, on: row.line, with: Self.fixedMixingRatio)
            let text = digits == .pyatmos ? FortranNumber.printed("%.3E", value) : "\(value)"
            replace(Field.fixedMixingRatio, on: row.line, with: text)
        }
    }

    /// The mixing ratio that the table fixes at the surface; `nil` for a species without one.
    package func mixingRatio(of gas: Gas) -> Double? {
        guard let row = row(of: gas) else { return nil }
        let words = lines[row.line][...].words
        switch row.kind {
        case .inert: return FortranNumber.parse(words[Field.lowerBoundary])
        case .longLived where words[Field.lowerBoundary].text == Self.fixedMixingRatio:
            return FortranNumber.parse(words[Field.fixedMixingRatio])
        default: return nil
        }
    }

    /// The species of a gas: Atmos writes formulas in capitals.
    private func row(of gas: Gas) -> Species? {
        species.first { $0.name == gas.formula.uppercased() }
    }

    private mutating func replace(_ field: Int, on line: Int, with text: String) {
        let word = lines[line][...].words[field]
        lines[line].replaceSubrange(word.startIndex..<word.endIndex, with: Array(text.utf8))
    }
}
