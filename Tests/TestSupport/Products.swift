package import Foundation

/// What the build made, and where it was made from.
package enum Products {
    /// The folder of the build's products; the tests run from there.
    package static let folder: URL = {
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return URL(filePath: tests ?? "").deletingLastPathComponent()
    }()

    /// The program itself.
    package static let program = path("atmos-frontier")

    /// The root of the repository.
    package static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The Python with the readers of results files; `jobs/test` sets it.
    package static let python = ProcessInfo.processInfo.environment["ATMOS_FRONTIER_PYTHON"]

    /// Returns the path of the executable `name`.
    package static func path(_ name: String) -> String { folder.appending(path: name).path }
}
