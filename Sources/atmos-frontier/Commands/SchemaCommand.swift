internal import ArgumentParser
internal import Experiments
internal import Models
internal import Reporting
internal import Results

struct SchemaCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown
    }

    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Lists what the results file of an experiment contains: name, shape, unit, meaning.",
        discussion: """
            EXAMPLE
              atmos-frontier schema jobs/experiments/earthlike-2d.yaml --format markdown
            """)

    @Argument(help: "The experiment file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @Option(help: "text or markdown.")
    var format: Format = .text

    func run() throws {
        let experiment = try Experiment.load(experiment)
        let model = try Experiment.checking { try ModelCatalogue.model(for: experiment).description }
        let table = SchemaTable(of: Schema(of: model, on: experiment.lattice))
        print(format == .markdown ? table.markdown : table.text)
    }
}
