internal import Glibc
internal import HDF5

/// A file opened for reading, in the mode that its state allows.
struct OpenedForReading: ~Copyable {
    let file: File
    /// Whether the file is marked as being written, by a live writer or one that was killed.
    let isLive: Bool

    /// The number of attempts to open a file that its writer is closing, 20 ms apart: 5 s.
    private static let attempts = 250

    /// Opens the file at `path`; while its writer closes it, no mode works and opening is retried.
    init(_ path: String) throws {
        for attempt in 0... {
            do {
                self = try Self.open(path)
                return
            } catch {
                guard attempt < Self.attempts, Self.isBeingWritten(path) else { throw error }
                usleep(20_000)
            }
        }
        fatalError("unreachable")
    }

    /// Returns whether another process writes the file: this one may hold the lock of a file that it is about to resume.
    private static func isBeingWritten(_ path: String) -> Bool {
        guard let holder = FileLock.holder(of: path) else { return false }
        return holder.process != getpid() || holder.host != Host.name
    }

    private init(_ file: consuming File, isLive: Bool) {
        self.file = file
        self.isLive = isLive
    }

    private static func open(_ path: String) throws -> OpenedForReading {
        let access = try PropertyList.readingAccess()
        do {
            return OpenedForReading(try File(opening: path, .read, access), isLive: false)
        } catch let plain {
            if let file = try? File(opening: path, .readLive, access) { return OpenedForReading(file, isLive: true) }
            // A writer that found the disk full leaves a file shorter than its recorded length. A live writer is waited
            // for instead.
            guard !isBeingWritten(path),
                let file = try? File(opening: path, .read, try .recoveringFileAccess())
            else { throw plain }
            return OpenedForReading(file, isLive: false)
        }
    }

    /// Opens the dataset at `path` and looks at what a live writer has added.
    func dataset(_ path: String) throws(HDF5Error) -> Dataset {
        let dataset = try Dataset(opening: path, in: file)
        if isLive { try dataset.refresh() }
        return dataset
    }
}
