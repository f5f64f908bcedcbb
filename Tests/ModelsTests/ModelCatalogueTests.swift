import Atmospheres
import Experiments
import Exploration
import Foundation
import Testing

@testable import Models

@Suite struct ModelCatalogueTests {
    func experiment(origin: String, axes: String, more: String = "") throws -> Experiment {
        try Experiment(
            text: "title: a\norigin: {\(origin)}\naxes: {\(axes)}\nmodel: energy-balance\n\(more)", file: "test.yaml",
            models: ModelCatalogue.models, isReserved: { _ in false })
    }

    static func example(_ name: String) throws -> Experiment {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appending(path: "jobs/experiments/\(name).yaml").path
        return try Experiment(contentsOf: file, models: ModelCatalogue.models) { _ in false }
    }

    @Test(
        "The origin of every example is stable under its model",
        arguments: [
            ("earthlike-2d", 288.04), ("faint-sun-2d", 276.31), ("earthlike-3d", 288.04), ("pyatmos-5gas", 288.04),
        ])
    func examples(name: String, temperature: Double) throws {
        let experiment = try Self.example(name)
        var model = try ModelCatalogue.model(for: experiment)
        var evaluation = Evaluation(of: model.description)
        model.evaluate(
            at(experiment.lattice.composition(of: experiment.lattice.origin)), into: &evaluation, attend: { _ in true })
        #expect(evaluation.outcome == .stable)
        #expect(abs(evaluation.values[0] - temperature) < 0.05)
    }

    @Test("Under a faint Sun there is a boundary on every side, for its own reason") func boundary() throws {
        let experiment = try Self.example("faint-sun-2d")
        let lattice = experiment.lattice
        var model = try ModelCatalogue.model(for: experiment)
        var counts: [Reason: Int] = [:]
        for key in 0..<lattice.count {
            var evaluation = Evaluation(of: model.description)
            let position = Position(key: key)
            model.evaluate(at(lattice.composition(of: position)), into: &evaluation, attend: { _ in true })
            counts[evaluation.reason, default: 0] += 1
            let onEdge = zip(lattice.indices(of: position), lattice.axes).contains { $0 == 0 || $0 == $1.count - 1 }
            #expect(!onEdge || evaluation.outcome == .unstable, "the stable region does not touch the axes' ends")
        }
        #expect(counts[.none, default: 0] > 4000, "\(counts)")
        for reason in [Reason.frozen, .moistGreenhouse, EnergyBalance.outsideFit] {
            #expect(counts[reason, default: 0] > 250, "\(counts.map { ($0.name, $1) })")
        }
    }

    @Test("Axes to which the model does not respond are named") func effectFree() throws {
        #expect(try ModelCatalogue.effectFreeAxes(of: Self.example("earthlike-2d")) == [])
        #expect(try ModelCatalogue.effectFreeAxes(of: Self.example("earthlike-3d")) == [.o2])
        #expect(try ModelCatalogue.effectFreeAxes(of: Self.example("pyatmos-5gas")) == [.o2, .h2o, .h2])
        let filled = try experiment(origin: "O2: 0.2", axes: "O2: {values: [0.2, 0.9]}", more: "filler: CO2")
        #expect(try ModelCatalogue.effectFreeAxes(of: filled) == [], "O2 makes room for CO2, the filler")
    }

    @Test("Without carbon dioxide there is no energy balance") func noCarbonDioxide() throws {
        let experiment = try experiment(origin: "O2: 0.2", axes: "O2: {values: [0.2, 0.9]}")
        let error = #expect(throws: ExperimentError.self) { try ModelCatalogue.model(for: experiment) }
        #expect(error?.line == 2)
        #expect(error?.message.contains("needs CO2") == true)
    }

    @Test("Methane may vary only around an origin whose forcing is known") func methaneOrigin() throws {
        let far = "CO2: 4e-4, CH4: 0.01"
        let varied = try experiment(origin: far, axes: "CH4: {values: [1e-6, 0.01]}")
        let error = #expect(throws: ExperimentError.self) { try ModelCatalogue.model(for: varied) }
        #expect(error?.line == 2)
        #expect(error?.message.contains("100 ppb to 100 ppm") == true)
        let held = try experiment(origin: far, axes: "CO2: {values: [1e-4, 4e-4]}")
        #expect(throws: Never.self) { try ModelCatalogue.model(for: held) }
    }

    @Test("The settings that decide results have the same text as in files of earlier versions")
    func identity() throws {
        let text = "title: a\norigin: {CO2: 0.1}\naxes: {CO2: {values: [0.1, 0.2]}}\nmodel: {name: atmos, home: /a}"
        let experiment = try Experiment(
            text: text, file: "test.yaml", models: ModelCatalogue.models, isReserved: { _ in false })
        let settings = experiment.identity.entries.filter { $0.key.hasPrefix("model.") }
            .map { "\($0.key.dropFirst(6)) = \($0.value)" }
        #expect(
            settings == [
                "agreement = 0.2 K", "clima_time_limit = by its steps", "methane_opacity = auto", "most_passes = 12",
                "most_rounds = 8", "name = atmos", "ozone_agreement = 0.005", "pass_steps = 40", "photo_patience = 500",
                "photo_step_limit = the program's", "photo_time_limit = 600.0 s", "protocol = settled",
                "stepping_stones = 0", "template = the tree's",
            ])
    }
}
