import Atmospheres
import Experiments
import Exploration
import Testing

@testable import Models

/// A model that answers what it is told.
private struct Told: AtmosphereModel {
    static let level = VerticalGrid("level", count: 2, longName: "level")
    static let layer = VerticalGrid("layer", count: 1, longName: "layer")

    let description = ModelDescription(
        name: "told", version: "1", references: [], respondsTo: [.co2],
        quantities: [.surfaceTemperature, .planetaryAlbedo],
        profiles: [
            Profile(Quantity("temperature", "K", "temperature"), on: level),
            Profile(Quantity("flux", "W m-2", "flux"), on: layer),
            Profile(Quantity("ozone", "1", "ozone"), on: level),
        ])
    var outcome = Outcome.stable
    var values = [288.0, 0.3]

    func evaluate(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend) {
        evaluation.outcome = outcome
        evaluation.values = values
        evaluation.profiles = [1, 2, 3, 4, 5]
        evaluation.exitCode = 7
    }
}

@Suite struct JudgedModelTests {
    static func experiment(_ more: String = "") throws -> Experiment {
        try Experiment(
            text: """
                title: a
                origin: {CO2: 4e-4}
                axes: {CO2: {values: [1e-4, 4e-4]}}
                model: energy-balance
                \(more)
                """, file: "test.yaml", models: ModelCatalogue.models, isReserved: { _ in false })
    }

    private func judge(_ told: Told, _ more: String) throws -> Evaluation {
        let experiment = try Self.experiment(more)
        var model = try JudgedModel(told, for: experiment)
        var evaluation = Evaluation(of: model.description)
        model.evaluate(at(experiment.lattice.blankComposition()), into: &evaluation, attend: { _ in true })
        return evaluation
    }

    @Test(
        "A limit decides, its own value included",
        arguments: [
            ([273.15, 0.3], Outcome.stable, Reason.none),
            ([340, 0.3], .stable, .none),
            ([273.1499999999, 0.3], .unstable, .frozen),
            ([340.0000000001, 0.3], .unstable, .moistGreenhouse),
            ([288, 0.1], .unstable, .belowLimit),
            ([288, 0.6], .unstable, .aboveLimit),
            ([200, 0.6], .unstable, .frozen),
            ([.nan, 0.3], .failed, .unreadableAnswer),
            ([288, .infinity], .failed, .unreadableAnswer),
        ])
    func limits(values: [Double], outcome: Outcome, reason: Reason) throws {
        let limits = "limits: {surface_temperature: {min: 0 degC, max: 340 K}, planetary_albedo: {min: 0.2, max: 50 %}}"
        let evaluation = try judge(Told(values: values), limits)
        #expect(evaluation.outcome == outcome)
        #expect(evaluation.reason == reason)
        #expect(evaluation.values.map(\.bitPattern) == values.map(\.bitPattern), "values stay for the record")
    }

    @Test("One bound alone leaves the other side open") func oneSided() throws {
        #expect(
            try judge(Told(values: [1000, 0.3]), "limits: {surface_temperature: {min: 0 degC}}").outcome == .stable)
        #expect(try judge(Told(values: [1, 0.3]), "limits: {surface_temperature: {max: 340 K}}").outcome == .stable)
        #expect(try judge(Told(values: [1, 0.3]), "limits: {}").outcome == .stable)
        #expect(try judge(Told(values: [1, 0.3]), "").reason == .frozen)
    }

    @Test("Only a stable answer is judged", arguments: [Outcome.unstable, .notConverged, .failed])
    func others(outcome: Outcome) throws {
        let evaluation = try judge(Told(outcome: outcome, values: [.nan, .nan]), "")
        #expect(evaluation.outcome == outcome)
        #expect(evaluation.reason == .none)
    }

    @Test(
        "Profiles are kept as asked, in the model's order",
        arguments: [
            ("all", ["temperature", "flux", "ozone"], [Float(1), 2, 3, 4, 5]),
            ("none", [], []),
            ("[ozone, temperature]", ["temperature", "ozone"], [1, 2, 4, 5]),
            ("[flux]", ["flux"], [3]),
        ])
    func profiles(wanted: String, names: [String], values: [Float]) throws {
        let more = "store: {profiles: \(wanted)}"
        #expect(try JudgedModel(Told(), for: Self.experiment(more)).description.profiles.map(\.quantity.name) == names)
        let evaluation = try judge(Told(), more)
        #expect(evaluation.profiles == values)
        #expect(evaluation.values == [288, 0.3])
        #expect(evaluation.exitCode == 7)
    }

    @Test(
        "What the model does not return is refused, with the line",
        arguments: [
            (
                "limits:\n  surface_temperatur: {max: 340 K}", 6,
                ["did you mean 'surface_temperature'?", "it returns: "]
            ),
            ("limits: {ph: {max: 7}}", 5, ["limits.ph is not a quantity of energy-balance; it returns"]),
            ("limits:\n  surface_temperature: {max: 340}", 6, ["is in '1'", "in 'K'"]),
            ("limits:\n  planetary_albedo: {max: 1 mol}", 6, ["is in 'mol'", "in '1'"]),
            ("store:\n  profiles: [ozon]", 6, ["did you mean 'ozone'?", "it returns: temperature, flux, ozone"]),
        ])
    func refused(more: String, line: Int, parts: [String]) throws {
        let experiment = try Self.experiment(more)
        let error = #expect(throws: ExperimentError.self) { try JudgedModel(Told(), for: experiment) }
        #expect(error?.line == line)
        for part in parts { #expect(error?.description.contains(part) == true, "\(part) in \(error!)") }
    }
}
