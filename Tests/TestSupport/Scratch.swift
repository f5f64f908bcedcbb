package import Foundation

/// A folder for one test, removed with everything in it when the test ends.
package final class Scratch {
    /// Where the folder is.
    package let folder: URL

    /// Creates an empty folder.
    package init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "atmos-frontier-test-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Returns the path of the file `name` in the folder; it need not exist.
    package func path(_ name: String) -> String { folder.appending(path: name).path }

    /// Writes `text` to the file `name`, and returns its path.
    @discardableResult
    package func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: folder.appending(path: name))
        return path(name)
    }

    /// Returns the names of what is in the folder, sorted.
    package func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}
