internal import Foundation

/// The path of a results file, looked at before anything is started.
enum OutputPath {
    /// - Throws: when no file can be written at `path`.
    static func check(_ path: String) throws(Failure) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
            throw Failure(.usage, "--output \(path): the directory \(directory) does not exist; make it first")
        }
        guard isDirectory.boolValue else {
            throw Failure(.usage, "--output \(path): \(directory) is not a directory; name another place")
        }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw Failure(.usage, "--output \(path): is a directory; name a file in it")
        }
        guard access(directory, W_OK) == 0 else {
            throw Failure(
                .usage, "--output \(path): the directory \(directory) cannot be written to; name another place")
        }
    }

    /// Removes the results file at `path`, if there is one.
    static func remove(_ path: String) throws(Failure) {
        for name in [path, path + ".partial", path + ".extending"] where FileManager.default.fileExists(atPath: name) {
            do {
                try FileManager.default.removeItem(atPath: name)
            } catch {
                throw Failure(.usage, "--overwrite: \(name) cannot be removed: \(error.localizedDescription)")
            }
        }
    }
}
