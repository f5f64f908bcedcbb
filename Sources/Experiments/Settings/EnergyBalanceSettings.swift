/// Settings of the embedded model `energy-balance`. Units are SI; the file may use others.
public struct EnergyBalanceSettings: Sendable, Equatable {
    /// `surface_pressure`: dry pressure at the surface, in Pa, 0...1e7 Pa; times the CO2 mixing ratio it is the partial
    /// pressure of CO2. Default 1.013 bar: Earth's.
    public var surfacePressure = 101_300.0

    /// `solar_constant`: stellar flux at the top of the atmosphere on a plane facing the star, in W m-2, 0...1e5. A
    /// quarter of it is the global mean. Default 1361 W m-2 (Kopp & Lean 2011, Geophys. Res. Lett. 38, L01706).
    public var solarConstant = 1361.0

    /// `zenith_cosine`: cosine of the effective solar zenith angle, mu, 0...1. Default 0.5: the mean over the day side
    /// of a sphere.
    public var zenithCosine = 0.5

    /// `surface_albedo`: a, 0...1. An effective value that stands for the clouds too, which the fits do not have.
    /// Default 0.334856: with it and CO2 at 400 ppm the balance is at 288.0 K, Earth's mean surface temperature.
    public var surfaceAlbedo = 0.334856

    public init() {}

    static let keys = ["surface_pressure", "solar_constant", "zenith_cosine", "surface_albedo"]

    /// - Parameter section: `nil` for the defaults.
    init(_ section: Section?) throws(ExperimentError) {
        guard let section else { return }
        if let setting = section["surface_pressure"] {
            surfacePressure = try setting.quantity(.pressure, over: 0, to: 1e7)
        }
        if let setting = section["solar_constant"] {
            solarConstant = try setting.quantity(.flux, over: 0, to: 1e5)
        }
        if let setting = section["zenith_cosine"] { zenithCosine = try setting.number(in: 0...1) }
        if let setting = section["surface_albedo"] { surfaceAlbedo = try setting.number(in: 0...1) }
    }

    var entries: [(key: String, value: String)] {
        [
            ("surface_pressure", "\(surfacePressure) Pa"), ("solar_constant", "\(solarConstant) W m-2"),
            ("zenith_cosine", "\(zenithCosine)"), ("surface_albedo", "\(surfaceAlbedo)"),
        ]
    }

    /// Liquid water: from the ice point to the moist-greenhouse limit of Kasting et al. 1993 (Icarus 101, 108), the
    /// surface temperature of 340 K beyond which the stratosphere becomes wet and the planet loses its water.
    static let defaultLimits = [
        StabilityLimit("surface_temperature", minimum: 273.15, maximum: 340, unit: "K")
    ]
}
