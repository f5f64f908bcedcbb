/// All outputs of a chemistry run. Levels are in order from the surface up.
struct PhotoOutput: Sendable {
    /// The long-lived species, in the order of the species table.
    let species: [String]
    /// The surface flux of each species, molecules/cm2/s, upwards positive, with all digits of `out.flow`.
    let surfaceFluxes: [Double]
    /// The tables of `out.out`.
    let report: PhotoReport
    /// The solution on the levels.
    let levels: ChemistryLevels
    /// The final state, with number density and eddy diffusion.
    let state: DistFile

    /// Reads `out.out`, `out.flow`, `PTZ_mixingratios_out.dist` and `out.dist` of a folder.
    ///
    /// - Parameters:
    ///   - folder: the path of the folder.
    ///   - species: the long-lived species of the template.
    ///   - shape: the shape of `out.dist`.
    /// - Throws: an error if a file is missing, truncated, or has other species.
    init(folder: String, species: [String], shape: DistFile.Shape) throws(AtmosFileError) {
        self.species = species
        let flow = try FortranText(contentsOf: folder + "/out.flow")
        surfaceFluxes = try Self.surfaceFluxes(flow, count: species.count)
        report = try PhotoReport(contentsOf: folder + "/out.out", speciesCount: species.count)
        levels = try ChemistryLevels(contentsOf: folder + "/PTZ_mixingratios_out.dist", levels: shape.levels)
        let dist = folder + "/out.dist"
        state = try DistFile(try FortranText.read(dist), shape: shape, file: dist)
        for names in [report.fluxes.species, report.mixingRatios.species, levels.species] where names != species {
            throw AtmosFileError(folder, "has outputs with other species than the template")
        }
    }

    /// The ozone column, molecules/cm2.
    var ozoneColumn: Double { report.ozoneColumn }

    /// Whether every number is finite.
    var isFinite: Bool {
        surfaceFluxes.allSatisfy(\.isFinite) && report.ozoneColumn.isFinite && levels.isFinite
            && report.fluxes.values.allSatisfy { $0.allSatisfy(\.isFinite) }
    }

    /// Reads the numbers of `out.flow`, which may be on several lines.
    static func surfaceFluxes(_ text: FortranText, count: Int) throws(AtmosFileError) -> [Double] {
        var fluxes: [Double] = []
        for line in 0..<text.lineCount {
            for word in text[line].words {
                guard let number = FortranNumber.parse(word) else {
                    throw text.error(line, "has '\(word.text)', not a number")
                }
                fluxes.append(number)
            }
        }
        guard fluxes.count == count, text.isComplete else {
            throw text.error("has \(fluxes.count) fluxes, not \(count)")
        }
        return fluxes
    }
}
