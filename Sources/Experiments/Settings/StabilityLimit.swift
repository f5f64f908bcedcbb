/// Bounds on a quantity that the model returns; outside them an atmosphere does not count as stable.
public struct StabilityLimit: Sendable, Equatable {
    /// Name of the quantity: "surface_temperature".
    public let quantity: String
    /// Smallest value that is still stable, in ``unit``.
    public let minimum: Double?
    /// Largest value that is still stable, in ``unit``.
    public let maximum: Double?
    /// K, Pa, s, W m-2 or 1 where the file's unit has one of these dimensions, else the unit as written.
    public let unit: String
    /// Where the experiment file sets it; `nil` for a default of the model.
    public let location: SourceLocation?

    /// A limit on the quantity called `quantity`.
    public init(_ quantity: String, minimum: Double?, maximum: Double?, unit: String, location: SourceLocation? = nil) {
        self.quantity = quantity
        self.minimum = minimum
        self.maximum = maximum
        self.unit = unit
        self.location = location
    }

    /// Liquid water at the surface: from the ice point to the moist-greenhouse limit of Kasting et al. 1993 (Icarus 101,
    /// 108), the surface temperature of 340 K beyond which the stratosphere becomes wet and the planet loses its water.
    public static let liquidWater = StabilityLimit("surface_temperature", minimum: 273.15, maximum: 340, unit: "K")

    /// Reads `surface_temperature: {min: 0 degC, max: 340 K}`.
    init(_ setting: Setting, quantity: String) throws(ExperimentError) {
        let section = try Section(setting, keys: ["min", "max"])
        let minimum = try section.read("min") { (s) throws(ExperimentError) in try s.measure() }
        let maximum = try section.read("max") { (s) throws(ExperimentError) in try s.measure() }
        guard let unit = minimum?.unit ?? maximum?.unit else {
            throw setting.error("has neither 'min' nor 'max'; add one of them")
        }
        if let minimum, let maximum {
            guard minimum.unit == maximum.unit else {
                throw setting.error(
                    "has its minimum in '\(minimum.unit)' and its maximum in '\(maximum.unit)'; give both the same unit"
                )
            }
            guard minimum.value < maximum.value else {
                throw setting.error(
                    "has a minimum of \(minimum.value) and a maximum of \(maximum.value); swap them")
            }
        }
        self.init(
            quantity, minimum: minimum?.value, maximum: maximum?.value, unit: unit, location: setting.location)
    }

    /// The values that are stable, infinite where there is no bound.
    public var values: ClosedRange<Double> { (minimum ?? -.infinity)...(maximum ?? .infinity) }

    /// The bounds in words: "273.15 ... 340.0 K".
    public var range: String {
        let unit = unit == "1" ? "" : " \(unit)"
        switch (minimum, maximum) {
        case (let minimum?, let maximum?): return "\(minimum) ... \(maximum)\(unit)"
        case (let minimum?, nil): return "at least \(minimum)\(unit)"
        case (nil, let maximum?): return "at most \(maximum)\(unit)"
        case (nil, nil): return "none"
        }
    }
}
