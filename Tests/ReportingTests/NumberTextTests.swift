import Atmospheres
import Testing

@testable import Reporting

@Suite struct NumberTextTests {
    @Test("Significant digits are kept without an exponent")
    func significant() {
        let table: [(Double, Int, String)] = [
            (1234.5, 3, "1230"), (12.345, 3, "12.3"), (0.0012345, 2, "0.0012"), (9.94, 2, "9.9"), (0, 3, "0"),
            (-0.5, 2, "-0.50"), (.infinity, 3, "inf"),
        ]
        for (value, digits, text) in table { #expect(value.significant(digits) == text) }
    }

    @Test("A fixed number of decimals is rounded, and never shows a negative zero")
    func fixed() {
        let table: [(Double, Int, String)] = [
            (288.156, 2, "288.16"), (0.5, 0, "1"), (-0.001, 2, "0.00"), (-2.5, 1, "-2.5"), (0.05, 3, "0.050"),
        ]
        for (value, decimals, text) in table { #expect(value.fixed(decimals) == text) }
    }

    @Test("Durations use the unit that leaves a short number")
    func durations() {
        let table: [(Double, String)] = [
            (0.5, "0.50 s"), (12, "12 s"), (300, "5 min"), (10_800, "3 h"), (345_600, "4 days"),
        ]
        for (seconds, text) in table { #expect(seconds.durationText == text) }
    }

    @Test("Sizes are in decimal units with one decimal")
    func sizes() {
        let table: [(Int, String)] = [
            (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (3_240_000, "3.2 MB"), (.max, "9.2 EB"),
        ]
        for (bytes, text) in table { #expect(bytes.byteSizeText == text) }
    }

    @Test("Rounding to 12 digits makes values equal that arithmetic left apart, and nothing else")
    func rounding() {
        #expect(0.1 * 3 != 0.3 && (0.1 * 3).roundedTo12Digits == 0.3)
        #expect(1.63e-6.roundedTo12Digits == 1.63e-6 && (-4e-4).roundedTo12Digits == -4e-4)
        #expect(1.000_000_000_01.roundedTo12Digits != 1)
        #expect(1.000_000_000_001.roundedTo12Digits == 1)
        #expect((-0.0).roundedTo12Digits.sign == .plus && Double.infinity.roundedTo12Digits == .infinity)
        #expect(Double.leastNormalMagnitude.roundedTo12Digits > 0)
    }
}
