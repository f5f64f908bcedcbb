internal import Atmospheres
internal import Experiments
internal import Exploration
internal import Glibc
internal import Models
internal import Results

extension Experiment {
    /// Reads the experiment file at `path`.
    ///
    /// - Throws: `Failure` with exit code 66 when the file cannot be read, 65 when it is not a valid experiment.
    static func load(_ path: String) throws(Failure) -> Experiment {
        do {
            return try Experiment(
                contentsOf: path, models: ModelCatalogue.models, isReserved: Schema.isReserved)
        } catch {
            throw Failure(isReadableFile(path) ? .data : .noInput, "\(error)")
        }
    }

    /// Reads the experiment in `text`, such as the one that a results file keeps; errors name `file`.
    static func read(_ text: String, file: String) throws(ExperimentError) -> Experiment {
        try Experiment(text: text, file: file, models: ModelCatalogue.models, isReserved: Schema.isReserved)
    }

    /// Runs `body` and reports its errors as errors of the experiment file (exit code 65).
    static func checking<R>(_ body: () throws -> R) throws(Failure) -> R {
        do {
            return try body()
        } catch {
            throw Failure(.data, "\(error)")
        }
    }

    private static func isReadableFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, R_OK) == 0
    }
}

extension ResultsReader {
    /// The map that a refinement infers from the rows of the file.
    func inferredMap(
        _ settings: SearchSettings.Refinement, of experiment: Experiment, _ model: ModelDescription
    ) throws -> InferredMap {
        try inferredMap(
            bounds: experiment.bounds(settings, for: model), names: model.quantities.map(\.name),
            stride: settings.stride, on: experiment.lattice)
    }
}
