internal import Glibc

/// The machine that this process runs on.
public enum Host {
    /// The machine's name, as `gethostname` gives it; "unknown" where it gives none.
    public static var name: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard gethostname(buffer.baseAddress!, 255) == 0 else { return "unknown" }
            buffer[255] = 0
            return String(cString: buffer.baseAddress!)
        }
    }
}
