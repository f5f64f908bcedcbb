internal import SystemPackage

/// What a path leads to, symbolic links followed.
enum PathType {
    /// Returns whether the path leads to a folder.
    static func isFolder(_ path: String) -> Bool { (try? FilePath(path).stat().type) == .directory }

    /// Returns whether the path leads to a regular file that is not empty.
    static func isNonEmptyFile(_ path: String) -> Bool {
        guard let stat = try? FilePath(path).stat() else { return false }
        return stat.type == .regular && stat.size > 0
    }
}
