internal import ArgumentParser
internal import Experiments
internal import Models
internal import Reporting
internal import Results

/// `schema`: lists what a results file can contain.
struct SchemaCommand: ParsableCommand {
    /// How the list is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, markdown
    }

    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Lists what the results file of an experiment can contain: name, shape, unit, meaning.",
        discussion: """
            Every group, variable and attribute that the program writes is listed. Some appear only in a file that was \
            closed. An attribute is written as ncdump writes it: ':title' belongs to the file, 'axes:held_gases' to a \
            group, '*:units' to variables.

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
        let table = SchemaTable(
            of: Schema(of: model, on: experiment.lattice), hasInferredMap: experiment.search != .flood)
        print(format == .markdown ? table.markdown : table.text)
    }
}
