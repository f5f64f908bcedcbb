import Testing

@testable import Ensemble

@Suite("Recent evaluations")
struct RecentEvaluationsTests {
    @Test("A rate is told only of enough evaluations, and only the recent ones count")
    func window() {
        var recent = RecentEvaluations()
        for _ in 0..<31 { recent.add(wallTime: 9, failed: true) }
        #expect(recent.failedShare == nil)
        recent.add(wallTime: 9, failed: true)
        #expect(recent.failedShare == 1)
        for _ in 0..<128 { recent.add(wallTime: 1, failed: false) }
        #expect(recent.failedShare == 0)
        #expect(recent.slowest == 1)
        recent.add(wallTime: .nan, failed: false)
        #expect(recent.slowest == 1)
    }
}
