internal import Glibc
internal import Synchronization
internal import SystemPackage

/// Standard output, buffered as in a Fortran program: in blocks of 8 kB, the last of which is lost if the program dies,
/// unless `GFORTRAN_UNBUFFERED_ALL` is set.
enum Console {
    private static let block = 8192
    private static let isUnbuffered =
        getenv("GFORTRAN_UNBUFFERED_ALL").map { "1yYtT".utf8.contains(UInt8($0[0])) } ?? false
    private static let buffer = Mutex<[UInt8]>([])

    static func line(_ text: String = "") { self.text(text + "\n") }

    static func text(_ text: String) {
        buffer.withLock { buffer in
            buffer += text.utf8
            guard isUnbuffered || buffer.count >= block else { return }
            write(buffer, to: STDOUT_FILENO)
            buffer.removeAll(keepingCapacity: true)
        }
    }

    /// Writes to standard error, which is not buffered.
    static func error(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    static func flush() {
        buffer.withLock { buffer in
            write(buffer, to: STDOUT_FILENO)
            buffer.removeAll()
        }
    }

    /// Sleeps for the duration of a step, and for at least `least` seconds.
    static func pace(_ least: Double = 0) {
        let seconds = max(least, getenv("ATMOS_STAND_IN_PACE").flatMap { Double(String(cString: $0)) } ?? 0)
        if seconds > 0 { usleep(UInt32(seconds * 1e6)) }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) {
        _ = try? FileDescriptor(rawValue: file).writeAll(bytes)
    }
}
