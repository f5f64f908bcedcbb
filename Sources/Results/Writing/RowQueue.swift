internal import Atmospheres
internal import Dispatch
internal import Exploration
internal import Synchronization

/// The state that the caller's thread and the writer's thread share, with which each waits for the other.
///
/// All of it is under one mutex. Each thread says there what it waits for, and the other one wakes it only then: a row
/// that nobody waits for costs no system call.
final class RowQueue: Sendable {
    private enum Ending {
        case closed(Completion, lostWorkers: Int)
        case abandoned
    }

    private enum Phase {
        /// The file is being created or reopened.
        case opening
        case writing
        /// The caller has asked for the end; rows are no longer taken.
        case ending(Ending)
        /// The file is closed, and the lock is given back.
        case ended
    }

    /// What the caller waits for.
    private enum Need {
        case nothing
        /// That opening has succeeded or failed.
        case opening
        /// That the waiting rows are taken.
        case room
        case bytes(row: Int, Blobs)
        case end
    }

    private enum Writer {
        case working
        /// Waits for this number of rows, for a need of the caller, or for a time to pass.
        case waiting(forRows: Int)
    }

    private struct State: ~Copyable {
        /// The rows that wait.
        var provenance: [Provenance] = []
        var evaluations: Evaluations
        var phase = Phase.opening
        var failure: (any Error)?
        var need = Need.nothing
        var writer = Writer.working
        /// The bytes that the caller asked for.
        var answer: [UInt8] = []
        var committedRows = 0
        var recovery: Recovery?
        var lock: FileLock?

        init(evaluations: Evaluations, lock: consuming FileLock) {
            self.evaluations = evaluations
            self.lock = .some(consume lock)
        }

        /// Whether rows are taken.
        var takesRows: Bool {
            switch phase {
            case .opening, .writing: failure == nil
            case .ending, .ended: false
            }
        }

        var hasEnded: Bool {
            if case .ended = phase { true } else { false }
        }

        /// Returns whether the writer has something to do before a deadline.
        func isReady(rows: Int) -> Bool {
            if case .ending = phase { return true }
            return switch need {
            case .room, .bytes: true
            case .nothing, .opening, .end: provenance.count >= rows
            }
        }

        /// Marks the writer as working if it waits for what there is now.
        ///
        /// - Returns: whether it must be woken.
        mutating func wakesWriter() -> Bool {
            guard case .waiting(let rows) = writer, isReady(rows: rows) else { return false }
            writer = .working
            return true
        }
    }

    private let pace: ResultsWriter.Pace
    private let shape: Evaluations
    private let state: Mutex<State>
    private let writerEvent = DispatchSemaphore(value: 0)
    private let callerEvent = DispatchSemaphore(value: 0)

    init(_ shape: Evaluations, _ lock: consuming FileLock, _ pace: ResultsWriter.Pace) {
        self.pace = pace
        self.shape = shape
        state = Mutex(State(evaluations: shape, lock: lock))
    }

    var hasRoom: Bool { state.withLock { $0.provenance.count < pace.rowLimit / 2 } }
    var committedRows: Int { state.withLock { $0.committedRows } }
    var failure: (any Error)? { state.withLock { $0.failure } }
}

// MARK: The caller's side

extension RowQueue {
    func waitUntilOpen(_ whileWaiting: () -> Void) throws -> Recovery? {
        state.withLock { state in
            if case .opening = state.phase { state.need = .opening }
        }
        wait(whileWaiting)
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.recovery
        }
    }

    func add(_ provenance: [Provenance], _ evaluations: borrowing Evaluations) {
        while true {
            let (isTaken, wakes) = state.withLock { state in
                guard state.takesRows else { return (true, false) }
                let isFull = !state.provenance.isEmpty && state.provenance.count + provenance.count > pace.rowLimit
                if isFull {
                    state.need = .room
                } else {
                    state.provenance.append(contentsOf: provenance)
                    state.evaluations.append(contentsOf: evaluations)
                }
                return (!isFull, state.wakesWriter())
            }
            if wakes { writerEvent.signal() }
            if isTaken { return }
            wait {}
        }
    }

    func bytes(ofRow row: Int, in blobs: Blobs) throws -> [UInt8] {
        let wakes = try state.withLock { state in
            if let failure = state.failure { throw failure }
            guard state.takesRows else { return false }
            state.need = .bytes(row: row, blobs)
            return state.wakesWriter()
        }
        if wakes { writerEvent.signal() }
        wait {}
        return try state.withLock { state in
            if let failure = state.failure { throw failure }
            defer { state.answer = [] }
            return state.answer
        }
    }

    func finish(_ completion: Completion, _ lostWorkers: Int, _ whileWaiting: () -> Void) throws {
        end(.closed(completion, lostWorkers: lostWorkers))
        state.withLock { state in
            if !state.hasEnded { state.need = .end }
        }
        wait(whileWaiting)
        try state.withLock { state in if let failure = state.failure { throw failure } }
    }

    func abandon() { end(.abandoned) }

    /// Waits until the writer has met the caller's need.
    ///
    /// - Parameter whileWaiting: called every second.
    private func wait(_ whileWaiting: () -> Void) {
        while true {
            let isMet = state.withLock { state in
                if case .nothing = state.need { true } else { false }
            }
            if isMet { return }
            if callerEvent.wait(timeout: .now() + 1) == .timedOut { whileWaiting() }
        }
    }

    /// Asks the writer to end, unless it was asked before or has ended.
    private func end(_ ending: Ending) {
        let wakes = state.withLock { state in
            guard case .writing = state.phase else { return false }
            state.phase = .ending(ending)
            return state.wakesWriter()
        }
        if wakes { writerEvent.signal() }
    }
}

// MARK: The writer's side

extension RowQueue {
    /// Runs on the writer's thread, from opening the file to closing it.
    func serve(_ open: () throws -> ResultsFile) {
        do {
            let file = try open()
            change { state in
                state.committedRows = file.committedCount
                state.recovery = file.recovery
                state.phase = .writing
                if case .opening = state.need { state.need = .nothing }
            }
            try write(file)
        } catch {
            // A failed writer meets no need any more, except that the end comes below.
            change { state in
                state.failure = error
                if case .end = state.need {} else { state.need = .nothing }
            }
        }
        change { state in
            state.lock = nil
            state.phase = .ended
            state.need = .nothing
        }
    }

    private func write(_ file: consuming ResultsFile) throws {
        var provenance: [Provenance] = []
        var evaluations = shape
        var lastCommit = DispatchTime(uptimeNanoseconds: 1)
        var lastSync = DispatchTime.now()
        var isSynced = true
        while true {
            // Shortly after a commit rows gather; after a quiet time the first one is written at once.
            let gatherUntil = lastCommit + pace.commitInterval
            if .now() < gatherUntil {
                wait(forRows: pace.rowsPerCommit, until: gatherUntil)
            } else {
                wait(forRows: 1, until: isSynced ? .distantFuture : lastSync + pace.syncInterval)
            }
            let (ending, wanted) = take(&provenance, &evaluations)
            if !provenance.isEmpty {
                try file.append(provenance, evaluations)
                try file.commit()
                let rows = file.committedCount
                state.withLock { $0.committedRows = rows }
                lastCommit = .now()
                isSynced = false
            }
            if let wanted {
                let bytes = try file.bytes(ofRow: wanted.row, in: wanted.blobs)
                change { state in
                    state.answer = bytes
                    state.need = .nothing
                }
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

    /// Waits until this number of rows wait, the caller needs something, or the time has come.
    private func wait(forRows rows: Int, until deadline: DispatchTime) {
        while true {
            let isReady = state.withLock { state in
                let isReady = state.isReady(rows: rows)
                state.writer = isReady ? .working : .waiting(forRows: rows)
                return isReady
            }
            if isReady || writerEvent.wait(timeout: deadline) == .timedOut { return }
        }
    }

    /// Exchanges the rows that wait for the writer's emptied buffers.
    ///
    /// - Returns: how the caller wants to end, and the row whose bytes it waits for. Both are looked at while the rows
    ///   are taken, since such a row may be among them.
    private func take(
        _ provenance: inout [Provenance], _ evaluations: inout Evaluations
    ) -> (ending: Ending?, wanted: (row: Int, blobs: Blobs)?) {
        provenance.removeAll(keepingCapacity: true)
        evaluations.removeAll()
        return change { state in
            swap(&state.provenance, &provenance)
            swap(&state.evaluations, &evaluations)
            state.writer = .working
            if case .room = state.need { state.need = .nothing }
            let ending: Ending? = if case .ending(let ending) = state.phase { ending } else { nil }
            let wanted: (Int, Blobs)? = if case .bytes(let row, let blobs) = state.need { (row, blobs) } else { nil }
            return (ending, wanted)
        }
    }

    /// Changes the state and wakes the caller if that meets its need.
    @discardableResult
    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, isMet) = state.withLock { state in
            let waited = if case .nothing = state.need { false } else { true }
            let result = body(&state)
            let waits = if case .nothing = state.need { false } else { true }
            return (result, waited && !waits)
        }
        if isMet { callerEvent.signal() }
        return result
    }
}
