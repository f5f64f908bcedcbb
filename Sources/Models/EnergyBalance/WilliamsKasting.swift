import Foundation

/// The radiation fits of Williams & Kasting 1997, "Habitable planets with high obliquities", Icarus 129, 254-267,
/// doi:10.1006/icar.1997.5759: outgoing infrared flux and top-of-atmosphere albedo of a radiative-convective model with
/// CO2 and water vapour, of the same family as Clima.
///
/// For a given atmosphere both are polynomials in temperature T, a cubic and two quadratics. The coefficients are computed
/// once per atmosphere, so that each temperature then costs a few operations.
enum WilliamsKasting {
    /// Temperatures at which both fits are valid, K: 190...380 for the flux, 190...370 for the albedo.
    static let temperatures = 190.0...370.0

    /// Partial pressures of CO2 at which the flux was fitted, bar.
    static let carbonDioxide = 1e-5...10.0

    /// The temperature at which one fit of the albedo ends and the other begins, K; see ``EnergyBalance``.
    static let branchTemperature = 280.0

    /// Returns the outgoing infrared flux, W m-2, as a polynomial in T / K, for a partial pressure of CO2, bar, within
    /// ``carbonDioxide``.
    static func outgoingFlux(carbonDioxide pressure: Double) -> Cubic {
        let f = log(pressure / 3.3e-4)
        let f2 = f * f
        let f3 = f2 * f
        let f4 = f2 * f2
        return Cubic(
            9.468980 - 7.714727e-5 * f - 3.547406e-4 * f2 - 3.442973e-3 * f3 - 3.367567e-2 * f4,
            -2.794778 - 3.244753e-3 * f + 2.229142e-3 * f2 + 9.173169e-3 * f3 - 1.631909e-4 * f4,
            2.212108e-2 + 3.088497e-5 * f - 2.789815e-5 * f2 - 7.775195e-5 * f3 + 3.663871e-6 * f4,
            -3.361939e-5 - 1.679112e-7 * f + 6.590999e-8 * f2 + 1.528125e-7 * f3 - 9.255646e-9 * f4)
    }

    /// Returns the albedo below ``branchTemperature``, dimensionless, as a polynomial in T / K.
    ///
    /// - Parameters:
    ///   - p: partial pressure of CO2, bar.
    ///   - mu: cosine of the solar zenith angle.
    ///   - a: surface albedo.
    /// - Returns: the polynomial.
    static func coldAlbedo(carbonDioxide p: Double, zenithCosine mu: Double, surfaceAlbedo a: Double) -> Cubic {
        let fixed = -6.8910e-1 + 1.0460 * a - 2.8373e-3 * p - 2.8899e-1 * mu
        let products = -3.7412e-2 * a * p - 6.3499e-3 * mu * p + 2.0122e-1 * a * mu
        let squares = 7.3239e-2 * a * a + 6.5817e-4 * p * p + 8.1218e-2 * mu * mu
        return Cubic(
            fixed + products + squares, 7.8054e-3 - 1.8508e-3 * a + 1.3649e-4 * mu + 9.8581e-5 * p, -1.6555e-5, 0)
    }

    /// Returns the albedo from ``branchTemperature`` on; see ``coldAlbedo(carbonDioxide:zenithCosine:surfaceAlbedo:)``.
    static func warmAlbedo(carbonDioxide p: Double, zenithCosine mu: Double, surfaceAlbedo a: Double) -> Cubic {
        let fixed = 1.1082 + 1.5172 * a + 1.9705e-2 * p - 1.8670e-1 * mu
        let products = -3.1355e-2 * a * p - 1.0214e-2 * mu * p + 2.0986e-1 * a * mu
        let squares = 7.5887e-2 * a * a - 4.1327e-4 * p * p + 6.3298e-2 * mu * mu
        return Cubic(
            fixed + products + squares, -5.7993e-3 - 3.7098e-3 * a - 1.1335e-4 * mu + 5.3714e-5 * p, 9.2690e-6, 0)
    }
}
