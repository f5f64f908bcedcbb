import Testing

@testable import Ensemble

@Suite("Who looks at the model's files")
struct HostChecksTests {
    @Test("Nobody on rank 0's host, and the first of every other")
    func firstOfEachHost() {
        var checks = HostChecks(host: "a")
        #expect(checks.ask(1, on: "a") == .trust)
        #expect(checks.ask(2, on: "b") == .check)
        #expect(checks.ask(3, on: "b") == .wait)
        #expect(checks.ask(4, on: "c") == .check)
        #expect(checks.ask(5, on: "b") == .wait)
        #expect(checks.end(2, on: "b", isGood: true) == [3, 5])
        #expect(checks.ask(3, on: "b") == .trust)
        #expect(checks.ask(6, on: "b") == .trust)
    }

    @Test("One that cannot, or is lost, leaves it to the next; one that waits ends nothing")
    func nextAfterBad() {
        var checks = HostChecks(host: "a")
        #expect(checks.ask(1, on: "b") == .check)
        #expect(checks.ask(2, on: "b") == .wait)
        #expect(checks.ask(3, on: "b") == .wait)
        #expect(checks.end(2, on: "b", isGood: false).isEmpty)
        #expect(checks.end(1, on: "b", isGood: false) == [2, 3])
        #expect(checks.ask(2, on: "b") == .check)
        #expect(checks.ask(3, on: "b") == .wait)
        #expect(checks.end(2, on: "b", isGood: true) == [3])
    }
}
