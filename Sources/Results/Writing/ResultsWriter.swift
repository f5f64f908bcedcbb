public import Atmospheres
internal import Foundation

/// Writes a results file on a separate thread, so that the caller waits for the disk only when rows come faster than they
/// can be written for a long time.
///
/// The first row after a quiet time is committed at once. Under load there is one commit per ``Pace/commitInterval``, or
/// whenever ``Pace/rowsPerCommit`` rows wait. One thread at a time may hand over rows and wait.
public final class ResultsWriter: Sendable {
    /// How often rows are committed and synchronized.
    public struct Pace: Sendable {
        /// The least time between two commits, and the longest that a row waits for one, in seconds.
        public var commitInterval = 0.25
        /// The least time between two requests to the operating system to write the file to the disk, in seconds.
        public var syncInterval = 5.0
        /// The number of rows that are committed before the interval is over.
        public var rowsPerCommit: Int
        /// The number of rows that may wait before ``ResultsWriter/record(_:_:)`` blocks.
        public var rowLimit: Int

        /// Chooses the pace for a layout: about 4 MiB to a commit.
        public init(for schema: Schema) {
            rowsPerCommit = min(max(4 << 20 / max(schema.bytesPerPoint, 1), 64), 16_384)
            rowLimit = 4 * rowsPerCommit
        }
    }

    private let queue: RowQueue

    /// What was found in a file that was reopened; `nil` for a new one.
    public let recovery: Recovery?

    /// Creates the file at `path` and returns when it exists.
    ///
    /// - Parameters:
    ///   - path: where the file is created.
    ///   - schema: the layout.
    ///   - metadata: what the run says about itself.
    ///   - lock: the right to write the file, given back by ``finish(_:lostWorkers:whileWaiting:)``.
    ///   - pace: how often rows are committed; that for the layout when `nil`.
    ///   - whileWaiting: called every second until the file is open.
    /// - Throws: what ``ResultsFile/create(at:schema:metadata:)`` throws.
    public convenience init(
        creating path: String, schema: Schema, metadata: RunMetadata, lock: consuming FileLock, pace: Pace? = nil,
        whileWaiting: () -> Void = {}
    ) throws {
        try self.init(schema, lock, pace, whileWaiting) {
            try ResultsFile.create(at: path, schema: schema, metadata: metadata)
        }
    }

    /// Reopens the file at `path` and returns when it is ready for more rows; see ``recovery``.
    ///
    /// - Parameters:
    ///   - path: the path of the file.
    ///   - schema: the layout that the file must have.
    ///   - invocation: how this launch was started.
    ///   - hosts: the host of every rank of this launch, in order of rank.
    ///   - lock: the right to write the file, given back by ``finish(_:lostWorkers:whileWaiting:)``.
    ///   - pace: how often rows are committed; that for the layout when `nil`.
    ///   - whileWaiting: called every second until the file is open.
    /// - Throws: what ``ResultsFile/reopen(at:expecting:invocation:hosts:time:)`` throws.
    public convenience init(
        resuming path: String, schema: Schema, invocation: Invocation, hosts: [String], lock: consuming FileLock,
        pace: Pace? = nil, whileWaiting: () -> Void = {}
    ) throws {
        try self.init(schema, lock, pace, whileWaiting) {
            try ResultsFile.reopen(at: path, expecting: schema, invocation: invocation, hosts: hosts)
        }
    }

    private init(
        _ schema: Schema, _ lock: consuming FileLock, _ pace: Pace?, _ whileWaiting: () -> Void,
        _ open: @escaping @Sendable () throws -> ResultsFile
    ) throws {
        let queue = RowQueue(Evaluations(of: schema.model), lock, pace ?? Pace(for: schema))
        let thread = Thread { queue.serve(open) }
        thread.name = "results"
        thread.stackSize = 8 << 20
        thread.start()
        recovery = try queue.waitUntilOpen(whileWaiting)
        self.queue = queue
    }

    /// Hands over a batch (see ``ResultsFile/append(_:_:)``).
    ///
    /// It copies the rows and returns; it blocks only while more than ``Pace/rowLimit`` rows wait. After a
    /// ``failure`` it does nothing.
    ///
    /// - Parameters:
    ///   - provenance: how each row was made.
    ///   - evaluations: the result of each row, in the same order.
    public func record(_ provenance: [Provenance], _ evaluations: borrowing Evaluations) {
        queue.add(provenance, evaluations)
    }

    /// Returns the bytes of a row handed over before, after everything handed over is in the file.
    ///
    /// - Parameters:
    ///   - row: the row of the file.
    ///   - blobs: the kind of bytes.
    /// - Returns: the bytes; empty when the row has none.
    /// - Throws: ``failure``.
    public func bytes(ofRow row: Int, in blobs: Blobs) throws -> [UInt8] { try queue.bytes(ofRow: row, in: blobs) }

    /// Whether ``record(_:_:)`` would take rows without blocking.
    public var hasRoom: Bool { queue.hasRoom }

    /// The number of rows in the file. A row may be acknowledged from then on.
    public var committedRows: Int { queue.committedRows }

    /// Why writing ended early, if it did. Rows committed before are safe.
    public var failure: (any Error)? { queue.failure }

    /// Writes what waits, closes the file, ends the thread and gives the lock back.
    ///
    /// - Parameters:
    ///   - completion: how the search ended.
    ///   - lostWorkers: the number of workers lost in this launch.
    ///   - whileWaiting: called every second until it is done.
    /// - Throws: ``failure``, or what went wrong at the close.
    public func finish(_ completion: Completion, lostWorkers: Int = 0, whileWaiting: () -> Void = {}) throws {
        try queue.finish(completion, lostWorkers, whileWaiting)
    }

    // Without `finish` the rows are written, but the file does not say how the run ended.
    deinit { queue.abandon() }
}
