internal import Glibc
internal import SystemPackage

/// A file that is written under a temporary name beside its final one, so that a file with the final name is complete.
public struct Draft: Sendable {
    /// What the name of a file has at its end while the file is written.
    public enum Suffix: String, Sendable, CaseIterable {
        /// A new file.
        case partial = ".partial"
        /// A results file that replaces the one it was extended from.
        case extending = ".extending"
    }

    /// The temporary name, to be written to.
    public let path: String
    private let target: String

    /// Names the draft of the file `target`; nothing is created.
    public init(of target: String, _ suffix: Suffix = .partial) {
        path = target + suffix.rawValue
        self.target = target
    }

    /// Gives the written file its final name; a file with that name is replaced.
    ///
    /// - Throws: `ResultsError.system`.
    public func publish() throws(ResultsError) {
        guard rename(path, target) == 0 else {
            throw .system(action: "renaming \(path) to \(target)", reason: Errno.current.description)
        }
    }

    /// Removes the draft, if it exists.
    public func discard() { unlink(path) }

    /// Writes a file completely or not at all: the draft is published after `body`, or removed when that fails.
    ///
    /// - Parameters:
    ///   - target: the final name; a file with that name is replaced.
    ///   - suffix: what the temporary name ends with.
    ///   - body: writes the file at the path that it is given.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `ResultsError.system`.
    public static func write<Result>(
        _ target: String, _ suffix: Suffix = .partial, _ body: (_ path: String) throws -> Result
    ) throws -> Result {
        let draft = Draft(of: target, suffix)
        do {
            let result = try body(draft.path)
            try draft.publish()
            return result
        } catch {
            draft.discard()
            throw error
        }
    }
}

/// Asks the operating system to write the names in the folder of `path` to the disk.
func synchronizeFolder(of path: String) throws(ResultsError) {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let name = folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder
    let descriptor = open(name, O_RDONLY | O_CLOEXEC)
    defer { if descriptor >= 0 { _ = Glibc.close(descriptor) } }
    // EINVAL: the file system cannot do this.
    guard descriptor >= 0, fsync(descriptor) == 0 || errno == EINVAL else {
        throw .system(action: "synchronizing the folder \(name)", reason: Errno.current.description)
    }
}

extension Errno {
    /// The error of the last call of this thread that failed.
    static var current: Errno { Errno(rawValue: errno) }
}
