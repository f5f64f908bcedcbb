internal import ArgumentParser
internal import Atmospheres
internal import Experiments
internal import Exploration
internal import Models
internal import Reporting
internal import Results

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Shows how an experiment file is understood. Runs no model and needs no MPI.",
        discussion: """
            EXAMPLE
              atmos-frontier check jobs/experiments/pyatmos-5gas.yaml
            """)

    @Argument(help: "The experiment file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    func run() throws {
        let experiment = try Experiment.load(experiment)
        let model = try Experiment.checking { try ModelCatalogue.model(for: experiment).description }
        let schema = Schema(of: model, on: experiment.lattice)
        var lines = experiment.explainedSummaryLines
        let names = model.quantities.map(\.name) + model.profiles.map(\.quantity.name)
        let more = names.count > 16 ? " and \(names.count - 12) more (listed by 'atmos-frontier schema')" : ""
        lines.append("returns     \(names.prefix(more.isEmpty ? 16 : 12).joined(separator: ", "))\(more)")
        for line in model.identity.split(separator: "\n") { lines.append("            \(line)") }
        let idle = try Experiment.checking { try ModelCatalogue.effectFreeAxes(of: experiment) }
        if !idle.isEmpty {
            let names = idle.map(\.formula).joined(separator: ", ")
            lines.append(
                "note        \(names): without effect, as \(model.name) does not respond to "
                    + "\(idle.count == 1 ? "it" : "them"); points along \(idle.count == 1 ? "this axis" : "these axes") "
                    + "differ only in the filler")
        }
        let points = Int(clamping: min(experiment.lattice.count, UInt64(experiment.stop.points ?? .max)))
        lines.append(
            "file        \(schema.bytesPerPoint) bytes per point; at most "
                + "\(schema.estimatedBytes(points: points).byteSizeText) if every point is evaluated")
        print(lines.joined(separator: "\n"))
    }
}
