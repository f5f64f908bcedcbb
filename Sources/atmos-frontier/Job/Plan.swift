internal import Atmospheres
internal import Ensemble
internal import Experiments
internal import Exploration
internal import Foundation
internal import Logging
internal import Messages
internal import Models
internal import Results

/// What a launch is about to do: an experiment that was understood, a model that serves it, and a results file that may
/// be made or continued. Nothing has been written yet, apart from the lock.
struct Plan {
    let experiment: Experiment
    let description: ModelDescription
    let schema: Schema
    let frontier: any Search
    /// What the results file holds already; `nil` when there is none.
    private let earlier: EarlierRun.Rows?
    private let settings: MasterSettings
    private let output: String
    private let syncInterval: Double
    private let lock: LockBox

    init(_ options: RunOptions, _ logger: Logger, pulse: Pulse) throws {
        let experiment = try Experiment.load(options.experiment)
        let description = try Experiment.mending { try ModelCatalogue.model(for: experiment).description }
        self.experiment = experiment
        self.description = description
        settings = try options.masterSettings(for: description)
        schema = Schema(of: description, on: experiment.lattice)
        output = options.output
        syncInterval = options.syncInterval
        try OutputPath.check(output)
        do {
            let lock = try FileLock(for: output)
            if let note = lock.note { logger.notice("\(note)") }
            self.lock = LockBox(lock)
        } catch ResultsError.system(let action, let reason) {
            throw Failure(.usage, "--output \(output): cannot be written: \(action): \(reason); name another place")
        } catch {
            throw Failure(.usage, "\(error)")
        }
        if options.overwrite { try OutputPath.remove(output) }
        if options.extend { try ExtendedRun(of: output, to: experiment, description).carryOver(logger, pulse) }
        let frontier = experiment.rules(for: description).search(on: experiment.lattice)
        if FileManager.default.fileExists(atPath: output) {
            let earlier = try EarlierRun(at: output).recall(into: frontier, experiment, description, pulse)
            logger.info(
                "\(output) holds \(earlier.count - earlier.empty.count) points of this experiment; going on from there")
            self.earlier = earlier
        } else {
            earlier = nil
        }
        frontier.start()
        self.frontier = frontier
        for line in experiment.summaryLines { logger.info("\(line)") }
    }

    /// The master of this plan, which makes or reopens the results file when it knows its workers.
    func master(over transport: any Transport, _ logger: Logger, pulse: Pulse) -> Master {
        Master(
            frontier, description: description, transport: transport,
            job: .init(experiment: experiment.text, file: experiment.file, modelIdentity: description.identity),
            program: BuildIdentity.program,
            host: Launch.host, rows: earlier?.count ?? 0, emptyRows: earlier?.empty ?? [], settings: settings,
            logger: logger, now: Time.monotonic()
        ) { hosts in
            do {
                return FileRecorder(writer: try openResults(hosts, pulse))
            } catch let error as ResultsError {
                throw Failure(.usage, "\(error)")
            } catch {
                throw Failure(.inputOutput, "\(output): \(error)")
            }
        }
    }

    private func openResults(_ hosts: [String], _ pulse: Pulse) throws -> ResultsWriter {
        var pace = ResultsWriter.Pace(for: schema)
        pace.syncInterval = syncInterval
        if earlier != nil {
            return try ResultsWriter(
                resuming: output, schema: schema, invocation: .current, hosts: hosts, lock: lock.take(), pace: pace,
                whileWaiting: pulse.beatForAll)
        }
        let metadata = RunMetadata(of: experiment, with: description, hosts: hosts)
        return try ResultsWriter(
            creating: output, schema: schema, metadata: metadata, lock: lock.take(), pace: pace,
            whileWaiting: pulse.beatForAll)
    }
}
