internal import ArgumentParser
internal import Experiments
internal import Exploration
internal import Results

/// The results file that a command reads.
struct ResultsInput: ParsableArguments {
    @Argument(
        help: "The results file: closed, being written, or left by a job that was killed.",
        completion: .file(extensions: ["h5"]))
    var file: String

    /// Opens the file for reading; nothing on it is changed.
    func open() throws -> ResultsReader { try Self.open(file) }

    static func open(_ path: String) throws -> ResultsReader {
        do {
            return try ResultsReader(at: path)
        } catch {
            throw failure(error, path)
        }
    }

    /// Runs `body`, whose errors are those of reading the file.
    static func reading<R>(_ path: String, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch {
            throw failure(error, path)
        }
    }

    private static func failure(_ error: any Error, _ path: String) -> any Error {
        switch error {
        case ResultsError.notFound, ResultsError.system: Failure(.noInput, "\(error)")
        case ResultsError.notHDF5, ResultsError.foreign, ResultsError.unfinishedCreation, ResultsError.noSuchVariable:
            Failure(.data, "\(error)")
        case is Failure: error
        case let error as ResultsError: Failure(.usage, "\(error)")
        default: Failure(.inputOutput, "reading \(path): \(error)")
        }
    }
}

extension ResultsReader {
    /// What a stable point of the experiment opens; `nil` for a refinement, and when this program does not understand
    /// the experiment.
    func neighbourhood() throws -> Neighbourhood? {
        let text = try experiment()
        guard let experiment = try? Experiment.read(text, file: path), experiment.search == .flood else { return nil }
        return experiment.neighbourhood
    }

    /// The experiment's search in words; `nil` when this program does not understand the experiment.
    func search() throws -> String? {
        let text = try experiment()
        return (try? Experiment.read(text, file: path))?.search.description
    }
}
