/// The solution of the chemistry on its levels, surface first: `PTZ_mixingratios_out.dist`.
struct ChemistryLevels: Sendable {
    /// The long-lived species, in the order of the species table.
    let species: [String]
    /// Pressure of each level, bar.
    let pressure: [Double]
    /// Temperature of each level, K.
    let temperature: [Double]
    /// Altitude of each level, cm.
    let altitude: [Double]
    /// Mixing ratios, shape (species, levels).
    let mixingRatios: [[Double]]

    // Format 1X, 1P64E12.3E3.
    private static let width = 12

    /// Reads the table.
    ///
    /// - Throws: an error unless the file has one row of numbers for each of `levels` levels.
    init(_ text: FortranText, levels: Int) throws(AtmosFileError) {
        guard text.lineCount == levels + 1, text.isComplete else {
            throw text.error("has \(max(0, text.lineCount - 1)) whole rows, not \(levels)")
        }
        let names = text[0].words.map(\.text)
        guard names.starts(with: ["PRESS", "TEMP", "ALT"]), names.count > 3 else {
            throw text.error(0, "is not the header PRESS TEMP ALT and the species")
        }
        var columns = names.map { _ in [Double]() }
        for line in 1...levels {
            guard text[line].count == 1 + Self.width * names.count else {
                throw text.error(line, "has \(text[line].count) characters, not those of \(names.count) columns")
            }
            for column in columns.indices {
                let start = 1 + column * Self.width
                columns[column].append(try text.number(line, start..<start + Self.width))
            }
        }
        species = Array(names.dropFirst(3))
        pressure = columns[0]
        temperature = columns[1]
        altitude = columns[2]
        mixingRatios = Array(columns.dropFirst(3))
    }

    /// Reads the file at `path`.
    init(contentsOf path: String, levels: Int) throws(AtmosFileError) {
        try self.init(try FortranText(contentsOf: path), levels: levels)
    }

    /// Whether every number is finite.
    var isFinite: Bool {
        ([pressure, temperature, altitude] + mixingRatios).allSatisfy { $0.allSatisfy(\.isFinite) }
    }
}
