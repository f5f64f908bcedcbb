internal import Foundation
internal import Glibc

/// A folder that only this process uses, on storage of its node, and that goes with it.
public struct Scratch: Sendable {
    public let path: String

    /// Makes the folder in the first of `ATMOS_FRONTIER_SCRATCH`, `SLURM_TMPDIR`, `TMPDIR` and `/tmp` that is set.
    ///
    /// - Parameter guardian: removes it when this process ends, however it does.
    /// - Throws: when it cannot be made.
    public init(under guardian: Guardian) throws(ChildError) {
        let environment = ProcessInfo.processInfo.environment
        let parent =
            ["ATMOS_FRONTIER_SCRATCH", "SLURM_TMPDIR", "TMPDIR"].compactMap { environment[$0] }
            .first { !$0.isEmpty } ?? "/tmp"
        var template = Array("\(parent)/atmos-frontier-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ChildError(
                "cannot make a scratch folder in \(parent): \(String(cString: strerror(errno))); set "
                    + "ATMOS_FRONTIER_SCRATCH to a folder on this node that can be written")
        }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        guardian.own(path)
    }

    /// Copies the folder to `destination`, made with the folders above it, for a person to look into. Links are copied
    /// as links; one that is there already stays as it is.
    ///
    /// - Throws: when it cannot be copied.
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
