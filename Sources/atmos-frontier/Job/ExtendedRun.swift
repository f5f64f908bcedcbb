internal import Atmospheres
internal import Experiments
internal import Foundation
internal import Logging
internal import Models
internal import Results

/// A results file that continues as that of a wider experiment.
struct ExtendedRun {
    private let path: String
    private let experiment: Experiment
    private let model: ModelDescription

    init(of path: String, to experiment: Experiment, _ model: ModelDescription) {
        self.path = path
        self.experiment = experiment
        self.model = model
    }

    /// Rewrites the file so that it belongs to the wider experiment, with all of its rows. Does nothing when it already
    /// does, or when the file does not exist. The caller holds the lock.
    ///
    /// - Throws: `Failure` with exit code 65 when the experiment does not widen the file's; names the keys and the reasons.
    func carryOver(_ logger: Logger, _ heartbeat: Heartbeat) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let stored = try EarlierRun(at: path).experiment()
        guard experiment.identity != stored.identity else { return }
        let widening = Widening(of: stored, to: experiment)
        guard widening.isPossible else {
            throw Failure(
                .data,
                "\(path) cannot be extended to \(experiment.file), which changes more than wider axes and limits; choose "
                    + "another --output, or correct \(experiment.file):\n  "
                    + widening.obstacles.joined(separator: "\n  "))
        }
        let judge = try Experiment.checking { try LimitsJudge(experiment, quantities: model.quantities) }
        let extended: ExtensionSummary
        do {
            extended = try ResultsFile.extend(
                at: path, to: Schema(of: model, on: experiment.lattice),
                metadata: RunMetadata(of: experiment, with: model, hosts: [Host.name]), judge: judge.judgeAgain,
                whileWaiting: heartbeat.beatForAll)
        } catch let error as ResultsError {
            throw Failure(.usage, "\(error); the file is unchanged")
        } catch {
            throw Failure(.inputOutput, "\(path): \(error); the file is unchanged")
        }
        let (count, newlyStable) = (extended.rowCount, extended.newlyStable)
        logger.notice("\(path) extended: \(count) points carried over, \(newlyStable) of them now stable")
    }
}
