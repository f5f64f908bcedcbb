internal import Atmospheres

/// The species of an Atmos template and their boundary conditions: `species.dat`.
///
/// Lines keep their order, spacing and comments; values are replaced in place. The order defines the numbers of the
/// species in `in.dist` and in the compiled program.
struct SpeciesTable: Sendable, Equatable {
    /// How the program treats a species: the second column of the table.
    enum Kind: String, Sendable {
        case longLived = "LL"
        case shortLived = "SL"
        case inert = "IN"
        case tridiagonal = "TD"
        case photon = "HV"
        case thirdBody = "M"
    }

    /// A species of the table.
    struct Species: Sendable, Equatable {
        /// The name, in capitals: a formula.
        let name: String
        /// How the program treats it.
        let kind: Kind
        /// The line in the file, counted from 0.
        let line: Int
    }

    /// The precision with which mixing ratios are written.
    enum Digits: Sendable {
        /// All digits of the number; the program's list-directed input reads them.
        case full
        /// Four digits, as PyATMOS wrote (`%.3E`): axis values that differ by less run the same model.
        case pyatmos
    }

    /// The words of the line of a long-lived species, counted from 0; an inert one has its mixing ratio at
    /// ``lowerBoundary``.
    private enum Field {
        static let lowerBoundary = 8
        static let fixedMixingRatio = 10
        static let count = 16
    }

    /// The value of LBOUND that fixes the surface mixing ratio.
    private static let fixedMixingRatio = "1"

    /// All species, in the order of the file.
    let species: [Species]

    private let file: String
    private var lines: [[UInt8]]

    /// Reads a table.
    ///
    /// - Throws: an error if a line does not belong in a species table.
    init(_ bytes: [UInt8], file: String = "species.dat") throws(AtmosFileError) {
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
                    line, "\(kind.rawValue) \(name.text) has \(words.count) fields, not the \(needed) that it needs")
            }
            for word in words[2..<needed] where FortranNumber.parse(word)?.isFinite != true {
                throw text.error(line, "\(kind.rawValue) \(name.text) has '\(word.text)' in place of a number")
            }
            species.append(Species(name: name.text, kind: kind, line: line))
        }
        guard !species.isEmpty else { throw AtmosFileError(file, "has no species") }
        // The program reads no further than that.
        guard lines.count <= 300 else { throw AtmosFileError(file, "has more than 300 lines") }
        self.species = species
        self.lines = lines
    }

    /// The long-lived species, in the order of `in.dist`, the flux tables and `out.flow`.
    var longLived: [String] { species.filter { $0.kind == .longLived }.map(\.name) }

    /// The gases whose surface mixing ratio the table can fix: long-lived ones, and inert ones.
    var gases: [Gas] {
        Gas.known.filter { gas in species(of: gas).map { $0.kind == .longLived || $0.kind == .inert } ?? false }
    }

    /// The contents of the file, with the values set so far.
    var bytes: [UInt8] { FortranText.bytes(of: lines) }

    /// Fixes the mixing ratio of a gas at the surface (LBOUND 1), or everywhere for an inert gas.
    ///
    /// - Throws: an error if the table has no such species, or the value is not a mixing ratio.
    mutating func setMixingRatio(
        _ value: Double, of gas: Gas, digits: Digits = .full
    ) throws(AtmosFileError) {
        guard let species = self.species(of: gas), species.kind == .longLived || species.kind == .inert else {
            throw AtmosFileError(
                file,
                "\(gas) is not a long-lived or inert species; it has: "
                    + gases.map(\.formula).joined(separator: ", "))
        }
        guard value.isFinite, value >= 0, value <= 1 else {
            throw AtmosFileError(file, "\(value) is not a mixing ratio for \(gas)")
        }
        if species.kind == .inert {
            replace(Field.lowerBoundary, on: species.line, with: "\(value)")
        } else {
            replace(Field.lowerBoundary, on: species.line, with: Self.fixedMixingRatio)
            let text = digits == .pyatmos ? FortranNumber.printed("%.3E", value) : "\(value)"
            replace(Field.fixedMixingRatio, on: species.line, with: text)
        }
    }

    /// Returns the species of a gas; Atmos writes formulas in capitals.
    private func species(of gas: Gas) -> Species? {
        species.first { $0.name == gas.formula.uppercased() }
    }

    private mutating func replace(_ field: Int, on line: Int, with text: String) {
        let word = lines[line][...].words[field]
        lines[line].replaceSubrange(word.startIndex..<word.endIndex, with: Array(text.utf8))
    }
}
