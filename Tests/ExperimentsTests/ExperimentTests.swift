import Atmospheres
import Experiments
import Exploration
import Foundation
import Models
import Testing

@Suite struct ExperimentTests {
    @Test("Every key arrives") func everyKey() throws {
        let experiment = try read(text)
        #expect(experiment.title == "A test")
        #expect(experiment.summary == "What it is for")
        #expect(experiment.institution == "An institute")
        #expect(experiment.creator == "Somebody")
        #expect(experiment.license == "CC-BY-4.0")
        #expect(experiment.references == ["First 2020", "Second 2021"])
        #expect(experiment.comment == "None")
        #expect(experiment.lattice.gases.map(\.formula) == ["CO2", "CH4", "O2", "N2"])
        #expect(experiment.lattice.held == [Lattice.HeldGas(.o2, 0.21)])
        #expect(experiment.lattice.filler == .n2)
        #expect(experiment.neighbourhood == Neighbourhood(.diagonals, reach: 2))
        #expect(experiment.attempts == 3)
        #expect(experiment.order == .arrival)
        #expect(experiment.limits.map(\.quantity) == ["surface_temperature"])
        #expect(experiment.limits[0].minimum == 273.15)
        #expect(experiment.limits[0].maximum == 340)
        #expect(experiment.limits[0].unit == "K")
        #expect(experiment.limits[0].location?.line == 20)
        var settings = EnergyBalanceSettings()
        settings.surfacePressure = 150_000
        settings.solarConstant = 1300
        settings.zenithCosine = 0.6
        settings.surfaceAlbedo = 0.3
        #expect(experiment.model as? EnergyBalanceSettings == settings)
        #expect(experiment.stop == StopConditions(points: 100_000, generations: 200, wallTime: .seconds(43_200)))
        #expect(experiment.profiles == .only(["temperature"]))
        #expect(experiment.file == "test.yaml")
        #expect(experiment.text == text)
    }

    @Test("The smallest experiment gets the defaults") func defaults() throws {
        let experiment = try read(
            """
            title: Small
            origin: {CO2: 4e-4}
            axes: {CO2: {values: [1e-4, 4e-4]}}
            model: energy-balance
            """)
        #expect(experiment.summary == nil && experiment.references.isEmpty)
        #expect(experiment.lattice.filler == nil && experiment.lattice.held.isEmpty)
        #expect(experiment.neighbourhood == Neighbourhood(.sides, reach: 1))
        #expect(experiment.attempts == 2)
        #expect(experiment.order == .generations)
        #expect(experiment.model as? EnergyBalanceSettings == EnergyBalanceSettings())
        #expect(
            experiment.limits == [StabilityLimit("surface_temperature", minimum: 273.15, maximum: 340, unit: "K")])
        #expect(experiment.stop == StopConditions())
        #expect(experiment.profiles == .all)
    }

    @Test("Anchors and aliases repeat a value") func anchors() throws {
        let experiment = try read(
            text.with("CO2: &ratio 400 ppm", for: "CO2: 400 ppm").with("CH4: *ratio", for: "CH4: 1.63 ppm"))
        #expect(experiment.lattice.composition(of: experiment.lattice.origin)[.ch4] == 4e-4)
    }

    @Test("The hash is that of the bytes") func hash() throws {
        // printf '%s' 'title: ...' | sha256sum
        let experiment = try read(
            "title: a\norigin: {CO2: 4e-4}\naxes: {CO2: {values: [1e-4, 4e-4]}}\nmodel: energy-balance")
        #expect(experiment.sha256 == "1ede53cef3fce604c8136155ea8a4ebd75553eb356c85e2cd6974aeda92e0670")
    }

    @Test("A location is that of the key, or of the nearest key above it")
    func locations() throws {
        let experiment = try read(text)
        #expect(experiment.location(of: "origin.CH4").line == 11)
        #expect(experiment.location(of: "axes.CH4.pyatmos.step").line == 15)
        #expect(experiment.location(of: "store.profiles").line == 23)
        #expect(experiment.location(of: "nothing").line == nil)
    }

    @Test("The summary says what was understood, one fact a line") func summary() throws {
        let lines = try read(text).summaryLines
        for fact in [
            "title       A test",
            "origin      CO2 0.0004, CH4 1.63e-06, O2 0.21 (held), N2 0.78959837 (filler)",
            "axis CO2    37 values, 1.26491106407e-05 ... 0.4, the origin is value 13; logarithmic through the origin, "
                + "8 per decade, within 1e-05 ... 0.5",
            "axis CH4    21 values, 1.63e-06 ... 0.1, the origin is value 1; PyATMOS: the origin, then multiples of 0.005 "
                + "up to 0.1",
            "lattice     37 x 21 = 777 points",
            "neighbours  diagonals, reach 2",
            "attempts    3 a point",
            "order       arrival",
            "model       energy-balance",
            "            surface_pressure 150000.0 Pa",
            "limit       surface_temperature 273.15 ... 340.0 K",
            "stop        when the frontier is exhausted, or at 100000 points, generation 200, 43200.0 seconds",
            "store       profiles: temperature",
        ] {
            #expect(lines.contains(fact), "\(fact) in\n\(lines.joined(separator: "\n"))")
        }
        #expect(!lines.contains { $0.contains("\n") })
        let explained = try read(text).explainedSummaryLines
        #expect(explained.count == lines.count)
        #expect(
            explained.contains("            zenith_cosine 0.6  # cosine of the effective solar zenith angle"),
            "\(explained.joined(separator: "\n"))")
        let small = try read(text.with("", for: "\nlimits:\n  surface_temperature: {min: 0 degC, max: 340 K}"))
        #expect(small.summaryLines.contains("limit       surface_temperature 273.15 ... 340.0 K (the model's default)"))
    }

    @Test("A wall time is kept and shown in seconds") func stop() throws {
        let experiment = try read(
            text.with("stop: {wall_time: 1.5 min}", for: "stop: {points: 100000, generations: 200, wall_time: 12 h}"))
        #expect(experiment.stop == StopConditions(wallTime: .seconds(90)))
        #expect(experiment.stop.list == ["90.0 seconds"])
    }
}
