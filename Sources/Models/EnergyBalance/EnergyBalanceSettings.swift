package import Atmospheres
package import Experiments

/// Settings of the embedded model `energy-balance`, in SI units; ``table`` explains them.
package struct EnergyBalanceSettings: ModelSettings, Equatable {
    package static let name = "energy-balance"

    package var surfacePressure = 101_300.0
    /// Kopp & Lean 2011, Geophys. Res. Lett. 38, L01706.
    package var solarConstant = 1361.0
    /// The mean over the day side of a sphere.
    package var zenithCosine = 0.5
    /// With it and CO2 at 400 ppm the balance is at 288.0 K, Earth's mean surface temperature.
    package var surfaceAlbedo = 0.334856

    package init() {}

    package static let table: [SettingKey<Self>] = [
        .quantity(
            "surface_pressure", \.surfacePressure, .pressure, over: 0, to: 1e7,
            "dry pressure at the surface; times the CO2 mixing ratio it is the partial pressure of CO2"),
        .quantity(
            "solar_constant", \.solarConstant, .flux, over: 0, to: 1e5,
            "stellar flux at the top of the atmosphere on a plane facing the star; a quarter of it is the global mean"),
        .number("zenith_cosine", \.zenithCosine, in: 0...1, "cosine of the effective solar zenith angle"),
        .number(
            "surface_albedo", \.surfaceAlbedo, in: 0...1,
            "an effective value, which stands for the clouds too: the fits have none"),
    ]

    package var heldSurfacePressure: Double? { surfacePressure }

    package var defaultLimits: [StabilityLimit] { [.liquidWater] }

    package func model(
        for experiment: Experiment, on host: ModelHost
    ) throws(ExperimentError) -> any AtmosphereModel {
        try EnergyBalance(self, for: experiment)
    }
}
