/// The chemistry's report: `out.out`. Of blocks that it repeats every 1000 steps, the last is read.
struct PhotoReport: Sendable {
    /// Mixing ratios on every second level, surface first.
    let mixingRatios: SpeciesRows
    /// Fluxes at the surface, at every second level and at the top, molecules/cm2/s, upwards positive: a row at the
    /// surface is a source.
    let fluxes: SpeciesRows
    /// molecules/cm2
    let ozoneColumn: Double

    /// - Throws: when the report ends before the last block, as that of a run which was stopped does.
    init(_ text: FortranText, speciesCount: Int) throws(AtmosFileError) {
        guard let ratios = text.lastLine("MIXING RATIOS OF LONG-LIVED SPECIES") else {
            throw text.error("has no mixing ratios of long-lived species")
        }
        guard let fluxes = text.lastLine("FLUXES OF LONG-LIVED SPECIES"), fluxes > ratios else {
            throw text.error("has no fluxes of long-lived species: the run did not come to its end")
        }
        guard let ozone = text.lastLine("OZONE COLUMN DEPTH"),
            let column = text[ozone].number("OZONE COLUMN DEPTH =", nil)
        else { throw text.error("has no ozone column") }
        mixingRatios = try SpeciesRows(text, below: ratios, width: 9, count: speciesCount)
        self.fluxes = try SpeciesRows(text, below: fluxes, width: 10, count: speciesCount)
        ozoneColumn = column
    }

    init(contentsOf path: String, speciesCount: Int) throws(AtmosFileError) {
        try self.init(try FortranText(contentsOf: path), speciesCount: speciesCount)
    }

    /// How many blocks of mixing ratios and of fluxes a report has.
    static func blocks(_ text: FortranText) -> (mixingRatios: Int, fluxes: Int) {
        let lines = 0..<text.lineCount
        return (
            lines.count { text.begins($0, "MIXING RATIOS OF LONG-LIVED SPECIES") },
            lines.count { text.begins($0, "FLUXES OF LONG-LIVED SPECIES") }
        )
    }
}
