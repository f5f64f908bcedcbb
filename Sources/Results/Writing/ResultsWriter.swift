public import Atmospheres
internal import Dispatch
public import Exploration
internal import Foundation
internal import Synchronization

/// Writes a results file on a thread of its own, so that the caller never waits for the disk unless rows come faster
/// than they can be written for a long time.
///
/// The first row after a quiet time is committed at once. Under load there is one commit in ``Pace/commitInterval``, or
/// when many rows wait.
public final class ResultsWriter: Sendable {
    /// How often rows are committed and synchronized.
    public struct Pace: Sendable {
        /// Least time between two commits, and the longest that a row waits for one, in seconds.
        public var commitInterval = 0.25
        /// Least time between two requests to the operating system to put the file on the medium, in seconds.
        public var syncInterval = 5.0
        /// Rows that are committed before the interval is over.
        public var rowsPerCommit: Int
        /// Rows that may wait before ``ResultsWriter/record(_:_:)`` blocks.
        public var rowLimit: Int

        /// The pace for this layout: about 4 MiB to a commit.
        public init(for schema: Schema) {
            rowsPerCommit = min(max(4 << 20 / max(schema.bytesPerPoint, 1), 64), 16_384)
            rowLimit = 4 * rowsPerCommit
        }
    }

    private let queue: RowQueue

    /// What was found in a file that is continued; `nil` for a new one.
    public let recovery: Recovery?

    /// Makes the file at `path` and returns when it is there.
    ///
    /// - Parameters:
    ///   - lock: the right to write the file, given back by ``finish(_:lostWorkers:whileWaiting:)``.
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

    /// Opens the file at `path` again and returns when it is ready for more rows; see ``recovery``.
    ///
    /// - Parameters:
    ///   - hosts: host name of every rank of this launch, in order of rank.
    ///   - lock: the right to write the file, given back by ``finish(_:lostWorkers:whileWaiting:)``.
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

    /// Hands over a batch: row `i` of both arguments belongs together (see ``ResultsFile/append(_:_:)``).
    ///
    /// It copies the rows and returns; it blocks only while more than ``Pace/rowLimit`` rows wait. After a
    /// ``failure`` it does nothing.
    public func record(_ provenance: [Provenance], _ evaluations: borrowing Evaluations) {
        queue.add(provenance, evaluations)
    }

    /// The bytes that `row`, handed over before, has in `heap`; empty where there are none. Waits until everything handed
    /// over is in the file.
    public func bytes(ofRow row: Int, in heap: Heap) throws -> [UInt8] { try queue.bytes(ofRow: row, in: heap) }

    /// Whether ``record(_:_:)`` would take rows without blocking.
    public var hasRoom: Bool { queue.hasRoom }

    /// Rows that are in the file. A row may be acknowledged from then on.
    public var committedRows: Int { queue.committedRows }

    /// Why writing ended early, if it did. Rows committed before are safe.
    public var failure: (any Error)? { queue.failure }

    /// Writes what waits, closes the file, ends the thread and gives the lock back.
    ///
    /// - Parameters:
    ///   - lostWorkers: number that the file is to keep.
    ///   - whileWaiting: called every second until it is done.
    /// - Throws: ``failure``, or what went wrong at the close.
    public func finish(_ completion: Completion, lostWorkers: Int = 0, whileWaiting: () -> Void = {}) throws {
        try queue.finish(completion, lostWorkers, whileWaiting)
    }

    /// Without ``finish(_:lostWorkers:whileWaiting:)`` the rows are written, but the file does not say how the run ended.
    deinit { queue.abandon() }
}

/// What the caller's thread and the writer's share.
private final class RowQueue: Sendable {
    private enum Ending {
        case closed(Completion, lostWorkers: Int)
        case abandoned
    }

    private struct State: ~Copyable {
        var provenance: [Provenance] = []
        var evaluations: Evaluations
        /// Number of waiting rows at which the writer is to be woken.
        var wakeAt = Int.max
        var isBlocked = false
        /// A row whose bytes the caller waits for.
        var wanted: (row: Int, heap: Heap)?
        var answer: [UInt8] = []
        var committedRows = 0
        var recovery: Recovery?
        var failure: (any Error)?
        var ending: Ending?
        var hasEnded = false
        var lock: FileLock?
    }

    private let pace: ResultsWriter.Pace
    private let shape: Evaluations
    private let state: Mutex<State>
    private let rowsWait = DispatchSemaphore(value: 0)
    private let roomIsThere = DispatchSemaphore(value: 0)
    private let hasAnswered = DispatchSemaphore(value: 0)
    private let isOpen = DispatchSemaphore(value: 0)
    private let hasEnded = DispatchSemaphore(value: 0)

    init(_ shape: Evaluations, _ lock: consuming FileLock, _ pace: ResultsWriter.Pace) {
        self.pace = pace
        self.shape = shape
        state = Mutex(State(evaluations: shape, lock: lock))
    }

    var hasRoom: Bool { state.withLock { $0.provenance.count < pace.rowLimit / 2 } }
    var committedRows: Int { state.withLock { $0.committedRows } }
    var failure: (any Error)? { state.withLock { $0.failure } }

    // MARK: The caller's side

    func waitUntilOpen(_ whileWaiting: () -> Void) throws -> Recovery? {
        wait(for: isOpen, whileWaiting)
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.recovery
        }
    }

    func add(_ provenance: [Provenance], _ evaluations: borrowing Evaluations) {
        while true {
            let (taken, wakes) = state.withLock { state in
                if state.failure != nil || state.ending != nil { return (true, false) }
                let isFull = !state.provenance.isEmpty && state.provenance.count + provenance.count > pace.rowLimit
                if isFull {
                    state.isBlocked = true
                } else {
                    state.provenance.append(contentsOf: provenance)
                    state.evaluations.append(contentsOf: evaluations)
                }
                let wakes = isFull ? state.wakeAt != .max : state.provenance.count >= state.wakeAt
                if wakes { state.wakeAt = .max }
                return (!isFull, wakes)
            }
            if wakes { rowsWait.signal() }
            if taken { return }
            roomIsThere.wait()
        }
    }

    func bytes(ofRow row: Int, in heap: Heap) throws -> [UInt8] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.wanted = (row, heap)
            state.wakeAt = .max
        }
        rowsWait.signal()
        hasAnswered.wait()
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            defer { state.answer = [] }
            return state.answer
        }
    }

    func finish(_ completion: Completion, _ lostWorkers: Int, _ whileWaiting: () -> Void) throws {
        if end(.closed(completion, lostWorkers: lostWorkers)) { wait(for: hasEnded, whileWaiting) }
        try state.withLock { state in if let failure = state.failure { throw failure } }
    }

    func abandon() { _ = end(.abandoned) }

    private func wait(for event: DispatchSemaphore, _ whileWaiting: () -> Void) {
        while event.wait(timeout: .now() + 1) == .timedOut { whileWaiting() }
    }

    /// Asks the writer to end; false if it has been asked before.
    private func end(_ ending: Ending) -> Bool {
        let isFirst = state.withLock { state in
            guard state.ending == nil else { return false }
            state.ending = ending
            return true
        }
        if isFirst { rowsWait.signal() }
        return isFirst
    }

    // MARK: The writer's side

    /// Runs on the writer's thread from the opening of the file to its end.
    func serve(_ open: () throws -> ResultsFile) {
        do {
            let file = try open()
            state.withLock {
                $0.committedRows = file.committedCount
                $0.recovery = file.recovery
            }
            isOpen.signal()
            try write(file)
        } catch {
            let isAsked = state.withLock { state in
                state.failure = error
                return state.wanted != nil
            }
            isOpen.signal()
            roomIsThere.signal()
            if isAsked { hasAnswered.signal() }
        }
        state.withLock { $0.lock = nil }
        hasEnded.signal()
    }

    private func write(_ file: consuming ResultsFile) throws {
        var provenance: [Provenance] = []
        var evaluations = shape
        var lastCommit = DispatchTime(uptimeNanoseconds: 1)
        var lastSync = DispatchTime.now()
        var isSynced = true
        while true {
            // Soon after a commit rows gather; after a quiet time the first one wakes.
            let gatherUntil = lastCommit + pace.commitInterval
            if .now() < gatherUntil {
                wait(for: pace.rowsPerCommit, until: gatherUntil)
            } else {
                wait(for: 1, until: isSynced ? .distantFuture : lastSync + pace.syncInterval)
            }
            let ending = take(&provenance, &evaluations)
            if !provenance.isEmpty {
                try file.append(provenance, evaluations)
                try file.commit()
                let rows = file.committedCount
                state.withLock { $0.committedRows = rows }
                lastCommit = .now()
                isSynced = false
            }
            if let wanted = state.withLock({ $0.wanted }) {
                let bytes = try file.bytes(ofRow: wanted.row, in: wanted.heap)
                state.withLock { state in
                    state.answer = bytes
                    state.wanted = nil
                }
                hasAnswered.signal()
            }
            if !isSynced, .now() >= lastSync + pace.syncInterval {
                try file.checkName()
                try file.sync()
                lastSync = .now()
                isSynced = true
            }
            switch ending {
            case nil: continue
            case .closed(let completion, let lostWorkers):
                return try file.close(completion, lostWorkers: lostWorkers)
            case .abandoned: return
            }
        }
    }

    /// Waits until `count` rows wait, the end is asked for, or `deadline` has passed.
    private func wait(for count: Int, until deadline: DispatchTime) {
        while true {
            let isReady = state.withLock { state in
                let isReady =
                    state.provenance.count >= count || state.ending != nil || state.isBlocked
                    || state.wanted != nil
                state.wakeAt = isReady ? .max : count
                return isReady
            }
            if isReady { return }
            if rowsWait.wait(timeout: deadline) == .timedOut { return }
        }
    }

    /// Exchanges the rows that wait for the caller's emptied buffers.
    private func take(_ provenance: inout [Provenance], _ evaluations: inout Evaluations) -> Ending? {
        provenance.removeAll(keepingCapacity: true)
        evaluations.removeAll()
        let (ending, wasBlocked) = state.withLock { state in
            swap(&state.provenance, &provenance)
            swap(&state.evaluations, &evaluations)
            state.wakeAt = .max
            defer { state.isBlocked = false }
            return (state.ending, state.isBlocked)
        }
        if wasBlocked { roomIsThere.signal() }
        return ending
    }
}
