internal import SeededRandom
package import Testing

/// A trait of tests that use ``SeededGenerator``: every issue names the seeds that were used up to then.
package struct SeedTrait: TestTrait, SuiteTrait, TestScoping {
    /// Whether the tests of a suite inherit the trait: they do.
    package var isRecursive: Bool { true }

    /// Runs `function`, one case of `test`, with a log of its seeds.
    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let log = SeedLog()
        let naming = IssueHandlingTrait.compactMapIssues { issue in
            var issue = issue
            issue.comments.append("random seeds: \(log.seeds.map(String.init).joined(separator: ", "))")
            return issue
        }
        try await SeedLog.$current.withValue(log) {
            try await naming.provideScope(for: test, testCase: testCase) {
                do {
                    try await function()
                } catch let failure as ExpectationFailedError {
                    // Recorded already.
                    throw failure
                } catch {
                    // Recorded here, since out of this scope it would not name the seeds.
                    Issue.record(error)
                }
            }
        }
    }
}

extension Trait where Self == SeedTrait {
    /// Names the seeds of random numbers when a test fails.
    package static var namesSeeds: Self { Self() }
}
