import Foundation

/// Radiative forcing of methane in an atmosphere like the modern Earth's.
///
/// Source: Byrne & Goldblatt 2014, "Radiative forcing at high concentrations of well-mixed greenhouse gases", Geophys.
/// Res. Lett. 41, 152-160, Table 2: fits to line-by-line calculations from 100 ppb to 100 ppm, relative to 715 ppb.
/// With C the mixing ratio:
///
///     C <= 2.5 ppm:  F = 1173 (sqrt C - sqrt C0) - 71636 (sqrt C - sqrt C0)^2     C0 = 715 ppb
///     C >= 2.5 ppm:  F = 0.824 + 0.8 ln(C / C1) + 0.2 ln(C / C1)^2                C1 = 2.5 ppm
///
/// At 100 ppm the fit gives 6.50 W m-2 and the line-by-line calculation 6.66. Overlap with N2O (-0.02 W m-2 at modern
/// abundances) is left out, since this model has no N2O. Nothing is extrapolated: beyond 100 ppm
/// near-infrared absorption makes the forcing peak at about 9 W m-2 (Byrne & Goldblatt 2014, Clim. Past 10, 1779), which
/// no continuation of these fits would show.
enum MethaneForcing {
    /// Mixing ratios that the fit covers, dimensionless.
    static let range = 100e-9...100e-6

    /// Returns the forcing relative to 715 ppb, in W m-2, for a mixing ratio of methane within ``range``.
    static func fromPreindustrial(_ ratio: Double) -> Double {
        if ratio <= junction {
            let root = ratio.squareRoot() - preindustrial.squareRoot()
            return 1173 * root - 71636 * root * root
        }
        let logarithm = log(ratio / junction)
        return 0.824 + 0.8 * logarithm + 0.2 * logarithm * logarithm
    }

    /// Returns the forcing of a change from `reference` to `ratio`, in W m-2: 0 when they are equal, even outside the
    /// fit; `nil` when the fit does not cover both.
    static func from(_ reference: Double, to ratio: Double) -> Double? {
        if ratio == reference { return 0 }
        guard range.contains(reference), range.contains(ratio) else { return nil }
        return fromPreindustrial(ratio) - fromPreindustrial(reference)
    }

    private static let preindustrial = 715e-9
    private static let junction = 2.5e-6
}
