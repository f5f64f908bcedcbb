internal import Foundation
internal import Results

/// Checks of a results file's path before anything is started.
enum OutputPath {
    /// Checks that a file can be written at `path`.
    ///
    /// - Parameters:
    ///   - path: the file, which may exist.
    ///   - name: the option that names it, for the error.
    /// - Throws: `Failure` with exit code 64 when it cannot.
    static func check(_ path: String, called name: String = "--output") throws(Failure) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
            throw Failure(.usage, "\(name) \(path): the directory \(directory) does not exist; create it first")
        }
        guard isDirectory.boolValue else {
            throw Failure(.usage, "\(name) \(path): \(directory) is not a directory; choose another location")
        }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw Failure(.usage, "\(name) \(path): is a directory; name a file in it")
        }
        guard access(directory, W_OK) == 0 else {
            throw Failure(
                .usage, "\(name) \(path): the directory \(directory) is not writable; choose another location")
        }
    }

    /// The error for an output file that exists already.
    static func exists(_ path: String) -> Failure {
        Failure(.usage, "\(path): exists already; choose another name, or give --overwrite to replace it")
    }

    /// Removes the results file at `path`, if it exists, and the drafts beside it.
    static func remove(_ path: String) throws(Failure) {
        let drafts = Draft.Suffix.allCases.map { Draft(of: path, $0).path }
        for name in [path] + drafts where FileManager.default.fileExists(atPath: name) {
            do {
                try FileManager.default.removeItem(atPath: name)
            } catch {
                throw Failure(.usage, "--overwrite: \(name) cannot be removed: \(error.localizedDescription)")
            }
        }
    }
}
