internal import Glibc

/// Rank 0's word to `jobs/launch`, which started it: files in the folder that the launcher names.
///
/// mpirun cannot give it: it does not tell of a rank 0 that was lost, and its exit code is not the program's. Without
/// a launcher, and on the other hosts, nothing happens here. Nor does a full disk: the job goes on without.
enum LauncherLink {
    private static var folder: String? { Launch.mayBeRankZero ? Launch.variable("ATMOS_FRONTIER_LAUNCH") : nil }

    /// Whether `jobs/launch` on this host started this process.
    static var isLaunched: Bool { Launch.isUnderMPI && Launch.variable("ATMOS_FRONTIER_LAUNCH") != nil }

    /// Says which process rank 0 is: "PID PID-NAMESPACE".
    static func begin() {
        guard let folder else { return }
        put("\(getpid()) \(processNamespace ?? "unknown")\n", at: folder + "/alive")
    }

    /// Says that every rank has started.
    static func join() {
        guard let folder else { return }
        put("", at: folder + "/joined")
    }

    /// Says how the job ended: the last thing that counts. The first word stands.
    static func report(_ code: Int32) {
        guard let folder, access(folder + "/exit", F_OK) != 0 else { return }
        put("\(code)\n", at: folder + "/exit.new")
        rename(folder + "/exit.new", folder + "/exit")
    }

    /// Says that rank 0 lives.
    static func touch() {
        guard let folder else { return }
        utimensat(AT_FDCWD, folder + "/alive", nil, 0)
    }

    private static var processNamespace: String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let count = readlink("/proc/self/ns/pid", buffer.baseAddress!, 63)
            guard count > 0 else { return nil }
            buffer[count] = 0
            return String(cString: buffer.baseAddress!)
        }
    }

    private static func put(_ text: String, at path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { return }
        _ = Array(text.utf8).withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
    }
}
