internal import Glibc
internal import HDF5

/// How a copy of a results file is laid out.
public enum CopyForm: Sendable {
    /// Like a file that was closed in order: every reader opens it, and `run` goes on from it.
    case snapshot
    /// Compressed without loss, in the HDF5 1.8 format, which readers that are not the library itself understand
    /// too. It is for keeping: rows are not added to it.
    case archive
}

/// What a copy holds, and how large it is.
public struct CopySummary: Sendable, Equatable {
    /// Rows of the copy, complete or not.
    public var rowCount: Int
    /// Rows among them that hold no result.
    public var pendingCount: Int
    public var bytesOfSource: Int
    public var bytes: Int
}

extension ResultsReader {
    /// Copies the rows up to the last complete one into a file of its own, every value as it is, to the bit.
    ///
    /// The copy has everything that the file has, also what this program does not know. It is made under the name
    /// `path.partial` and gets its name when it is whole. A source that was not closed in order gives a copy with
    /// `completion = "partial"`.
    ///
    /// - Parameters:
    ///   - overwriting: whether a file at `path` may be replaced.
    ///   - invocation: the line of `history`.
    ///   - time: the moment, seconds since 1970-01-01T00:00:00Z; this moment when `nil`.
    /// - Throws: `ResultsError`, which names what is in the way, else `HDF5Error`.
    public func copy(
        to path: String, as form: CopyForm, overwriting: Bool, invocation: Invocation, time: Double? = nil
    ) throws -> CopySummary {
        try Self.refuse(path, from: self.path, overwriting)
        let partial = path + ".partial"
        do {
            let copier = Copier(form: form, rowCount: rowCount)
            let pending = try copier.make(partial, from: opened, self.path, invocation, time ?? now())
            guard rename(partial, path) == 0 else {
                throw ResultsError.system(action: "renaming \(partial) to \(path)", reason: errorText())
            }
            return CopySummary(
                rowCount: rowCount, pendingCount: pending, bytesOfSource: fileSize(self.path),
                bytes: fileSize(path))
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static func refuse(_ path: String, from source: String, _ overwriting: Bool) throws(ResultsError) {
        var (there, here) = (stat(), stat())
        guard stat(path, &there) == 0 else { return }
        if stat(source, &here) == 0, there.st_ino == here.st_ino, there.st_dev == here.st_dev {
            throw .alreadyExists(path: path)
        }
        if let holder = FileLock.holder(of: path) {
            throw .locked(path: path, holder: holder.description, advice: "name another file")
        }
        if !overwriting { throw .alreadyExists(path: path) }
    }
}

/// Bytes of the file at `path`; 0 when it cannot be seen.
func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
}

/// When the file at `path` was last changed, seconds since 1970-01-01T00:00:00Z.
func modificationTime(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
}
