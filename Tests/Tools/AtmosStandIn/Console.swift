internal import Glibc
internal import Synchronization

/// Standard output as a Fortran program has it: in blocks of 8 kB when it goes to a file or a pipe, so that the last of
/// them is lost when the program dies, unless `GFORTRAN_UNBUFFERED_ALL` is set.
enum Console {
    private static let block = 8192
    private static let isUnbuffered =
        getenv("GFORTRAN_UNBUFFERED_ALL").map { "1yYtT".utf8.contains(UInt8($0[0])) } ?? false
    private static let waiting = Mutex<[UInt8]>([])

    static func line(_ text: String = "") { self.text(text + "\n") }

    static func text(_ text: String) {
        waiting.withLock { waiting in
            waiting += text.utf8
            guard isUnbuffered || waiting.count >= block else { return }
            write(waiting, to: STDOUT_FILENO)
            waiting.removeAll(keepingCapacity: true)
        }
    }

    /// Standard error output, which is never held back.
    static func error(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

    static func flush() {
        waiting.withLock { waiting in
            write(waiting, to: STDOUT_FILENO)
            waiting.removeAll()
        }
    }

    /// Waits as long as a step takes, and at least so many seconds.
    static func pace(_ least: Double = 0) {
        let seconds = max(least, getenv("ATMOS_STAND_IN_PACE").flatMap { Double(String(cString: $0)) } ?? 0)
        if seconds > 0 { usleep(UInt32(seconds * 1e6)) }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
                guard count > 0 || errno == EINTR else { return }
                done += max(0, count)
            }
        }
    }
}
