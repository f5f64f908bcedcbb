import Glibc

/// How a rank waits for messages: it spins while answers come within microseconds, then yields, then sleeps, each time
/// for an eighth of what it has slept by then, up to a millisecond.
///
/// Spinning for long would take the core from a model on a full node; sleeping at once would cost a fast model more
/// than its work. So it learns: it spins for longer after every wait that was over within a millisecond, and for half as
/// long after others.
///
/// The eighth keeps two ranks from waiting for each other asleep: each makes the other's wait longer by less than it has
/// waited itself, so that their waits shrink. Were the sleeps doubled, they would not.
public struct Backoff {
    private static let fewestSpins = 100
    private static let mostSpins = 4000
    private static let yields = 50
    /// ns
    private static let shortestSleep = 20_000
    private static let longestSleep = 1_000_000
    /// A message that took longer, ns, was not to be waited for awake.
    private static let longNap = 1_000_000
    /// Spins after which others on the core are let by now and then.
    private static let selfishSpins = 400

    private var spins = Self.selfishSpins
    private var idle = 0
    /// ns
    private var slept = 0

    public init() {
        // The kernel may else add 50 us to every sleep (proc(5)).
        let slack = open("/proc/self/timerslack_ns", O_WRONLY | O_CLOEXEC)
        guard slack >= 0 else { return }
        _ = write(slack, "1000", 4)
        close(slack)
    }

    /// Something happened: the next wait is short again.
    public mutating func reset() {
        if slept > Self.longNap {
            spins = max(spins / 2, Self.fewestSpins)
        } else if idle > Self.fewestSpins {
            spins = min(spins * 2, Self.mostSpins)
        }
        idle = 0
        slept = 0
    }

    /// Nothing happened: waits a little longer than the last time.
    public mutating func wait() {
        idle += 1
        if idle <= spins {
            if idle > Self.selfishSpins, idle % 16 == 0 { sched_yield() }
            return
        }
        if idle <= spins + Self.yields {
            sched_yield()
            return
        }
        let sleep = min(max(slept / 8, Self.shortestSleep), Self.longestSleep)
        var time = timespec(tv_sec: 0, tv_nsec: sleep)
        nanosleep(&time, nil)
        slept += sleep
    }
}
