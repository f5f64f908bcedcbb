package import Atmospheres
package import Experiments

/// Settings of the embedded model `energy-balance`. Units are SI; the file may use others.
package struct EnergyBalanceSettings: ModelSettings, Equatable {
    package static let name = "energy-balance"

    /// `surface_pressure`: dry pressure at the surface, in Pa, 0...1e7 Pa; times the CO2 mixing ratio it is the partial
    /// pressure of CO2. Default 1.013 bar: Earth's.
    package var surfacePressure = 101_300.0

    /// `solar_constant`: stellar flux at the top of the atmosphere on a plane facing the star, in W m-2, 0...1e5. A
    /// quarter of it is the global mean. Default 1361 W m-2 (Kopp & Lean 2011, Geophys. Res. Lett. 38, L01706).
    package var solarConstant = 1361.0

    /// `zenith_cosine`: cosine of the effective solar zenith angle, mu, 0...1. Default 0.5: the mean over the day side
    /// of a sphere.
    package var zenithCosine = 0.5

    /// `surface_albedo`: a, 0...1. An effective value that stands for the clouds too, which the fits do not have.
    /// Default 0.334856: with it and CO2 at 400 ppm the balance is at 288.0 K, Earth's mean surface temperature.
    package var surfaceAlbedo = 0.334856

    package init() {}

    package static let keys = ["surface_pressure", "solar_constant", "zenith_cosine", "surface_albedo"]

    package init(_ section: Section) throws(ExperimentError) {
        if let setting = section["surface_pressure"] {
            surfacePressure = try setting.quantity(.pressure, over: 0, to: 1e7)
        }
        if let setting = section["solar_constant"] {
            solarConstant = try setting.quantity(.flux, over: 0, to: 1e5)
        }
        if let setting = section["zenith_cosine"] { zenithCosine = try setting.number(in: 0...1) }
        if let setting = section["surface_albedo"] { surfaceAlbedo = try setting.number(in: 0...1) }
    }

    package var entries: [(key: String, value: String)] {
        [
            ("surface_pressure", "\(surfacePressure) Pa"), ("solar_constant", "\(solarConstant) W m-2"),
            ("zenith_cosine", "\(zenithCosine)"), ("surface_albedo", "\(surfaceAlbedo)"),
        ]
    }

    package var heldSurfacePressure: Double? { surfacePressure }

    package var defaultLimits: [StabilityLimit] { [.liquidWater] }

    package func model(
        for experiment: Experiment, on host: ModelHost
    ) throws(ExperimentError) -> any AtmosphereModel {
        try EnergyBalance(self, for: experiment)
    }
}
