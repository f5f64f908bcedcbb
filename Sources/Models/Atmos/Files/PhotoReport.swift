/// The report of the chemistry: `out.out`. It repeats its tables every 1000 steps; the last ones are read.
struct PhotoReport: Sendable {
    /// Mixing ratios on every second level, surface first.
    let mixingRatios: SpeciesRows
    /// Fluxes at the surface, at every second level and at the top, molecules/cm2/s, upwards positive: at the surface,
    /// a source.
    let fluxes: SpeciesRows
    /// The ozone column, molecules/cm2.
    let ozoneColumn: Double

    /// Reads a report.
    ///
    /// - Throws: an error if the report ends before the last tables, as that of a stopped run does.
    init(_ text: FortranText, speciesCount: Int) throws(AtmosFileError) {
        guard let ratios = text.lastLine("MIXING RATIOS OF LONG-LIVED SPECIES") else {
            throw text.error("has no mixing ratios of long-lived species")
        }
        guard let fluxes = text.lastLine("FLUXES OF LONG-LIVED SPECIES"), fluxes > ratios else {
            throw text.error("has no fluxes of long-lived species: the run did not finish")
        }
        guard let ozone = text.lastLine("OZONE COLUMN DEPTH"),
            let column = text[ozone].number("OZONE COLUMN DEPTH =", nil)
        else { throw text.error("has no ozone column") }
        mixingRatios = try SpeciesRows(text, below: ratios, width: 9, count: speciesCount)
        self.fluxes = try SpeciesRows(text, below: fluxes, width: 10, count: speciesCount)
        ozoneColumn = column
    }

    /// Reads the report at `path`.
    init(contentsOf path: String, speciesCount: Int) throws(AtmosFileError) {
        try self.init(try FortranText(contentsOf: path), speciesCount: speciesCount)
    }
}
