/// Everything that a chemistry run returns. Levels run from the surface up.
struct PhotoOutput: Sendable {
    /// The long-lived species, in the order of the species table.
    let species: [String]
    /// Surface fluxes, molecules/cm2/s, upwards positive, in full: one a species.
    let surfaceFluxes: [Double]
    let report: PhotoReport
    let levels: ChemistryLevels
    /// The end state, with number density and eddy diffusion.
    let state: DistFile

    /// Reads `out.out`, `out.flow`, `PTZ_mixingratios_out.dist` and `out.dist` of a folder.
    ///
    /// - Parameter species: the long-lived species of the template.
    /// - Throws: when a file is missing, cut short, or is of other species.
    init(folder: String, species: [String], shape: DistFile.Shape) throws(AtmosFileError) {
        self.species = species
        let flow = try FortranText(contentsOf: folder + "/out.flow")
        surfaceFluxes = try Self.surfaceFluxes(flow, count: species.count)
        report = try PhotoReport(contentsOf: folder + "/out.out", speciesCount: species.count)
        levels = try ChemistryLevels(contentsOf: folder + "/PTZ_mixingratios_out.dist", levels: shape.levels)
        let dist = folder + "/out.dist"
        state = try DistFile(try FortranText.read(dist), shape: shape, file: dist)
        for names in [report.fluxes.species, report.mixingRatios.species, levels.species] where names != species {
            throw AtmosFileError(folder, "has outputs of other species than the template's")
        }
    }

    /// Molecules of ozone in a column, molecules/cm2.
    var ozoneColumn: Double { report.ozoneColumn }

    /// Mixing ratio at the surface level; `nil` for what is no long-lived species.
    func surfaceMixingRatio(of name: String) -> Double? {
        species.firstIndex(of: name).map { state.mixingRatios[$0][0] }
    }

    /// Surface flux, molecules/cm2/s; `nil` for what is no long-lived species.
    func surfaceFlux(of name: String) -> Double? {
        species.firstIndex(of: name).map { surfaceFluxes[$0] }
    }

    var isFinite: Bool {
        surfaceFluxes.allSatisfy(\.isFinite) && report.ozoneColumn.isFinite && levels.isFinite
            && report.fluxes.values.allSatisfy { $0.allSatisfy(\.isFinite) }
    }

    /// The numbers of `out.flow`, which may be broken into lines.
    static func surfaceFluxes(_ text: FortranText, count: Int) throws(AtmosFileError) -> [Double] {
        var fluxes: [Double] = []
        for line in 0..<text.lineCount {
            for word in text[line].words {
                guard let number = FortranNumber.parse(word) else {
                    throw text.error(line, "holds '\(word.text)', no number")
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
