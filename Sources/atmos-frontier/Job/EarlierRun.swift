internal import Atmospheres
internal import Experiments
internal import Exploration
internal import Results

/// A results file that a launch resumes.
struct EarlierRun: ~Copyable {
    /// The rows of the file: all of them, and those without a result.
    struct Rows {
        let count: Int
        let empty: [Int]
    }

    private let reader: ResultsReader
    private let path: String

    /// - Throws: `Failure` with exit code 64 when the file at `path` is not a results file that can be resumed.
    init(at path: String) throws {
        self.path = path
        do {
            reader = try ResultsReader(at: path)
        } catch {
            throw Failure(.usage, "\(error); choose another --output, or give --overwrite to delete it")
        }
    }

    /// The experiment that the file belongs to.
    func experiment() throws -> Experiment { try Experiment.read(try reader.experiment(), file: path) }

    /// Passes every result of the file to `frontier`, which has not started yet.
    ///
    /// - Throws: `Failure` with exit code 65 when the file belongs to another experiment or model; names the keys that differ.
    consuming func recall(
        into frontier: any Search, _ experiment: Experiment, _ model: ModelDescription, _ heartbeat: Heartbeat
    ) throws -> Rows {
        let identity = try reader.modelIdentity()
        guard identity == model.identity else {
            throw Failure(
                .data,
                "\(path) was made with a different \(model.name): this launch has "
                    + WorkerRank.difference(model.identity, identity)
                    + "; restore the model it was made with, or choose another --output")
        }
        let stored = try self.experiment()
        let differences = experiment.identity.differences(from: stored.identity)
        guard differences.isEmpty else {
            let isWider = Widening(of: stored, to: experiment).isPossible
            throw Failure(
                .data,
                "\(path) belongs to another experiment"
                    + (isWider
                        ? ", which \(experiment.file) only widens; give --extend to continue from its points"
                        : "; choose another --output")
                    + ", or correct \(experiment.file):\n  " + differences.joined(separator: "\n  "))
        }
        let points = try reader.points(on: experiment.lattice)
        let attempts = try reader.attempts()
        var values: [Int: [Double]] = [:]
        if case .refine(let settings) = experiment.search {
            for bound in experiment.bounds(settings, for: model) {
                values[bound.row] = try reader.values(of: model.quantities[bound.row].name)
            }
        }
        for (i, row) in reader.rows.enumerated() {
            if i % 100_000 == 0 { heartbeat.beatForAll() }
            frontier.recall(points[i], outcome: reader.outcomes[i], attempts: Int(attempts[i]), tag: UInt32(row)) {
                quantity in
                values[quantity]?[i] ?? .nan
            }
        }
        return Rows(count: reader.rowCount, empty: reader.pendingRows)
    }
}
