import Experiments
import Testing

@Suite struct WideningTests {
    @Test(
        "An experiment with more values or looser limits may continue from the results",
        arguments: [
            ("to: 0.9, per_decade", "to: 0.5, per_decade"),
            ("from: 1e-6", "from: 1e-5"),
            ("per_decade: 16", "per_decade: 8"),
            ("to: 0.2}}", "to: 0.1}}"),
            ("{min: -10 degC, max: 340 K}", "{min: 0 degC, max: 340 K}"),
            ("{min: 273.15 K, max: 77 degC}", "{min: 0 degC, max: 340 K}"),
            ("{max: 340 K}", "{min: 0 degC, max: 340 K}"),
            ("{min: 0 degC}", "{min: 0 degC, max: 340 K}"),
            ("limits: {}", "limits:\n  surface_temperature: {min: 0 degC, max: 340 K}"),
            ("title: Another", "title: A test"),
        ])
    func possible(new: String, old: String) throws {
        let widening = Widening(of: try read(text), to: try read(text.with(new, for: old)))
        #expect(widening.isPossible, "\(widening.obstacles)")
    }

    @Test("Several keys may be wider at once")
    func several() throws {
        let wider = text.with("to: 0.9, per_decade", for: "to: 0.5, per_decade").with("to: 0.2}}", for: "to: 0.1}}")
            .with("{max: 350 K}", for: "{min: 0 degC, max: 340 K}")
        #expect(Widening(of: try read(text), to: try read(wider)).isPossible)
        let back = Widening(of: try read(wider), to: try read(text)).obstacles
        #expect(back.map { $0.prefix { $0 != ":" } } == ["axes.CH4", "axes.CO2", "limits.surface_temperature"])
    }

    @Test(
        "Anything else stands in the way: the key, both values, and why",
        arguments: [
            (
                "to: 0.3, per_decade", "to: 0.5, per_decade",
                ["axes.CO2: 36 values, ", " in the results file; 0.4 of the results file is missing"]
            ),
            ("per_decade: 9", "per_decade: 8", ["axes.CO2: ", " values of the results file are missing, the first 1"]),
            (
                "CO2: 401 ppm", "CO2: 400 ppm",
                ["axes.CO2: ", "origin 0.0004, sha256", "; the origin must stay the same"]
            ),
            (
                "{min: 1 degC, max: 340 K}", "{min: 0 degC, max: 340 K}",
                [
                    "limits.surface_temperature: 274.15 ... 340.0 K here, 273.15 ... 340.0 K in the results file; "
                        + "the new range must contain the old one"
                ]
            ),
            (
                "{min: -50 degC, max: 339 K}", "{min: 0 degC, max: 340 K}",
                [
                    "limits.surface_temperature: 223.15 ... 339.0 K here",
                    "; the new range must contain the old one",
                ]
            ),
            (
                "  surface_temperature: {max: 340 K}\n  planetary_albedo: {max: 0.5}",
                "  surface_temperature: {min: 0 degC, max: 340 K}",
                [
                    "limits.planetary_albedo: at most 0.5 here, not set in the results file; "
                        + "a new limit narrows what is stable"
                ]
            ),
            (
                "{max: 340}", "{min: 0 degC, max: 340 K}",
                ["limits.surface_temperature: ", "; the unit must stay the same"]
            ),
            (
                "attempts: 2", "attempts: 3",
                ["attempts: 2 here, 3 in the results file; only axes and limits may be widened"]
            ),
            ("reach: 1", "reach: 2", ["neighbours: ", "; only axes and limits may be widened"]),
            ("filler: Ar", "filler: N2", ["filler: Ar here, N2 in the results file; only axes and limits"]),
            ("O2: 0.2\n", "O2: 0.21\n", ["origin.O2: 0.2 here, 0.21 in the results file; only axes and limits"]),
            ("surface_albedo: 0.2", "surface_albedo: 0.3", ["model.surface_albedo: ", "; only axes and limits"]),
        ])
    func obstacles(new: String, old: String, parts: [String]) throws {
        let obstacles = Widening(of: try read(text), to: try read(text.with(new, for: old))).obstacles
        #expect(obstacles.count == 1, "\(obstacles)")
        for part in parts { #expect(obstacles.first?.contains(part) == true, "\(part) in \(obstacles)") }
    }

    @Test("The axes have to be those of the same gases in the same order")
    func gases() throws {
        let (co2, ch4) = (
            "  CO2: {log: {from: 1e-5, to: 0.5, per_decade: 8}}", "  CH4: {pyatmos: {step: 0.005, to: 0.1}}"
        )
        let exchanged = try read(text.with(ch4 + "\n" + co2, for: co2 + "\n" + ch4))
        #expect(
            Widening(of: try read(text), to: exchanged).obstacles == [
                "axes: CH4 CO2 here, CO2 CH4 in the results file; gases and order of the axes must stay the same"
            ])
        let fewer = Widening(of: try read(text), to: try read(text.with(co2, for: co2 + "\n" + ch4))).obstacles
        #expect(fewer.map { $0.prefix { $0 != ":" } } == ["axes", "axes.CH4", "origin.CH4"])
        #expect(fewer[1].hasPrefix("axes.CH4: not set here, 21 values"))
        #expect(fewer[1].hasSuffix("; gases and order of the axes must stay the same"))
    }
}
