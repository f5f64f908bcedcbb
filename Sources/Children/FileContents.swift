internal import SystemPackage

/// Writing whole files.
public enum FileContents {
    /// Creates or replaces the file at `path`.
    ///
    /// - Throws: an error that names the file if it cannot be created or not be written in full.
    public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws(ChildError) {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .newFile)
            try file.closeAfter { _ = try file.writeAll(bytes) }
        } catch {
            throw ChildError("cannot write \(path): \(error)")
        }
    }
}

extension FilePermissions {
    /// The permissions of files that this program creates, before the umask: `rw-r--r--`.
    static let newFile: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
}
