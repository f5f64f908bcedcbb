import Foundation
import Testing

@testable import atmos_frontier

@Suite("A deadline")
struct DeadlineTests {
    @Test(
        "A deadline is read as people and batch systems write it",
        arguments: [
            ("90", 90), ("30s", 30), ("45min", 2700), ("1.5h", 5400), ("2d", 172_800), ("12:30", 750),
            ("12:30:00", 45_000), ("1-00:00:10", 86_410),
        ])
    func durations(text: String, seconds: Double) throws {
        #expect(try #require(Deadline(text, now: Date())).seconds == seconds)
    }

    @Test("A date and time is local, or UTC with Z")
    func moments() throws {
        let now = try Date("2026-11-23T20:00:00Z", strategy: .iso8601)
        #expect(try #require(Deadline("2026-11-23T21:00:00Z", now: now)).seconds == 3600)
        let offset = Double(TimeZone.current.secondsFromGMT(for: now))
        #expect(try #require(Deadline("2026-11-23T21:00:00", now: now)).seconds == 3600 - offset)
    }

    @Test("Anything else is refused", arguments: ["", "soon", "-5", "1:2:3:4", "1e999", "nan", "12:x", "2026-13-01"])
    func refused(text: String) {
        #expect(Deadline(text, now: Date()) == nil)
    }
}
