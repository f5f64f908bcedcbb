/// A table of `out.out`: numbers of every long-lived species at some altitudes.
struct SpeciesRows: Sendable, Equatable {
    /// The long-lived species, in the order of the species table.
    let species: [String]
    /// cm, one a row.
    let altitude: [Double]
    /// (species, row)
    let values: [[Double]]

    /// Reads the sub-tables that follow line `title`: 18 species each, under a header `Z O O2 ...`, to a blank line.
    ///
    /// - Parameters:
    ///   - width: columns of each number behind the altitude.
    ///   - count: species in all sub-tables together.
    /// - Throws: when a sub-table is missing, or has other rows than the first.
    init(_ text: FortranText, below title: Int, width: Int, count: Int) throws(AtmosFileError) {
        var species: [String] = []
        var altitude: [Double] = []
        var values: [[Double]] = []
        var line = title + 1
        while species.count < count {
            guard let header = text.firstLine("Z ", from: line) else {
                throw text.error(title, "has \(species.count) of \(count) species below it")
            }
            let names = text[header].words.dropFirst().map(\.text)
            var columns = names.map { _ in [Double]() }
            var heights: [Double] = []
            line = header + 1
            while line < text.lineCount, !text[line].trimmingBlanks.isEmpty {
                heights.append(try text.number(line, 1..<10))
                for column in names.indices {
                    let start = 10 + column * width
                    columns[column].append(try text.number(line, start..<start + width))
                }
                line += 1
            }
            if altitude.isEmpty { altitude = heights }
            guard heights == altitude, !heights.isEmpty else {
                throw text.error(header, "has \(heights.count) rows below it, not \(altitude.count)")
            }
            species += names
            values += columns
        }
        self.species = species
        self.altitude = altitude
        self.values = values
    }

    /// The numbers of a species, one a row; `nil` when the table does not have it.
    subscript(name: String) -> [Double]? { species.firstIndex(of: name).map { values[$0] } }
}
