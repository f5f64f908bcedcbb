internal import Foundation

/// The path of a results file, looked at before anything is started.
enum OutputPath {
    /// - Parameter name: what the command line calls it.
    /// - Throws: when no file can be written at `path`.
    static func check(_ path: String, called name: String = "--output") throws(Failure) {
        let directory = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else {
            throw Failure(.usage, "\(name) \(path): the directory \(directory) does not exist; make it first")
        }
        guard isDirectory.boolValue else {
            throw Failure(.usage, "\(name) \(path): \(directory) is not a directory; name another place")
        }
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            throw Failure(.usage, "\(name) \(path): is a directory; name a file in it")
        }
        guard access(directory, W_OK) == 0 else {
            throw Failure(
                .usage, "\(name) \(path): the directory \(directory) cannot be written to; name another place")
        }
    }

    /// A file is where one is to be made.
    static func exists(_ path: String) -> Failure {
        Failure(.usage, "\(path): exists already; name another file, or give --overwrite to replace it")
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
