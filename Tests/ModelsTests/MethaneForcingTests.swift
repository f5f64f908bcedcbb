import Testing

@testable import Models

@Suite struct MethaneForcingTests {
    @Test(
        "The fit gives the published forcings, in W m-2",
        arguments: [
            // The reference itself.
            (715e-9, 0.0, 1e-12),
            // Where the two branches meet, Table 2.
            (2.5e-6, 0.824, 5e-4),
            // The abstract's maximum, 6.66, which is the line-by-line calculation; the fit is within 3 %.
            (100e-6, 6.66, 0.03 * 6.66),
        ])
    func published(ratio: Double, forcing: Double, tolerance: Double) {
        #expect(abs(MethaneForcing.fromPreindustrial(ratio) - forcing) <= tolerance)
    }

    @Test("The two branches meet at 2.5 ppm") func junction() {
        let step = MethaneForcing.fromPreindustrial(2.5e-6.nextUp) - MethaneForcing.fromPreindustrial(2.5e-6)
        #expect(abs(step) < 1e-4)
    }

    @Test("The industrial era's forcing lies between two other assessments of it") func industrial() throws {
        // 722 to 1803 ppb: 0.48 W m-2 in IPCC 2013, table 8.2; 0.61 in Etminan et al. 2016 with shortwave absorption.
        let forcing = try #require(MethaneForcing.from(722e-9, to: 1803e-9))
        #expect((0.48...0.61).contains(forcing))
    }

    @Test(
        "Where Etminan et al. 2016 holds too, the two differ by less than a fifth",
        arguments: [1000.0, 1800, 2500, 3500])
    func etminan(ppb: Double) throws {
        // Geophys. Res. Lett. 43, 12,614, Table 1: [a M + b N + 0.043] (sqrt M - sqrt M0), means over M and N, in ppb.
        let (reference, nitrousOxide) = (750.0, 273.0)
        let factor = -1.3e-6 * (ppb + reference) / 2 - 8.2e-6 * nitrousOxide + 0.043
        let theirs = factor * (ppb.squareRoot() - reference.squareRoot())
        let ours = try #require(MethaneForcing.from(reference * 1e-9, to: ppb * 1e-9))
        #expect(abs(ours / theirs - 1) < 0.2, "\(ours), \(theirs)")
    }

    @Test("It rises throughout, and is nil outside, where nothing is extrapolated") func range() {
        var last = -Double.infinity
        for step in 0...300 {
            let forcing = MethaneForcing.fromPreindustrial(1e-7 + 1e-4 * Double(step) / 301)
            #expect(forcing > last)
            last = forcing
        }
        #expect(MethaneForcing.from(1.63e-6, to: 99e-9) == nil)
        #expect(MethaneForcing.from(1.63e-6, to: 101e-6) == nil)
        #expect(MethaneForcing.from(99e-9, to: 1.63e-6) == nil)
        #expect(MethaneForcing.from(99e-9, to: 99e-9) == 0)
    }
}
