import Glibc

/// The clocks of this process.
public enum Time {
    /// Returns the seconds on the monotonic clock, which never steps, from an arbitrary start.
    public static func monotonic() -> Double { seconds(CLOCK_MONOTONIC) }

    /// Returns the seconds since 1970-01-01T00:00:00Z.
    public static func sinceEpoch() -> Double { seconds(CLOCK_REALTIME) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
