internal import Atmospheres
internal import Experiments
internal import Foundation
internal import Logging
internal import Models
internal import Results

/// A results file that is to go on as that of a wider experiment.
struct ExtendedRun {
    private let path: String
    private let experiment: Experiment
    private let model: ModelDescription

    init(of path: String, to experiment: Experiment, _ model: ModelDescription) {
        self.path = path
        self.experiment = experiment
        self.model = model
    }

    /// Carries the rows of the file over, so that it belongs to the experiment. Does nothing when it does already, or
    /// when there is no file. The caller holds the lock.
    ///
    /// - Throws: when the experiment does not widen the file's; names the keys and why.
    func carryOver(_ logger: Logger, _ pulse: Pulse) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let stored = try EarlierRun(at: path).experiment()
        guard experiment.identity != stored.identity else { return }
        let widening = Widening(of: stored, to: experiment)
        guard widening.isPossible else {
            throw Failure(
                .data,
                "\(path) cannot be extended to \(experiment.file), which does not only widen its axes and limits; name "
                    + "another --output, or mend \(experiment.file):\n  "
                    + widening.obstacles.joined(separator: "\n  "))
        }
        let judge = try Experiment.mending { try LimitsJudge(experiment, quantities: model.quantities) }
        let extended: Extended
        do {
            extended = try ResultsFile.extend(
                at: path, to: Schema(of: model, on: experiment.lattice),
                metadata: RunMetadata(of: experiment, with: model, hosts: [Launch.host]), judge: judge.judgeAgain,
                whileWaiting: pulse.beatForAll)
        } catch let error as ResultsError {
            throw Failure(.usage, "\(error); the file is as it was")
        } catch {
            throw Failure(.inputOutput, "\(path): \(error); the file is as it was")
        }
        let (count, newlyStable) = (extended.rowCount, extended.newlyStable)
        logger.notice("\(path) extended: \(count) points carried over, \(newlyStable) of them now stable")
    }
}
