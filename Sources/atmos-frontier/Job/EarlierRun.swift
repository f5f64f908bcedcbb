internal import Atmospheres
internal import Experiments
internal import Exploration
internal import Results

/// A results file that a launch goes on from.
struct EarlierRun: ~Copyable {
    /// The rows of the file: complete ones, and those that wait for a result.
    struct Rows {
        let count: Int
        let empty: [Int]
    }

    private let reader: ResultsReader
    private let path: String

    /// - Throws: when the file at `path` is no results file that can be continued.
    init(at path: String) throws {
        self.path = path
        do {
            reader = try ResultsReader(at: path)
        } catch {
            throw Failure(.usage, "\(error); name another --output, or give --overwrite to lose what is there")
        }
    }

    /// The experiment that the file belongs to.
    func experiment() throws -> Experiment { try Experiment(text: try reader.experiment(), file: path) }

    /// Tells `frontier`, which has not started, every result of the file.
    ///
    /// - Throws: when the file belongs to another experiment; names the keys that differ.
    consuming func recall(
        into frontier: any Search, _ experiment: Experiment, _ model: ModelDescription, _ pulse: Pulse
    ) throws -> Rows {
        let identity = try reader.modelIdentity()
        guard identity == model.identity else {
            throw Failure(
                .data,
                "\(path) was made with another \(model.name): now "
                    + WorkerRank.difference(model.identity, identity)
                    + "; bring back the one that it was made with, or name another --output")
        }
        let stored = try self.experiment()
        let differences = experiment.identity.differences(from: stored.identity)
        guard differences.isEmpty else {
            let isWider = Widening(of: stored, to: experiment).isPossible
            throw Failure(
                .data,
                "\(path) belongs to another experiment"
                    + (isWider
                        ? ", which \(experiment.file) only widens; give --extend to go on from its points"
                        : "; name another --output")
                    + ", or mend \(experiment.file):\n  " + differences.joined(separator: "\n  "))
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
            if i % 100_000 == 0 { pulse.beatForAll() }
            frontier.recall(points[i], outcome: reader.outcomes[i], attempts: Int(attempts[i]), row: row) { quantity in
                values[quantity]?[i] ?? .nan
            }
        }
        return Rows(count: reader.rowCount, empty: reader.pendingRows)
    }
}
