internal import ArgumentParser
internal import Experiments
internal import Results

/// The results file that a command reads.
struct ResultsInput: ParsableArguments {
    @Argument(
        help: "The results file: closed, being written, or left by a killed job.",
        completion: .file(extensions: ["h5"]))
    var file: String

    /// Opens the file for reading, without changing it.
    func open() throws -> ResultsReader { try Self.open(file) }

    /// Opens the file at `path` for reading, without changing it.
    static func open(_ path: String) throws -> ResultsReader {
        do {
            return try ResultsReader(at: path)
        } catch {
            throw failure(error, path)
        }
    }

    /// Runs `body` and turns its errors into failures to read the file at `path`.
    static func reading<R>(_ path: String, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch {
            throw failure(error, path)
        }
    }

    /// Chooses the exit code of an error of reading.
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
    /// Parses the experiment in the file.
    ///
    /// - Returns: the experiment; `nil` when this program cannot read it, because another version wrote it.
    func parsedExperiment() throws -> Experiment? {
        let text = try experiment()
        return try? Experiment.read(text, file: path)
    }
}
