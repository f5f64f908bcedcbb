/// A table of `out.out`: numbers for each long-lived species at some altitudes.
struct SpeciesRows: Sendable, Equatable {
    /// The long-lived species, in the order of the species table.
    let species: [String]
    /// The altitude of each row, cm.
    let altitude: [Double]
    /// The numbers, shape (species, rows).
    let values: [[Double]]

    /// Reads the sub-tables below line `title`: up to 18 species each, under a header `Z O O2 ...`, up to a blank line.
    ///
    /// - Parameters:
    ///   - text: the report.
    ///   - title: the line of the title, counted from 0.
    ///   - width: the number of columns of each number after the altitude.
    ///   - count: the number of species in all sub-tables.
    /// - Throws: an error if a sub-table is missing, or its rows are not those of the first.
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
}
