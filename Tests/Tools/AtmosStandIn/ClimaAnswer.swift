internal import Glibc

/// The end of a made-up climate run. Levels run from the top of the atmosphere to the surface.
struct ClimaAnswer {
    /// bar
    let pressure: [Double]
    /// K
    let temperature: [Double]
    let waterVapour: [Double]
    /// km
    let altitude: [Double]
    let carbonDioxide: Double

    /// - Parameter pressure: at the surface, bar.
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

    /// An adiabat up to a stratosphere.
    static func temperatures(surface: Double, pressure: Double) -> [Double] {
        pressures(pressure).map { max(surface * pow($0 / pressure, 0.18), 0.6 * surface) }
    }

    /// `TempOut.dat`
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

    /// `fromClima2Photo.dat`: altitude in km, temperature and water vapour on the chemistry's levels, surface first.
    var forChemistry: Page {
        var page = Page()
        for level in 0..<FakeTree.levels {
            let height = 0.5 * Double(level)
            let place = altitude.lastIndex { $0 >= height } ?? 0
            page.line("   \(height)        \(temperature[place])        \(waterVapour[place])")
        }
        return page
    }
}
