import Glibc

/// How a rank waits for messages: it spins while answers come within microseconds, then yields, then sleeps, twice as
/// long each time, up to a millisecond.
///
/// Spinning for long would take the core from a model on a full node; sleeping at once would cost a fast model more
/// than its work.
public struct Patience {
    private static let spins = 200
    private static let yields = 50
    private static let shortestSleep = 20_000
    private static let longestSleep = 1_000_000

    private var idle = 0
    private var sleep = Self.shortestSleep

    public init() {}

    /// Something happened: the next wait is short again.
    public mutating func reset() {
        idle = 0
        sleep = Self.shortestSleep
    }

    /// Nothing happened: waits a little longer than the last time.
    public mutating func wait() {
        idle += 1
        if idle <= Self.spins { return }
        if idle <= Self.spins + Self.yields {
            sched_yield()
            return
        }
        var time = timespec(tv_sec: 0, tv_nsec: sleep)
        nanosleep(&time, nil)
        sleep = min(sleep * 2, Self.longestSleep)
    }
}
