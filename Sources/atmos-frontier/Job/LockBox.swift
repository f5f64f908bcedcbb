internal import Results
internal import Synchronization

/// The right to write a results file, on its way from the plan to the writer that uses it.
final class LockBox: Sendable {
    private let lock: Mutex<FileLock?>

    init(_ lock: consuming FileLock) { self.lock = Mutex(lock) }

    /// Gives the lock away, once.
    func take() -> FileLock {
        lock.withLock { lock in
            guard let taken = lock.take() else { preconditionFailure("the lock is given away once") }
            return taken
        }
    }
}
