import Synchronization

/// A small random generator with a seed, so that a failure can be replayed (SplitMix64; Steele, Lea & Flood 2014, "Fast
/// splittable pseudorandom number generators").
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Creates a generator, and adds its seed to the current ``SeedLog``.
    package init(seed: UInt64) {
        state = seed
        SeedLog.current?.add(seed)
    }

    /// Creates a generator whose first number is a hash of `key`; it is not logged.
    package init(hashing key: UInt64) { state = key }

    /// Returns the next number; each of the 2^64 numbers comes once in a period.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// The seeds that one test has used, to be named when it fails.
package final class SeedLog: Sendable {
    /// The log of the test that runs in this task.
    @TaskLocal package static var current: SeedLog?

    private let mutex = Mutex<[UInt64]>([])

    /// Creates an empty log.
    package init() {}

    /// The seeds, in the order of their first use.
    package var seeds: [UInt64] { mutex.withLock { $0 } }

    fileprivate func add(_ seed: UInt64) {
        mutex.withLock { if !$0.contains(seed) { $0.append(seed) } }
    }
}
