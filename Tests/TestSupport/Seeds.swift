import Foundation

/// Seeds of tests that look elsewhere in every run.
package enum Seeds {
    /// A new seed, or the one in the environment variable `TEST_SEED`, to replay a failure.
    package static var new: UInt64 {
        ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
    }
}
