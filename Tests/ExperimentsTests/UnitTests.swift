import Atmospheres
import Experiments
import Exploration
import Models
import Testing

@Suite struct UnitTests {
    @Test(
        "A pressure in any unit is the same number of Pa",
        arguments: [
            ("1.5 bar", 150_000.0), ("1500 hPa", 150_000), ("1500 mbar", 150_000), ("150 kPa", 150_000),
            ("1.5e5 Pa", 150_000), ("1 atm", 101_325), ("1.013bar", 101_300), ("+1.013  bar", 101_300),
        ])
    func pressure(written: String, pascals: Double) throws {
        let experiment = try read(text.with("surface_pressure: \(written),", for: "surface_pressure: 1.5 bar,"))
        var settings = EnergyBalanceSettings()
        settings.surfacePressure = pascals
        settings.solarConstant = 1300
        settings.zenithCosine = 0.6
        settings.surfaceAlbedo = 0.3
        #expect(experiment.model as? EnergyBalanceSettings == settings)
    }

    @Test(
        "A temperature in any unit is the same number of K",
        arguments: [
            ("0 degC", 273.15), ("0 °C", 273.15), ("-0.15 degC", 273.0), ("273.15 K", 273.15), ("2.7315e2 K", 273.15),
        ])
    func temperature(written: String, kelvins: Double) throws {
        let experiment = try read(text.with("{min: \(written), max: 340 K}", for: "{min: 0 degC, max: 340 K}"))
        #expect(experiment.limits[0].minimum == kelvins)
        #expect(experiment.limits[0].unit == "K")
    }

    @Test(
        "A time in any unit is the same number of seconds",
        arguments: [
            ("90 s", 90.0), ("30 min", 1800), ("12 h", 43_200), ("2 d", 172_800), ("0.5 s", 0.5), ("1.5h", 5400),
        ])
    func duration(written: String, seconds: Double) throws {
        let experiment = try read(text.with("wall_time: \(written)}", for: "wall_time: 12 h}"))
        #expect(experiment.stop.wallTime == .seconds(seconds))
    }

    @Test(
        "A mixing ratio in any unit is the double nearest to its decimal",
        arguments: [
            ("400 ppm", 4e-4), ("0.04 %", 4e-4), ("0.04%", 4e-4), ("400000 ppb", 4e-4), ("4e8 ppt", 4e-4),
            ("4E-4", 4e-4), ("0.00040", 4e-4), (".0004", 4e-4), ("\"4e-4\"", 4e-4), ("411.7 ppm", 411.7e-6),
        ])
    func mixingRatio(written: String, ratio: Double) throws {
        let experiment = try read(text.with("CO2: \(written)", for: "CO2: 400 ppm"))
        #expect(experiment.lattice.composition(of: experiment.lattice.origin)[.co2] == ratio)
    }

    @Test(
        "A limit keeps a unit that the format does not know, for the model to compare",
        arguments: [("7 mol m-2", 7.0, "mol m-2"), ("0.5", 0.5, "1"), ("50 %", 0.5, "1"), ("2 W m-2", 2, "W m-2")])
    func limit(written: String, value: Double, unit: String) throws {
        let experiment = try read(text.with("{max: \(written)}", for: "{min: 0 degC, max: 340 K}"))
        #expect(experiment.limits[0].maximum == value)
        #expect(experiment.limits[0].unit == unit)
    }
}
