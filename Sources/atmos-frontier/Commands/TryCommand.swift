internal import ArgumentParser
internal import Atmospheres
internal import Clocks
internal import Ensemble
internal import Experiments
internal import Models

struct TryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Evaluates one atmosphere with the model of an experiment and shows everything that it returns.",
        discussion: """
            Use it to connect a model, or to look at a point again. Needs no MPI. With the model 'program', every \
            message to and from the program is shown. Gases that are not named have the mixing ratio of the origin.

            EXAMPLES
              atmos-frontier try my.yaml
              atmos-frontier try my.yaml --at CO2=0.01,CH4=1e-5
              atmos-frontier try my.yaml --at "CO2=800 ppm" --from origin

            EXIT CODES
              0  the model returned a result
              1  the model failed at the point
              64-66, 70 and 74 as for every command
            """)

    @Argument(help: "The experiment file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @Option(help: ArgumentHelp("The atmosphere, as GAS=RATIO,... or 'origin'.", valueName: "gases"))
    var at = "origin"

    @Option(
        help: ArgumentHelp(
            "Its parent, as for --at: it is evaluated first, and the model starts from its solution.",
            valueName: "gases"))
    var from: String?

    @Option(
        name: .customLong("repeat"),
        help: ArgumentHelp("Number of evaluations, to measure the time.", valueName: "count"))
    var count = 1

    @Option(
        help: ArgumentHelp("Keep the scratch folder of each evaluation in this folder.", valueName: "folder"),
        completion: .directory)
    var keep: String?

    func run() throws {
        guard count > 0 else { throw Failure(.usage, "--repeat \(count): must be at least 1") }
        let experiment = try Experiment.load(experiment)
        let inquiry = try self.inquiry(at, "--at", in: experiment)
        let parent = try from.map { (text: $0, inquiry: try self.inquiry($0, "--from", in: experiment)) }
        var model = try Experiment.checking {
            let kept = keep.map { KeptScratch(folder: $0, limit: .max, keepsAll: true) }
            let host = ModelHost(keptScratch: kept) { print($0 == .request ? "->  \($1)" : "<-  \($1)") }
            return try ModelCatalogue.model(for: experiment, on: host)
        }
        defer { model.close() }
        var trial = Trial(inquiry: inquiry, model: model)
        if let parent {
            guard model.description.usesParent else {
                throw Failure(
                    .usage, "--from \(parent.text): \(model.description.name) does not use a parent; remove the option")
            }
            trial.inquiry = parent.inquiry
            trial.show("parent")
            guard trial.evaluation.outcome == .stable else {
                throw Failure(
                    .usage, "--from \(parent.text): is not stable, so it cannot be a parent; give another point")
            }
            trial.inquiry = inquiry
            trial.inquiry.id = 1
            trial.inquiry.parent = Parent(composition: parent.inquiry.composition, solution: trial.evaluation.solution)
        }
        for _ in 0..<count {
            trial.show("point")
            trial.inquiry.id += 1
        }
        model = trial.model
        if trial.evaluation.outcome == .failed { throw Exit.negative.code }
    }

    private func inquiry(_ text: String, _ option: String, in experiment: Experiment) throws -> Inquiry {
        do {
            let composition = try experiment.composition(at: text, option: option)
            return Inquiry(
                id: 0, indices: experiment.nearestIndices(to: composition), composition: composition)
        } catch {
            throw Failure(.usage, "\(error)")
        }
    }
}

/// Evaluations by a model, each printed with everything that the model returns.
private struct Trial {
    /// What to evaluate next.
    var inquiry: Inquiry
    var model: JudgedModel
    /// The last evaluation.
    var evaluation: Evaluation

    init(inquiry: Inquiry, model: JudgedModel) {
        self.inquiry = inquiry
        self.model = model
        evaluation = Evaluation(of: model.description)
    }

    /// Evaluates ``inquiry`` and prints the results under a title.
    mutating func show(_ title: String) {
        let gases = zip(inquiry.composition.gases, inquiry.composition.mixingRatios).map { "\($0) \($1)" }
        line(title, gases.joined(separator: ", "))
        if let parent = inquiry.parent { line("from", "the parent's solution, \(parent.solution.count) bytes") }
        evaluation.clear()
        let begin = Time.monotonic()
        model.evaluate(inquiry, into: &evaluation) { _ in true }
        let seconds = Time.monotonic() - begin
        let reason = evaluation.reason == .none ? "" : ", \(evaluation.reason.name)"
        line("outcome", evaluation.outcome.name + reason)
        for (quantity, value) in zip(model.description.quantities, evaluation.values) where !value.isNaN {
            line("", "\(quantity.name) \(value)\(unit(quantity))")
        }
        for (profile, range) in zip(model.description.profiles, model.description.profileRanges) {
            let values = evaluation.profiles[range]
            guard let first = values.first, let last = values.last, !values.allSatisfy(\.isNaN) else { continue }
            line("", "\(profile.quantity.name) \(first) ... \(last)\(unit(profile.quantity)), \(values.count) levels")
        }
        if !evaluation.solution.isEmpty { line("solution", "\(evaluation.solution.count) bytes, for its children") }
        if evaluation.exitCode != 0 { line("exit code", "\(evaluation.exitCode)") }
        line("time", "\(seconds < 1e-3 ? seconds : (seconds * 1e6).rounded() / 1e6) s")
        if !evaluation.log.isEmpty { line("log", String(decoding: evaluation.log, as: UTF8.self)) }
    }

    private func unit(_ quantity: Quantity) -> String { quantity.unit == "1" ? "" : " \(quantity.unit)" }

    private func line(_ name: String, _ text: String) {
        print(name + String(repeating: " ", count: 10 - name.count) + text)
    }
}
