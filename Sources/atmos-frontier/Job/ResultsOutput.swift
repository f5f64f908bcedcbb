internal import Experiments
internal import Logging
internal import Results

/// The results file that a launch writes: its lock from the start, its writer once the workers are known.
final class ResultsOutput {
    let path: String

    private var lock: FileLock?
    private var writer: ResultsWriter?
    private let syncInterval: Double

    /// Checks that a file can be written at the path and takes its lock.
    ///
    /// - Throws: `Failure` with exit code 64 when the path is unusable or another job holds the lock.
    init(_ options: RunOptions, _ logger: Logger) throws(Failure) {
        path = options.output
        syncInterval = options.syncInterval
        try OutputPath.check(path)
        do {
            let lock = try FileLock(for: path)
            if let note = lock.note { logger.notice("\(note)") }
            self.lock = consume lock
        } catch ResultsError.system(let action, let reason) {
            throw Failure(
                .usage, "--output \(path): cannot be written: \(action): \(reason); choose another location")
        } catch {
            throw Failure(.usage, "\(error)")
        }
    }

    /// Creates the file with `metadata`, or reopens the one that belongs to this experiment (`isResumed`). Called once.
    ///
    /// `hosts` has the host name of every rank of this launch, in order of rank.
    func open(
        isResumed: Bool, _ schema: Schema, metadata: @autoclosure () -> RunMetadata, hosts: [String],
        _ heartbeat: Heartbeat
    ) throws(Failure) -> ResultsWriter {
        guard let lock = lock.take() else { preconditionFailure("the results file is opened once") }
        var pace = ResultsWriter.Pace(for: schema)
        pace.syncInterval = syncInterval
        do {
            let writer =
                isResumed
                ? try ResultsWriter(
                    resuming: path, schema: schema, invocation: .current, hosts: hosts, lock: lock, pace: pace,
                    whileWaiting: heartbeat.beatForAll)
                : try ResultsWriter(
                    creating: path, schema: schema, metadata: metadata(), lock: lock, pace: pace,
                    whileWaiting: heartbeat.beatForAll)
            self.writer = writer
            return writer
        } catch let error as ResultsError {
            throw Failure(.usage, "\(error)")
        } catch {
            throw Failure(.inputOutput, "\(path): \(error)")
        }
    }

    /// Writes what is waiting, closes the file and releases the lock. Does nothing when the file was never opened.
    func finish(_ completion: Completion, lostWorkers: Int, _ heartbeat: Heartbeat) throws(Failure) {
        do {
            try writer?.finish(completion, lostWorkers: lostWorkers, whileWaiting: heartbeat.beatForAll)
        } catch {
            throw Failure(.inputOutput, "\(path): \(error); rows committed earlier are safe")
        }
    }
}
