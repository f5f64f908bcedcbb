internal import Glibc

/// The state of the made-up chemistry, `in.dist` and `out.dist`, and the atmosphere that it describes.
enum StateFile {
    /// Returns the height of the middle of a level, cm.
    static func height(_ level: Int) -> Double { (Double(level) + 0.5) * 5e4 }

    /// Returns the temperature of a level in the template's state, which uncoupled runs do not change, K.
    static func temperature(_ level: Int) -> Double {
        let kilometres = height(level) / 1e5
        if kilometres < 12 { return 289.6 - 6.1 * kilometres }
        if kilometres < 50 { return 216.4 + 1.3 * (kilometres - 12) }
        return max(187, 265.8 - 1.9 * (kilometres - 50))
    }

    /// Returns the number density of a level, molecules/cm3.
    static func density(_ level: Int) -> Double { 2.55e19 * exp(-height(level) / 7.5e5) }

    /// Returns the mixing ratio of a species relative to that at the surface.
    static func shape(of name: String, level: Int) -> Double {
        let x = Double(level) / Double(FakeTree.levels)
        switch name {
        case "O3": return 1 + 400 * exp(-pow((height(level) - 3.5e6) / 9e5, 2))
        case "O2", "H2", "CO2", "N2O": return 1 - 0.4 * pow(x, 8)
        case "CH4": return exp(-3 * x * x)
        case "N": return pow(10, 100 * x)
        default: return exp(-2 * x)
        }
    }

    /// Returns the saturation vapour pressure of water, bar (August-Roche-Magnus).
    static func saturation(_ kelvin: Double) -> Double {
        6.1094e-3 * exp(17.625 * (kelvin - 273.15) / (kelvin - 30.11))
    }

    static func page(
        mixingRatios: [[Double]], temperature: [Double], eddyDiffusion: [Double], numberDensity: [Double],
        ozone: [Double]? = nil, carbonDioxide: [Double]? = nil
    ) -> Page {
        var page = Page()
        let levels = temperature.count
        let none = [Double](repeating: 1e-10, count: levels)
        func block(_ columns: ArraySlice<[Double]>) {
            for level in 0..<levels {
                for column in columns { page.e0(column[level], 17, 8) }
                page.endLine()
            }
        }
        for start in stride(from: 0, to: mixingRatios.count, by: 10) {
            block(mixingRatios[start..<min(start + 10, mixingRatios.count)])
        }
        block([temperature, eddyDiffusion, numberDensity, ozone ?? none, carbonDioxide ?? none])
        let radius = [Double](repeating: 1e-5, count: levels)
        let concentration = (0..<levels).map { 100 * exp(-Double($0) / 30) }
        let speed = (0..<levels).map { 0.01 * exp(Double($0) / 20) }
        block([concentration, none, speed, speed, radius, radius])
        return page
    }
}
