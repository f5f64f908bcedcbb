internal import Glibc

/// The result of a made-up chemistry run, and the files that contain it.
struct PhotoResult {
    let species: [StandInSpecies]
    let argon: Double
    /// Mixing ratios, shape (species, levels).
    private(set) var mixingRatios: [[Double]]
    let temperature: [Double]
    let eddyDiffusion: [Double]
    let numberDensity: [Double]
    /// Pressure of each level, bar.
    let pressure: [Double]
    /// Surface fluxes, molecules/cm2/s.
    private(set) var fluxes: [Double] = []

    private static let boltzmann = 1.380649e-16

    init(_ run: PhotoStandIn) {
        species = run.longLived
        argon = run.planet.argon
        let levels = FakeTree.levels
        let count = species.count
        let temperature = run.climate?.temperature ?? run.state[count]
        self.temperature = temperature
        eddyDiffusion = run.state[count + 1]
        let density = run.state[count + 2]
        numberDensity = density
        pressure = (0..<levels).map { density[$0] * temperature[$0] * Self.boltzmann * 1e-6 }
        mixingRatios = []

        let fixed = Inputs.composition(of: run.species)
        let carbon = log((fixed["CO2"] ?? 4e-4) / 4e-4)
        let methane = log((fixed["CH4"] ?? 1.63e-6) / 1.63e-6)
        for row in species {
            let start = FakeSpecies.all.first { $0.name == row.name }?.start ?? 1e-10
            var surface = row.lowerBoundary == 1 ? row.fixedMixingRatio : start * exp(0.1 * carbon + 0.05 * methane)
            if row.name == "O3" {
                surface =
                    2e-8 * pow((fixed["O2"] ?? 0.21) / 0.21, 0.4) * exp(-0.02 * carbon - 0.2 * max(0, methane))
                // In coupled runs, a warmer surface has a few per cent more ozone.
                if let climate = run.climate { surface *= 1 + 0.002 * (climate.temperature[0] - 268) }
            }
            if row.name == "CH4", row.lowerBoundary != 1 { surface = start }
            mixingRatios.append(
                (0..<levels).map { level in
                    let value = surface * StateFile.shape(of: row.name, level: level)
                    return row.name == "H2O" ? vapour(level, run) : value
                })
        }
        fluxes = zip(species, mixingRatios).map { row, ratios in
            switch row.lowerBoundary {
            case 0: -row.depositionVelocity * density[0] * ratios[0]
            case 1:
                1e12 * (0.3 + 0.5 * log(ratios[0] / (FakeSpecies.all.first { $0.name == row.name }?.start ?? 1e-10)))
            default: row.flux
            }
        }
    }

    /// Returns the water vapour of a level, which below the tropopause follows from the humidity, whatever the species
    /// table says.
    private func vapour(_ level: Int, _ run: PhotoStandIn) -> Double {
        let trap = 28
        if level < trap, let climate = run.climate { return climate.waterVapour[level] }
        let below = min(level, trap)
        let humidity = 0.7 * (1 - 0.7 * Double(below) / Double(trap))
        let ratio = humidity * StateFile.saturation(temperature[below]) / pressure[below]
        return level <= trap ? ratio : ratio * exp(-Double(level - trap) / 60)
    }

    subscript(name: String) -> [Double] {
        species.firstIndex { $0.name == name }.map { mixingRatios[$0] } ?? temperature.map { _ in 0 }
    }

    /// The ozone column, molecules/cm2.
    var ozoneColumn: Double { zip(self["O3"], numberDensity).reduce(0) { $0 + $1.0 * $1.1 } * 5e4 }

    /// Writes all files except the report.
    func write(truncated: Bool, notFinite: Bool, noState: Bool) throws {
        try Files.write(levels, to: PhotoStandIn.output + "/PTZ_mixingratios_out.dist")
        var flow = Page()
        for flux in fluxes {
            flow.text(" ")
            flow.right("\(flux)".replacing("e", with: "E"), 25)
        }
        flow.endLine()
        try Files.write(flow, to: PhotoStandIn.output + "/out.flow")
        try writeCoupling()
        var shown = Page()
        shown.line(" made up")
        try Files.write(shown, to: "fort.13")
        if noState { return }
        var ratios = mixingRatios
        if notFinite { ratios[ratios.count / 2][17] = .nan }
        var state = StateFile.page(
            mixingRatios: ratios, temperature: temperature, eddyDiffusion: eddyDiffusion, numberDensity: numberDensity,
            ozone: self["O3"], carbonDioxide: zip(self["CO2"], numberDensity).map { $0 * $1 })
        if truncated { state.cut(to: state.bytes.count * 5 / 8) }
        try Files.write(state, to: PhotoStandIn.output + "/out.dist")
    }

    /// `PTZ_mixingratios_out.dist`
    private var levels: Page {
        var page = Page()
        page.text("    PRESS     TEMP      ALT       ")
        for row in species { page.left(row.name, 10) }
        page.endLine()
        for level in temperature.indices {
            page.text(" ")
            for value in [pressure[level], temperature[level], StateFile.height(level)]
                + mixingRatios.map({ $0[level] })
            {
                page.e(value, 12, 3, exponentDigits: 3)
            }
            page.endLine()
        }
        return page
    }

    private func writeCoupling() throws {
        var rows = Page()
        let columns = ["O3", "H2O", "CH4", "CO2", "C2H6"].map { self[$0] }
        for level in temperature.indices {
            rows.e(StateFile.height(level), 9, 3)
            for value in [pressure[level] * 1e6] + columns.map({ $0[level] }) {
                rows.text("  ")
                rows.e(value, 8, 2)
            }
            rows.endLine()
        }
        try Files.write(rows, to: "COUPLE/fromPhoto2Clima.dat")
        var surface = Page()
        let gases = ["CH4", "C2H6", "CO2", "O2", "H2"]
        let sum = gases.reduce(argon) { $0 + self[$1][0] }
        for (name, value) in [
            ("Argon", argon), ("Methane", self["CH4"][0]), ("Ethane", self["C2H6"][0]),
            ("Carbon Dioxide", self["CO2"][0]), ("Nitrogen", max(0, 1 - sum) + self["CO2"][0]),
            ("Oxygen", self["O2"][0]), ("Hydrogen", self["H2"][0]), ("Nitrogen Dioxide", 2.5e-71),
        ] {
            surface.e(value, 10, 3)
            surface.line("          !" + name)
        }
        surface.line(" 28                 !Tropopause layer")
        try Files.write(surface, to: "COUPLE/mixing_ratios.dat")
    }
}
