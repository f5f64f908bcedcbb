internal import Glibc

/// The result of a made-up climate run. Levels are in order from the top of the atmosphere to the surface.
struct ClimaResult {
    /// Pressure of each level, bar.
    let pressure: [Double]
    /// Temperature of each level, K.
    let temperature: [Double]
    /// Water vapour mixing ratio of each level.
    let waterVapour: [Double]
    /// Altitude of each level, km.
    let altitude: [Double]
    /// Carbon dioxide mixing ratio, the same at each level.
    let carbonDioxide: Double

    /// Creates the result for a surface temperature, K, and a surface pressure, bar.
    init(surface: Double, pressure surfacePressure: Double, carbonDioxide: Double) {
        let pressure = Self.pressures(surfacePressure)
        let temperature = Self.temperatures(surface: surface, pressure: surfacePressure)
        self.pressure = pressure
        self.temperature = temperature
        waterVapour = zip(pressure, temperature).map { pressure, temperature in
            max(4e-6, 0.8 * StateFile.saturation(temperature) * pressure / surfacePressure / surfacePressure)
        }
        altitude = pressure.map { 7 * log(surfacePressure / $0) }
        self.carbonDioxide = carbonDioxide
    }

    private static func pressures(_ surface: Double) -> [Double] {
        let top = 7.698e-6
        let levels = ClimaStandIn.levels
        return (0..<levels).map { level in
            level == levels - 1 ? surface : top * pow(surface / top, Double(level) / Double(levels - 1))
        }
    }

    /// Returns the temperatures of an adiabat up to a stratosphere, K.
    static func temperatures(surface: Double, pressure: Double) -> [Double] {
        pressures(pressure).map { max(surface * pow($0 / pressure, 0.18), 0.6 * surface) }
    }

    /// The contents of `TempOut.dat`.
    var profile: Page {
        var page = Page()
        for (temperature, water) in zip(temperature, waterVapour) {
            page.text("   ")
            page.f(temperature, 16, 12)
            page.text("       ")
            page.e0(water, 22, 15)
            page.endLine()
        }
        return page
    }

    /// The contents of `fromClima2Photo.dat`: altitude in km, temperature and water vapour on the chemistry's levels, surface first.
    var forChemistry: Page {
        var page = Page()
        for level in 0..<FakeTree.levels {
            let height = 0.5 * Double(level)
            let above = altitude.lastIndex { $0 >= height } ?? 0
            page.line("   \(height)        \(temperature[above])        \(waterVapour[above])")
        }
        return page
    }
}
