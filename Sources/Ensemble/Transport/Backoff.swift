import Glibc

/// How a rank waits for messages: it spins while answers come within microseconds, then yields the core, then sleeps, each
/// time for an eighth of the time slept so far, up to a millisecond.
///
/// Spinning for long would take the core from a model on a full node; sleeping at once would cost a fast model more
/// than its work. So it adapts: it spins for longer after every wait that ended within a millisecond, and for half as
/// long after any other.
///
/// The eighth keeps two ranks from waiting for each other asleep: each prolongs the other's wait by less than it has
/// waited itself, so that their waits shrink. With doubled sleeps they would not.
public struct Backoff {
    private static let fewestSpins = 100
    private static let mostSpins = 4000
    private static let yields = 50
    /// ns
    private static let shortestSleep = 20_000
    /// ns
    private static let longestSleep = 1_000_000
    /// A wait longer than this (ns) should have slept sooner, so it spins less next time.
    private static let longWait = 1_000_000
    /// Spins before it starts to yield the core, every `spinsPerYield`-th time.
    private static let spinsBeforeYield = 400
    private static let spinsPerYield = 16
    /// Divisor of the time slept so far: see above.
    private static let sleepDivisor = 8

    private var spins = Self.spinsBeforeYield
    private var idle = 0
    /// ns
    private var slept = 0

    /// Creates a backoff, and asks the kernel for exact sleeps.
    public init() {
        // By default the kernel may add 50 us to every sleep (proc(5)).
        let slack = open("/proc/self/timerslack_ns", O_WRONLY | O_CLOEXEC)
        guard slack >= 0 else { return }
        _ = write(slack, "1000", 4)
        close(slack)
    }

    /// Notes that something happened: the next wait starts short again.
    public mutating func reset() {
        if slept > Self.longWait {
            spins = max(spins / 2, Self.fewestSpins)
        } else if idle > Self.fewestSpins {
            spins = min(spins * 2, Self.mostSpins)
        }
        idle = 0
        slept = 0
    }

    /// Waits a little longer than the last time.
    public mutating func wait() {
        idle += 1
        if idle <= spins {
            if idle > Self.spinsBeforeYield, idle % Self.spinsPerYield == 0 { sched_yield() }
            return
        }
        if idle <= spins + Self.yields {
            sched_yield()
            return
        }
        let sleep = min(max(slept / Self.sleepDivisor, Self.shortestSleep), Self.longestSleep)
        var time = timespec(tv_sec: 0, tv_nsec: sleep)
        nanosleep(&time, nil)
        slept += sleep
    }
}
