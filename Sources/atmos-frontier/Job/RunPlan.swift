internal import Atmospheres
internal import Clocks
internal import Ensemble
internal import Experiments
internal import Exploration
internal import Foundation
internal import Logging
internal import Messages
internal import Models
internal import Results

/// What a launch is about to do: a validated experiment, a model that serves it, and a results file that may be created
/// or resumed. Until the master opens the file nothing has been written except the lock.
struct RunPlan {
    let experiment: Experiment
    let description: ModelDescription
    let output: ResultsOutput
    private let schema: Schema
    private let frontier: any Search
    /// What the results file holds already; `nil` when it does not exist.
    private let earlier: EarlierRun.Rows?
    private let settings: MasterSettings

    init(_ options: RunOptions, _ logger: Logger, _ heartbeat: Heartbeat) throws {
        let experiment = try Experiment.load(options.experiment)
        let description = try Experiment.checking { try ModelCatalogue.model(for: experiment).description }
        self.experiment = experiment
        self.description = description
        settings = try options.masterSettings(for: description)
        schema = Schema(of: description, on: experiment.lattice)
        output = try ResultsOutput(options, logger)
        if options.overwrite { try OutputPath.remove(output.path) }
        if options.extend {
            try ExtendedRun(of: output.path, to: experiment, description).carryOver(logger, heartbeat)
        }
        let frontier = experiment.rules(for: description).search(on: experiment.lattice)
        if FileManager.default.fileExists(atPath: output.path) {
            let earlier = try EarlierRun(at: output.path).recall(into: frontier, experiment, description, heartbeat)
            let count = earlier.count - earlier.empty.count
            logger.info("\(output.path) holds \(count) points of this experiment; resuming")
            self.earlier = earlier
        } else {
            earlier = nil
        }
        frontier.start()
        self.frontier = frontier
        for line in experiment.summaryLines { logger.info("\(line)") }
    }

    /// The master of this plan, which opens the results file when its workers have reported.
    func master(over transport: any Transport, _ logger: Logger, _ heartbeat: Heartbeat) -> Master {
        Master(
            frontier, description: description, transport: transport,
            job: .init(experiment: experiment.text, file: experiment.file, modelIdentity: description.identity),
            program: BuildIdentity.program,
            host: Host.name, rows: earlier?.count ?? 0, emptyRows: earlier?.empty ?? [],
            settings: settings, logger: logger, now: Time.monotonic()
        ) { [self] hosts in
            try output.open(
                isResumed: earlier != nil, schema,
                metadata: RunMetadata(of: experiment, with: description, hosts: hosts), hosts: hosts, heartbeat)
        }
    }
}
