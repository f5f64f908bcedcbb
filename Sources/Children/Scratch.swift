internal import Foundation
internal import Glibc
internal import SystemPackage

/// A folder on node-local storage that only this process uses, removed when the process ends.
public struct Scratch: Sendable {
    /// The absolute path of the folder.
    public let path: String

    /// Creates the folder in the first of `ATMOS_FRONTIER_SCRATCH`, `SLURM_TMPDIR`, `TMPDIR` and `/tmp` that is set.
    ///
    /// - Parameter guardian: removes the folder when this process ends, however it ends.
    /// - Throws: an error if the folder cannot be created.
    public init(under guardian: Guardian) throws(ChildError) {
        let environment = ProcessInfo.processInfo.environment
        let parent =
            ["ATMOS_FRONTIER_SCRATCH", "SLURM_TMPDIR", "TMPDIR"].compactMap { environment[$0] }
            .first { !$0.isEmpty } ?? "/tmp"
        var template = Array("\(parent)/atmos-frontier-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ChildError(
                "cannot create a scratch folder in \(parent): \(Errno(rawValue: errno)); set ATMOS_FRONTIER_SCRATCH "
                    + "to a writable folder on this node")
        }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        guardian.own(path)
    }

    /// Copies the folder to `destination` for inspection, creating the parent folders.
    ///
    /// Symbolic links are copied as links. A destination that exists already is left as it is.
    ///
    /// - Throws: an error if the folder cannot be copied.
    public func keep(at destination: String) throws(ChildError) {
        do {
            let parent = URL(fileURLWithPath: destination).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
            guard !FileManager.default.fileExists(atPath: destination) else { return }
            try FileManager.default.copyItem(atPath: path, toPath: destination)
        } catch {
            throw ChildError("cannot keep \(path) as \(destination): \(error.localizedDescription)")
        }
    }
}
