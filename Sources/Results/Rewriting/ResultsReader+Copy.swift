internal import Glibc
internal import HDF5

/// How a copy of a results file is laid out.
public enum CopyForm: Sendable {
    /// Like a file that its writer closed: every reader opens it, and `run` can resume from it.
    case snapshot
    /// Compressed without loss, in the HDF5 1.8 format, which readers other than the library itself understand too. It
    /// is meant for keeping: no rows can be added to it.
    case archive
}

/// What a copy holds, and how large it is.
public struct CopySummary: Sendable, Equatable {
    /// The number of rows of the copy, complete or not.
    public var rowCount: Int
    /// The number of rows among them that hold no result.
    public var pendingCount: Int
    /// The size of the file that was copied, bytes.
    public var bytesOfSource: Int
    /// The size of the copy, bytes.
    public var bytes: Int
}

extension ResultsReader {
    /// Copies the rows up to the last complete one into another file, every value bit for bit.
    ///
    /// The copy has everything that the file has, including what this program does not know. It is written as a
    /// ``Draft``. A source that was not closed gives a copy with `completion = "partial"`.
    ///
    /// - Parameters:
    ///   - path: where the copy is made.
    ///   - form: how it is laid out.
    ///   - overwriting: whether a file at `path` may be replaced.
    ///   - invocation: the line of `history`.
    ///   - time: the time, seconds since 1970-01-01T00:00:00Z; the current time when `nil`.
    /// - Returns: what the copy holds.
    /// - Throws: `ResultsError`, which says why not, else `HDF5Error`.
    public func copy(
        to path: String, as form: CopyForm, overwriting: Bool, invocation: Invocation, time: Double? = nil
    ) throws -> CopySummary {
        try Self.refuse(path, from: self.path, overwriting)
        let pending = try Draft.write(path) { draft in
            try Copier(form: form, rowCount: rowCount).make(draft, from: opened, self.path, invocation, time ?? now())
        }
        return CopySummary(
            rowCount: rowCount, pendingCount: pending, bytesOfSource: fileSize(self.path), bytes: fileSize(path))
    }

    private static func refuse(_ path: String, from source: String, _ overwriting: Bool) throws(ResultsError) {
        var (there, here) = (stat(), stat())
        guard stat(path, &there) == 0 else { return }
        if stat(source, &here) == 0, there.st_ino == here.st_ino, there.st_dev == here.st_dev {
            throw .alreadyExists(path: path)
        }
        if let holder = FileLock.holder(of: path) {
            throw .locked(path: path, holder: holder.description, advice: "choose another file")
        }
        if !overwriting { throw .alreadyExists(path: path) }
    }
}
