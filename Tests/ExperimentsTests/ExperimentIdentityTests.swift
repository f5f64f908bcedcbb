import Experiments
import Testing

@Suite struct ExperimentIdentityTests {
    @Test(
        "What changes no result leaves the identity as it is",
        arguments: [
            ("# a comment\n\ntitle:   A test", "title: A test"),
            ("title: Another", "title: A test"),
            ("comment: Some", "comment: None"),
            ("references: Third", "references: [First 2020, Second 2021]"),
            ("stop: {points: 5}", "stop: {points: 100000, generations: 200, wall_time: 12 h}"),
            ("{max: 340 K, min: 273.15 K}", "{min: 0 degC, max: 340 K}"),
            ("CO2: 4.0e-4", "CO2: 400 ppm"),
            ("surface_pressure: 1500 hPa", "surface_pressure: 1.5 bar"),
            ("filler: \"N2\"", "filler: N2"),
            ("{log: {per_decade: 8, from: 1.2e-5, to: 0.5}}", "{log: {from: 1e-5, to: 0.5, per_decade: 8}}"),
            ("  CO2: 400 ppm\n  O2: 0.21\n", "  O2: 0.21\n  CO2: 400 ppm\n"),
        ])
    func unaffected(new: String, old: String) throws {
        let (before, after) = (try read(text), try read(text.with(new, for: old)))
        #expect(before.sha256 != after.sha256)
        #expect(before.identity == after.identity)
        #expect(before.identity.sha256 == after.identity.sha256)
        #expect(after.identity.differences(from: before.identity).isEmpty)
    }

    @Test(
        "What changes results changes the identity, under its key",
        arguments: [
            ("  O2: 0.2\n", "  O2: 0.21\n", ["origin.O2: 0.2 here, 0.21 in the results file"]),
            ("CO2: 401 ppm", "CO2: 400 ppm", ["axes.CO2: 37 values, 1.26807334173e-05 ... 0.401"]),
            ("per_decade: 9", "per_decade: 8", ["axes.CO2: "]),
            ("to: 0.105}", "to: 0.1}", ["axes.CH4: "]),
            ("filler: Ar", "filler: N2", ["filler: Ar here, N2 in the results file"]),
            ("", "filler: N2\n", ["filler: none here"]),
            ("reach: 1", "reach: 2", ["neighbours: diagonals, reach 1 here"]),
            ("shape: sides", "shape: diagonals", ["neighbours: sides"]),
            ("attempts: 2", "attempts: 3", ["attempts: 2 here, 3 in the results file"]),
            ("order: generations", "order: arrival", ["order: generations here, arrival in"]),
            ("{min: 1 degC, max: 340 K}", "{min: 0 degC, max: 340 K}", ["limits.surface_temperature: "]),
            ("{min: 0 degC}", "{min: 0 degC, max: 340 K}", ["limits.surface_temperature: at least 273.15 K here"]),
            ("surface_pressure: 1 bar", "surface_pressure: 1.5 bar", ["model.surface_pressure: 100000.0 Pa here"]),
            ("solar_constant: 1361 W m-2", "solar_constant: 1300 W m-2", ["model.solar_constant: 1361.0 W m-2 here"]),
            ("zenith_cosine: 0.5", "zenith_cosine: 0.6", ["model.zenith_cosine: 0.5 here"]),
            ("surface_albedo: 0.2", "surface_albedo: 0.3", ["model.surface_albedo: 0.2 here"]),
            ("profiles: none", "profiles: [temperature]", ["store.profiles: none here, temperature in"]),
            (
                "  surface_temperature: {max: 340 K}\n  planetary_albedo: {max: 0.5}",
                "  surface_temperature: {min: 0 degC, max: 340 K}",
                ["limits.planetary_albedo: at most 0.5 here, not set in", "limits.surface_temperature: "]
            ),
        ])
    func affected(new: String, old: String, lines: [String]) throws {
        let differences = try read(text.with(new, for: old)).identity.differences(from: read(text).identity)
        #expect(differences.count == lines.count, "\(differences)")
        for (difference, line) in zip(differences, lines) { #expect(difference.hasPrefix(line), "\(difference)") }
    }

    @Test("The order of the axes is part of the identity: it numbers the points") func axisOrder() throws {
        let (co2, ch4) = (
            "  CO2: {log: {from: 1e-5, to: 0.5, per_decade: 8}}", "  CH4: {pyatmos: {step: 0.005, to: 0.1}}"
        )
        let differences = try read(text.with(ch4 + "\n" + co2, for: co2 + "\n" + ch4)).identity
            .differences(from: read(text).identity)
        #expect(differences == ["axes: CH4 CO2 here, CO2 CH4 in the results file"])
    }

    @Test("Its text can be kept and read back") func roundTrip() throws {
        let identity = try read(text).identity
        #expect(ExperimentIdentity(text: identity.text) == identity)
        #expect(identity.entries.map(\.key) == identity.entries.map(\.key).sorted())
        #expect(identity.entries.count == 15)
    }
}
