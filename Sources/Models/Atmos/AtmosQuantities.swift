internal import Atmospheres

/// What a point of Atmos returns, and the index of each number in an evaluation.
struct AtmosQuantities: Sendable {
    static let levels = VerticalGrid("level", count: ClimaTable.levelCount, longName: "level of the climate model")

    let quantities: [Quantity]
    let profiles: [Profile]

    /// The tree's long-lived species, in its order.
    let species: [String]
    /// The species that an experiment may vary, with their index in ``species``.
    let gases: [(gas: Gas, species: Int)]
    private let layers: VerticalGrid
    private let fluxLevels: VerticalGrid
    private let rows: [String: Int]
    private let profileStarts: [String: Int]

    init(of tree: AtmosTree) {
        let species = tree.species.longLived
        self.species = species
        gases = tree.gases.compactMap { gas in
            species.firstIndex(of: gas.formula.uppercased()).map { (gas, $0) }
        }
        layers = VerticalGrid("layer", count: tree.shape.levels, longName: "level of the chemistry model")
        // The surface, every second level, and the top.
        fluxLevels = VerticalGrid(
            "flux_level", count: tree.shape.levels / 2 + 2, longName: "level of the chemistry's fluxes")
        quantities = Self.quantities(species, gases.map(\.gas))
        profiles = Self.climate + Self.chemistry(species, layers) + Self.fluxes(species, fluxLevels)
        rows = Dictionary(uniqueKeysWithValues: quantities.enumerated().map { ($1.name, $0) })
        profileStarts = Dictionary(
            uniqueKeysWithValues: zip(profiles, ModelDescription.ranges(of: profiles)).map {
                ($0.quantity.name, $1.lowerBound)
            })
    }

    /// Returns the index of a quantity in the values of a point.
    func row(_ name: String) -> Int {
        guard let row = rows[name] else { preconditionFailure("\(name) is not a quantity of Atmos") }
        return row
    }

    /// Returns the offset of a profile in the profiles of a point.
    func profileStart(_ name: String) -> Int {
        guard let start = profileStarts[name] else { preconditionFailure("\(name) is not a profile of Atmos") }
        return start
    }

    static func flux(_ species: String) -> String { "\(species.lowercased())_surface_flux" }
    static func computed(_ gas: Gas) -> String { "computed_\(gas.variableName)" }
    static func layer(_ species: String) -> String { "layer_\(species.lowercased())_mixing_ratio" }
    static func fluxProfile(_ species: String) -> String { "layer_\(species.lowercased())_flux" }

    private static func quantities(_ species: [String], _ gases: [Gas]) -> [Quantity] {
        func count(_ name: String, _ longName: String, _ comment: String? = nil) -> Quantity {
            Quantity(name, "1", longName, comment: comment, storage: .int32)
        }
        return [
            .surfaceTemperature,
            Quantity(
                "surface_pressure", "Pa", "surface pressure", standardName: "surface_air_pressure",
                comment: "Dry pressure and the saturation pressure of water at the surface temperature that the last "
                    + "pass started with: it is no result of the composition."),
            Quantity("ozone_column", "cm-2", "ozone column", comment: "Molecules above a square centimetre."),
        ]
            + gases.map { gas in
                Quantity(computed(gas), "1", "\(gas.formula) mixing ratio at the lowest level, computed")
            }
            + species.map { name in
                Quantity(
                    flux(name), "cm-2 s-1", "\(name) flux at the surface",
                    comment: "Molecules; upwards positive: a source at the surface.")
            }
            + [
                count("photo_steps", "steps of the chemistry", "All runs of the point together."),
                Quantity("photo_model_time", "s", "model time of the chemistry", comment: "Converged beyond 1e17 s."),
                Quantity("photo_largest_change", "1", "largest relative change of a species in the last step"),
                Quantity("photo_wall_time", "s", "duration of the chemistry", storage: .float32),
                count("clima_passes", "passes of the climate model"),
                count("clima_steps", "steps of the climate model", "All passes together."),
                Quantity("clima_flux_imbalance", "1", "net flux over upward infrared flux at the top, last step"),
                Quantity("clima_rms_flux_divergence", "1", "root mean square of the flux divergence, last step"),
                Quantity("clima_largest_change", "1", "largest relative change of temperature in the last step"),
                Quantity("clima_surface_change", "K", "change of surface temperature in the last step"),
                Quantity(
                    "clima_pass_change", "K", "surface temperature at the end of the last pass minus that at its start",
                    comment: "The difference of the last two passes, and how stale the pressure grid is."),
                Quantity("clima_wall_time", "s", "duration of the climate model", storage: .float32),
                count("coupling_rounds", "rounds of chemistry and climate with each other's profiles"),
                count("methane_opacity", "whether methane absorbed in the climate model", "IMET: 0 or 1."),
                count(
                    "start_kind", "what the point was started from",
                    "0 the template, 1 the parent, 2 a stepping stone between the parent and the point."),
                count("stepping_stones", "compositions solved on the way from the parent, only to start from"),
                Quantity("cpu_time", "s", "processor time of both models", storage: .float32),
            ]
    }

    private static var climate: [Profile] {
        func profile(_ name: String, _ unit: String, _ longName: String, standardName: String? = nil) -> Profile {
            Profile(Quantity(name, unit, longName, standardName: standardName, storage: .float32), on: levels)
        }
        return [
            profile("pressure", "Pa", "pressure", standardName: "air_pressure"),
            profile("altitude", "m", "altitude", standardName: "altitude"),
            profile("air_temperature", "K", "air temperature", standardName: "air_temperature"),
            profile("convective", "1", "whether the level is convective: 0 or 1"),
            profile("water_vapour", "1", "water vapour mixing ratio"),
            profile("ozone", "1", "ozone mixing ratio"),
            profile("carbon_dioxide", "1", "carbon dioxide mixing ratio"),
            profile("infrared_cooling_rate", "K day-1", "infrared cooling rate"),
            profile("solar_heating_rate", "K day-1", "solar heating rate"),
            profile("net_flux", "W m-2", "net flux"),
            profile("infrared_flux", "W m-2", "net infrared flux"),
            profile("downward_infrared_flux", "W m-2", "downward infrared flux"),
            profile("upward_infrared_flux", "W m-2", "upward infrared flux"),
            profile("solar_flux", "W m-2", "net solar flux"),
            profile("downward_solar_flux", "W m-2", "downward solar flux"),
            profile("upward_solar_flux", "W m-2", "upward solar flux"),
            profile("flux_divergence", "1", "net flux over upward infrared flux at the top"),
        ]
    }

    private static func chemistry(_ species: [String], _ layers: VerticalGrid) -> [Profile] {
        func profile(_ name: String, _ unit: String, _ longName: String) -> Profile {
            Profile(Quantity(name, unit, longName, storage: .float32), on: layers)
        }
        return [
            profile("layer_pressure", "Pa", "pressure of the chemistry's level"),
            profile("layer_altitude", "m", "altitude of the chemistry's level"),
            profile("layer_temperature", "K", "temperature that the chemistry ran at"),
            profile("layer_number_density", "m-3", "number density of all molecules"),
            profile("layer_eddy_diffusion", "m2 s-1", "eddy diffusion coefficient"),
        ] + species.map { profile(layer($0), "1", "\($0) mixing ratio") }
    }

    private static func fluxes(_ species: [String], _ grid: VerticalGrid) -> [Profile] {
        [Profile(Quantity("flux_altitude", "m", "altitude of the chemistry's flux", storage: .float32), on: grid)]
            + species.map { name in
                Profile(
                    Quantity(
                        fluxProfile(name), "cm-2 s-1", "\(name) flux", comment: "Molecules; upwards positive.",
                        storage: .float32), on: grid)
            }
    }
}

extension AtmosQuantities {
    /// Writes what the chemistry returned to the evaluation.
    func put(_ output: PhotoOutput, into evaluation: inout Evaluation) {
        evaluation.values[row("ozone_column")] = output.ozoneColumn
        for (gas, index) in gases {
            evaluation.values[row(Self.computed(gas))] = output.report.mixingRatios.values[index][0]
        }
        for (name, flux) in zip(species, output.surfaceFluxes) { evaluation.values[row(Self.flux(name))] = flux }
        let levels = output.levels
        fill("layer_pressure", levels.pressure, times: 1e5, &evaluation)
        fill("layer_altitude", levels.altitude, times: 1e-2, &evaluation)
        fill("layer_temperature", levels.temperature, &evaluation)
        fill("layer_number_density", output.state.numberDensity, times: 1e6, &evaluation)
        fill("layer_eddy_diffusion", output.state.eddyDiffusion, times: 1e-4, &evaluation)
        for (name, ratios) in zip(species, levels.mixingRatios) { fill(Self.layer(name), ratios, &evaluation) }
        let fluxes = output.report.fluxes
        fill("flux_altitude", fluxes.altitude, times: 1e-2, &evaluation)
        for (name, values) in zip(species, fluxes.values) { fill(Self.fluxProfile(name), values, &evaluation) }
    }

    /// Writes what the climate model returned to the evaluation, surface first.
    func put(_ table: ClimaTable.Atmosphere, into evaluation: inout Evaluation) {
        if let pressure = table.pressure.last { evaluation.values[row("surface_pressure")] = pressure * 1e5 }
        func fill(_ name: String, _ values: [Double], times factor: Double = 1) {
            self.fill(name, values.reversed(), times: factor, &evaluation)
        }
        fill("pressure", table.pressure, times: 1e5)
        fill("altitude", table.altitude, times: 1e3)
        fill("air_temperature", table.temperature)
        fill("convective", table.convective)
        fill("water_vapour", table.waterVapour)
        fill("ozone", table.ozone)
        fill("carbon_dioxide", table.carbonDioxide)
        fill("infrared_cooling_rate", table.cooling)
        fill("solar_heating_rate", table.heating)
        // erg cm-2 s-1 is mW m-2.
        fill("net_flux", table.fluxes.total, times: 1e-3)
        fill("infrared_flux", table.fluxes.infrared, times: 1e-3)
        fill("downward_infrared_flux", table.fluxes.downwardInfrared, times: 1e-3)
        fill("upward_infrared_flux", table.fluxes.upwardInfrared, times: 1e-3)
        fill("solar_flux", table.fluxes.solar, times: 1e-3)
        fill("downward_solar_flux", table.fluxes.downwardSolar, times: 1e-3)
        fill("upward_solar_flux", table.fluxes.upwardSolar, times: 1e-3)
        fill("flux_divergence", table.fluxes.divergence)
    }

    private func fill(
        _ name: String, _ values: [Double], times factor: Double = 1, _ evaluation: inout Evaluation
    ) {
        let start = profileStart(name)
        for (level, value) in values.enumerated() { evaluation.profiles[start + level] = Float(value * factor) }
    }
}
