import Glibc

/// How a rank waits for messages: it spins while answers come within microseconds, then yields, then sleeps, twice as
/// long each time, up to a millisecond.
///
/// Spinning for long would take the core from a model on a full node; sleeping at once would cost a fast model more
/// than its work. So it learns: it spins for longer after every wait that was over within a millisecond, and for half as
/// long after others. Else two ranks that talk fast, one of which was late once, would wait for each other asleep.
public struct Patience {
    private static let fewestSpins = 100
    private static let mostSpins = 4000
    private static let yields = 50
    private static let shortestSleep = 20_000
    private static let longestSleep = 1_000_000
    /// After more sleeps than this, a millisecond, the message was not to be waited for awake.
    private static let fewSleeps = 5
    /// Spins after which others on the core are let by now and then.
    private static let selfishSpins = 400

    private var spins = Self.selfishSpins
    private var idle = 0
    private var sleeps = 0
    private var sleep = Self.shortestSleep

    public init() {
        // The kernel may else add 50 us to every sleep (proc(5)).
        let slack = open("/proc/self/timerslack_ns", O_WRONLY | O_CLOEXEC)
        guard slack >= 0 else { return }
        _ = write(slack, "1000", 4)
        close(slack)
    }

    /// Something happened: the next wait is short again.
    public mutating func reset() {
        if sleeps > Self.fewSleeps {
            spins = max(spins / 2, Self.fewestSpins)
        } else if idle > Self.fewestSpins {
            spins = min(spins * 2, Self.mostSpins)
        }
        idle = 0
        sleeps = 0
        sleep = Self.shortestSleep
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
        var time = timespec(tv_sec: 0, tv_nsec: sleep)
        nanosleep(&time, nil)
        sleeps += 1
        sleep = min(sleep * 2, Self.longestSleep)
    }
}
