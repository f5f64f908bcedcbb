internal import Atmospheres

/// What Atmos returns for a point: each value and profile is declared once, together with the result that it is taken
/// from.
struct AtmosQuantities: Sendable {
    /// A value and its source.
    private struct Value: Sendable {
        enum Source: Sendable {
            case chemistry(@Sendable (PhotoOutput) -> Double?)
            case climate(@Sendable (AtmosPoint.Pass) -> Double?)
            case statistics(@Sendable (AtmosStatistics) -> Double?)
        }

        let quantity: Quantity
        let source: Source

        init(_ quantity: Quantity, _ source: Source) {
            self.quantity = quantity
            self.source = source
        }
    }

    /// A profile and its source.
    private struct Column: Sendable {
        enum Source: Sendable {
            /// Surface first, as profiles are returned.
            case chemistry(@Sendable (PhotoOutput) -> [Double])
            /// The top of the atmosphere first.
            case climate(@Sendable (ClimaTable.Atmosphere) -> [Double])
        }

        let profile: Profile
        let source: Source
        /// Converts the source's unit to the profile's.
        var factor = 1.0
    }

    private let values: [Value]
    private let columns: [Column]
    /// The index of the first number of each column among the profiles of a point.
    private let offsets: [Int]

    /// The quantities of ``values``, in order.
    var quantities: [Quantity] { values.map(\.quantity) }

    /// The profiles, in order.
    var profiles: [Profile] { columns.map(\.profile) }

    /// The quantities of a tree, which depend on its species and levels.
    init(of tree: AtmosTree) {
        let species = tree.species.longLived
        let gases = tree.gases.compactMap { gas in
            species.firstIndex(of: gas.formula.uppercased()).map { (gas, $0) }
        }
        values =
            Self.state + Self.computed(gases) + Self.surfaceFluxes(species) + Self.photoRuns + Self.climaRuns
            + Self.course
        columns =
            Self.climate + Self.chemistry(species, levels: tree.shape.levels)
            + Self.fluxes(species, levels: tree.shape.levels)
        var offset = 0
        offsets = columns.map { column in
            defer { offset += column.profile.grid.count }
            return offset
        }
    }

    // MARK: Storing results

    /// Stores what the chemistry returned.
    func put(_ output: PhotoOutput, into evaluation: inout Evaluation) {
        for (index, value) in values.enumerated() {
            guard case .chemistry(let read) = value.source, let number = read(output) else { continue }
            evaluation.values[index] = number
        }
        for (index, column) in columns.enumerated() {
            guard case .chemistry(let read) = column.source else { continue }
            put(read(output), column: index, into: &evaluation)
        }
    }

    /// Stores what a pass of the climate model returned.
    func put(_ pass: AtmosPoint.Pass, into evaluation: inout Evaluation) {
        for (index, value) in values.enumerated() {
            guard case .climate(let read) = value.source, let number = read(pass) else { continue }
            evaluation.values[index] = number
        }
        guard let atmosphere = pass.table.last else { return }
        for (index, column) in columns.enumerated() {
            guard case .climate(let read) = column.source else { continue }
            put(read(atmosphere).reversed(), column: index, into: &evaluation)
        }
    }

    /// Stores what the runs did and cost.
    func put(_ statistics: AtmosStatistics, into evaluation: inout Evaluation) {
        for (index, value) in values.enumerated() {
            guard case .statistics(let read) = value.source, let number = read(statistics) else { continue }
            evaluation.values[index] = number
        }
    }

    private func put(_ numbers: [Double], column: Int, into evaluation: inout Evaluation) {
        let (offset, factor) = (offsets[column], columns[column].factor)
        for (level, number) in numbers.enumerated() { evaluation.profiles[offset + level] = Float(number * factor) }
    }
}

// MARK: Values

extension AtmosQuantities {
    private static let state = [
        Value(.surfaceTemperature, .climate { $0.profile.surfaceTemperature }),
        Value(
            Quantity(
                "surface_pressure", "Pa", "surface pressure", standardName: "surface_air_pressure",
                comment: "Dry pressure and the saturation pressure of water at the surface temperature that the last "
                    + "pass started with: it is no result of the composition."),
            .climate { $0.table.last?.pressure.last.map { $0 * 1e5 } }),
        Value(
            Quantity("ozone_column", "cm-2", "ozone column", comment: "Molecules above a square centimetre."),
            .chemistry { $0.ozoneColumn }),
    ]

    private static func computed(_ gases: [(gas: Gas, species: Int)]) -> [Value] {
        gases.map { gas, species in
            Value(
                Quantity(
                    "computed_\(gas.variableName)", "1", "\(gas.formula) mixing ratio at the lowest level, computed"),
                .chemistry { $0.report.mixingRatios.values[species][0] })
        }
    }

    private static func surfaceFluxes(_ species: [String]) -> [Value] {
        species.enumerated().map { index, name in
            Value(
                Quantity(
                    "\(name.lowercased())_surface_flux", "cm-2 s-1", "\(name) flux at the surface",
                    comment: "Molecules; upwards positive: a source at the surface."),
                .chemistry { $0.surfaceFluxes[index] })
        }
    }

    private static let photoRuns = [
        Value(
            count("photo_steps", "steps of the chemistry", "All runs of the point together."),
            .statistics { Double($0.photoSteps) }),
        Value(
            Quantity("photo_model_time", "s", "model time of the chemistry", comment: "Converged beyond 1e17 s."),
            .statistics { $0.lastPhotoStep?.time }),
        Value(
            Quantity("photo_largest_change", "1", "largest relative change of a species in the last step"),
            .statistics { $0.lastPhotoStep?.largestChange }),
        Value(
            Quantity("photo_wall_time", "s", "duration of the chemistry", storage: .float32),
            .statistics { $0.photoSeconds }),
    ]

    private static let climaRuns = [
        Value(count("clima_passes", "passes of the climate model"), .statistics { Double($0.passes) }),
        Value(
            count("clima_steps", "steps of the climate model", "All passes together."),
            .statistics { Double($0.climaSteps) }),
        Value(
            Quantity("clima_flux_imbalance", "1", "net flux over upward infrared flux at the top, last step"),
            .climate { $0.settling.fluxImbalance }),
        Value(
            Quantity("clima_rms_flux_divergence", "1", "root mean square of the flux divergence, last step"),
            .climate { $0.settling.rmsFluxDivergence }),
        Value(
            Quantity("clima_largest_change", "1", "largest relative change of temperature in the last step"),
            .climate { $0.settling.largestChange }),
        Value(
            Quantity("clima_surface_change", "K", "change of surface temperature in the last step"),
            .climate { $0.settling.surfaceChange }),
        Value(
            Quantity(
                "clima_pass_change", "K", "surface temperature at the end of the last pass minus that at its start",
                comment: "The difference of the last two passes, and how stale the pressure grid is."),
            .climate { $0.settling.displacement }),
        Value(
            Quantity("clima_wall_time", "s", "duration of the climate model", storage: .float32),
            .statistics { $0.climaSeconds }),
    ]

    private static let course = [
        Value(
            count("coupling_rounds", "rounds of chemistry and climate with each other's profiles"),
            .statistics { $0.course.map { Double($0.couplingRounds) } }),
        Value(
            count("methane_opacity", "whether methane absorbed in the climate model", "IMET: 0 or 1."),
            .statistics { $0.course.map { $0.methaneAbsorbs ? 1 : 0 } }),
        Value(
            count(
                "start_kind", "what the point was started from",
                "0 the template, 1 the parent, 2 a stepping stone between the parent and the point."),
            .statistics { $0.course?.startKind }),
        Value(
            count("stepping_stones", "compositions solved on the way from the parent, only to start from"),
            .statistics { $0.course.map { Double($0.steppingStones) } }),
        Value(
            Quantity("cpu_time", "s", "processor time of both models", storage: .float32),
            .statistics { $0.processorSeconds }),
    ]

    private static func count(_ name: String, _ longName: String, _ comment: String? = nil) -> Quantity {
        Quantity(name, "1", longName, comment: comment, storage: .int32)
    }
}

// MARK: Profiles

extension AtmosQuantities {
    private static let climate: [Column] = {
        let levels = VerticalGrid("level", count: ClimaTable.levelCount, longName: "level of the climate model")
        func column(
            _ name: String, _ unit: String, _ longName: String, standardName: String? = nil, times factor: Double = 1,
            _ read: @escaping @Sendable (ClimaTable.Atmosphere) -> [Double]
        ) -> Column {
            let quantity = Quantity(name, unit, longName, standardName: standardName, storage: .float32)
            return Column(profile: Profile(quantity, on: levels), source: .climate(read), factor: factor)
        }
        // 1 erg cm-2 s-1 is 1 mW m-2.
        let flux = 1e-3
        return [
            column("pressure", "Pa", "pressure", standardName: "air_pressure", times: 1e5) { $0.pressure },
            column("altitude", "m", "altitude", standardName: "altitude", times: 1e3) { $0.altitude },
            column("air_temperature", "K", "air temperature", standardName: "air_temperature") { $0.temperature },
            column("convective", "1", "whether the level is convective: 0 or 1") { $0.convective },
            column("water_vapour", "1", "water vapour mixing ratio") { $0.waterVapour },
            column("ozone", "1", "ozone mixing ratio") { $0.ozone },
            column("carbon_dioxide", "1", "carbon dioxide mixing ratio") { $0.carbonDioxide },
            column("infrared_cooling_rate", "K day-1", "infrared cooling rate") { $0.cooling },
            column("solar_heating_rate", "K day-1", "solar heating rate") { $0.heating },
            column("net_flux", "W m-2", "net flux", times: flux) { $0.fluxes.total },
            column("infrared_flux", "W m-2", "net infrared flux", times: flux) { $0.fluxes.infrared },
            column("downward_infrared_flux", "W m-2", "downward infrared flux", times: flux) {
                $0.fluxes.downwardInfrared
            },
            column("upward_infrared_flux", "W m-2", "upward infrared flux", times: flux) { $0.fluxes.upwardInfrared },
            column("solar_flux", "W m-2", "net solar flux", times: flux) { $0.fluxes.solar },
            column("downward_solar_flux", "W m-2", "downward solar flux", times: flux) { $0.fluxes.downwardSolar },
            column("upward_solar_flux", "W m-2", "upward solar flux", times: flux) { $0.fluxes.upwardSolar },
            column("flux_divergence", "1", "net flux over upward infrared flux at the top") { $0.fluxes.divergence },
        ]
    }()

    private static func chemistry(_ species: [String], levels: Int) -> [Column] {
        let layers = VerticalGrid("layer", count: levels, longName: "level of the chemistry model")
        func column(
            _ name: String, _ unit: String, _ longName: String, times factor: Double = 1,
            _ read: @escaping @Sendable (PhotoOutput) -> [Double]
        ) -> Column {
            let quantity = Quantity(name, unit, longName, storage: .float32)
            return Column(profile: Profile(quantity, on: layers), source: .chemistry(read), factor: factor)
        }
        return [
            column("layer_pressure", "Pa", "pressure of the chemistry's level", times: 1e5) { $0.levels.pressure },
            column("layer_altitude", "m", "altitude of the chemistry's level", times: 1e-2) { $0.levels.altitude },
            column("layer_temperature", "K", "temperature that the chemistry ran at") { $0.levels.temperature },
            column("layer_number_density", "m-3", "number density of all molecules", times: 1e6) {
                $0.state.numberDensity
            },
            column("layer_eddy_diffusion", "m2 s-1", "eddy diffusion coefficient", times: 1e-4) {
                $0.state.eddyDiffusion
            },
        ]
            + species.enumerated().map { index, name in
                column("layer_\(name.lowercased())_mixing_ratio", "1", "\(name) mixing ratio") {
                    $0.levels.mixingRatios[index]
                }
            }
    }

    private static func fluxes(_ species: [String], levels: Int) -> [Column] {
        // The surface, every second level, and the top.
        let fluxLevels = VerticalGrid(
            "flux_level", count: levels / 2 + 2, longName: "level of the chemistry's fluxes")
        let altitude = Quantity("flux_altitude", "m", "altitude of the chemistry's flux", storage: .float32)
        return [
            Column(
                profile: Profile(altitude, on: fluxLevels), source: .chemistry { $0.report.fluxes.altitude },
                factor: 1e-2)
        ]
            + species.enumerated().map { index, name in
                let quantity = Quantity(
                    "layer_\(name.lowercased())_flux", "cm-2 s-1", "\(name) flux",
                    comment: "Molecules; upwards positive.", storage: .float32)
                return Column(
                    profile: Profile(quantity, on: fluxLevels), source: .chemistry { $0.report.fluxes.values[index] })
            }
    }
}
