internal import ArgumentParser
internal import Atmospheres
internal import Experiments
internal import Exploration
internal import Models
internal import Results

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says how an experiment file is understood; runs no model and needs no MPI.",
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
        var lines = experiment.summaryLines
        let names = model.quantities.map(\.name) + model.profiles.map(\.quantity.name)
        let more = names.count > 16 ? " and \(names.count - 12) more (atmos-frontier schema lists them)" : ""
        lines.append("returns     \(names.prefix(more.isEmpty ? 16 : 12).joined(separator: ", "))\(more)")
        for line in model.identity.split(separator: "\n") { lines.append("            \(line)") }
        let idle = try Experiment.checking { try ModelCatalogue.effectFreeAxes(of: experiment) }
        if !idle.isEmpty {
            let names = idle.map(\.formula).joined(separator: ", ")
            lines.append(
                "note        \(names): without effect, \(model.name) does not respond to "
                    + "\(idle.count == 1 ? "it" : "them"); points along \(idle.count == 1 ? "this axis" : "these axes") "
                    + "differ only in what is left to the filler")
        }
        let points = Int(clamping: min(experiment.lattice.count, UInt64(experiment.stop.points ?? .max)))
        lines.append(
            "file        \(schema.bytesPerPoint) bytes a point; at most \(Bytes(schema.estimatedBytes(points: points))) "
                + "if every point is visited")
        print(lines.joined(separator: "\n"))
    }
}

/// A size for people: "1.5 MB".
private struct Bytes: CustomStringConvertible {
    private let count: Int

    init(_ count: Int) { self.count = count }

    var description: String {
        var value = Double(count)
        var unit = 0
        let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
    }
}
