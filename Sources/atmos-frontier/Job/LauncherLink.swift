internal import Children
internal import Glibc

/// Rank 0's channel to `jobs/launch`, which started the job: files in a folder that the launcher names.
///
/// mpirun cannot provide it: it does not report the loss of rank 0, and its exit code is not the program's. Without a
/// launcher, and on other hosts, these functions do nothing. Errors are ignored: the job does not depend on the channel.
enum LauncherLink {
    private static var folder: String? { LaunchEnvironment.mayBeRankZero ? launcherFolder : nil }

    private static var launcherFolder: String? { LaunchEnvironment.variable("ATMOS_FRONTIER_LAUNCH") }

    /// Whether `jobs/launch` on this host started this process.
    static var isLaunched: Bool { LaunchEnvironment.isUnderMPI && launcherFolder != nil }

    /// Announces rank 0's process: "PID PID-NAMESPACE".
    static func begin() {
        guard let folder else { return }
        put("\(getpid()) \(processNamespace ?? "unknown")\n", at: folder + "/alive")
    }

    /// Reports that every rank has started.
    static func join() {
        guard let folder else { return }
        put("", at: folder + "/joined")
    }

    /// Reports how the job ended. Only the first report counts.
    static func report(_ code: Int32) {
        guard let folder, access(folder + "/exit", F_OK) != 0 else { return }
        put("\(code)\n", at: folder + "/exit.new")
        rename(folder + "/exit.new", folder + "/exit")
    }

    /// Reports that rank 0 is alive.
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
        // The job continues without it, on a full disk for instance.
        try? FileContents.write(text.utf8, to: path)
    }
}
