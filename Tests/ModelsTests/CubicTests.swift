import Testing

@testable import Models

@Suite struct CubicTests {
    @Test(
        "Every fall through zero is found, and no rise",
        arguments: [
            // -(x - 1)(x - 2)(x - 3): falls at 1 and 3.
            ([6, -11, 6, -1], [1, 3]),
            // (x - 1)(x - 2)(x - 3): falls at 2.
            ([-6, 11, -6, 1], [2]),
            // Two falls half a thousandth either side of a rise: a scan by tenths would miss them.
            ([7.9999995, -11.99999975, 6, -1], [2 - 5e-4, 2 + 5e-4]),
            ([-2, 0, 0, 1], []),
            ([2, 0, 0, -0.25], [2]),
            ([5, 0, 0, -0.0001], []),
        ] as [([Double], [Double])])
    func falls(coefficients: [Double], expected: [Double]) {
        let cubic = Cubic(coefficients[0], coefficients[1], coefficients[2], coefficients[3])
        var found: [Double] = []
        cubic.forEachFall(in: 0...4) { found.append($0) }
        #expect(found.count == expected.count, "\(found)")
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-7) }
    }

    @Test("A root at the upper end of the range counts, one at the lower end does not") func ends() {
        var found: [Double] = []
        Cubic(6, -11, 6, -1).forEachFall(in: 2.5...3) { found.append($0) }
        Cubic(6, -11, 6, -1).forEachFall(in: 3...4) { found.append($0) }
        #expect(found == [3])
    }
}
