public import Atmospheres
internal import Experiments
internal import Exploration

/// The embedded model: the global mean balance of absorbed sunlight and outgoing infrared radiation.
///
///     S (1 - A(T, p, mu, a)) + F_CH4 = I(T, p)
///
/// with T the surface temperature, p the partial pressure of CO2, S a quarter of the solar constant, I and A the fits
/// of ``WilliamsKasting`` and F_CH4 the ``MethaneForcing`` relative to the origin's methane. It takes microseconds a
/// point: for trying out a search, for teaching, and for planning a search with a larger model. Water vapour is in the
/// fits; other gases have no effect.
///
/// An equilibrium is stable where absorbed - emitted falls through zero as T rises. Of several, the one nearest 288 K
/// counts, so that a point's value does not depend on the search's path to it; of two equally near, the warmer.
///
/// The two albedo fits do not meet at 280 K: at Earth's settings the warm one is higher by 0.0095, which is 3.2 W m-2
/// of absorbed sunlight. Where the balance falls through zero only within that step, neither side has a root, though the
/// climate that the fits approximate has one there. The equilibrium is then at 280 K, with the albedo between the two
/// that closes the balance, and the slope of the warm side. The error is what the step is worth, some 3 K, and shows as
/// a terrace at 280 K in a map.
///
/// Outcomes: `stable`; `unstable` with the reason ``outsideFit``, when CO2 or a methane other than the origin's is
/// outside its fit (1e-5...10 bar; 100 ppb...100 ppm), or ``noEquilibrium``, when there is none between 190 and 370 K.
/// ``JudgedModel`` judges by the experiment's limits.
public struct EnergyBalance: AtmosphereModel, Sendable {
    /// No stable equilibrium within the temperatures of the fits.
    public static let noEquilibrium = Reason(code: Reason.firstModelCode, name: "no_equilibrium")

    /// A mixing ratio at which one of the fits does not hold.
    public static let outsideFit = Reason(code: Reason.firstModelCode + 1, name: "outside_fit")

    /// The model's name, quantities and reasons.
    public let description = ModelDescription(
        name: EnergyBalanceSettings.name,
        version: "1",
        references: [
            "Williams & Kasting 1997, Icarus 129, 254-267, doi:10.1006/icar.1997.5759",
            "Byrne & Goldblatt 2014, Geophys. Res. Lett. 41, 152-160, ADS 2014GeoRL..41..152B",
        ],
        respondsTo: [.co2, .ch4],
        quantities: Output.allCases.map(\.quantity),
        reasons: [noEquilibrium, outsideFit],
        longestSilence: 1)

    private let settings: EnergyBalanceSettings
    private let originMethane: Double?
    /// Global mean of the sunlight at the top of the atmosphere, W m-2.
    private let sunlight: Double

    /// The model with these settings.
    ///
    /// - Parameters:
    ///   - settings: the settings.
    ///   - originMethane: the origin's mixing ratio of methane, to which the forcing is relative; `nil` when the
    ///     experiment has no methane.
    package init(_ settings: EnergyBalanceSettings, originMethane: Double?) {
        self.settings = settings
        self.originMethane = originMethane
        sunlight = settings.solarConstant / 4
    }

    /// The model of an experiment.
    ///
    /// - Throws: when the origin has no CO2, or when methane varies around an origin outside the fit of its forcing.
    init(_ settings: EnergyBalanceSettings, for experiment: Experiment) throws(ExperimentError) {
        let lattice = experiment.lattice
        let origin = lattice.composition(of: lattice.origin)
        guard origin[.co2] != nil else {
            throw ExperimentError(
                experiment.location(of: "origin"),
                "energy-balance needs CO2; add it to 'origin', such as 'CO2: 400 ppm'")
        }
        let methane = origin[.ch4]
        let methaneVaries = lattice.filler == .ch4 || lattice.axes.contains { $0.gas == .ch4 }
        if let methane, methaneVaries, !MethaneForcing.range.contains(methane) {
            throw ExperimentError(
                experiment.location(of: "origin.CH4"),
                "the origin's CH4 is \(methane), but energy-balance has methane's forcing only from 100 ppb to 100 ppm; "
                    + "move the origin, or remove CH4 from 'axes'")
        }
        self.init(settings, originMethane: methane)
    }

    /// Solves the balance of one atmosphere.
    public func evaluate(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend) {
        evaluation.outcome = .unstable
        guard let forcing = methaneForcing(in: inquiry.composition) else {
            evaluation.reason = Self.outsideFit
            return
        }
        evaluation.values[Output.methaneForcing.rawValue] = forcing
        // Bar, the unit of the fits.
        let pressure = (inquiry.composition[.co2] ?? 0) * settings.surfacePressure / 1e5
        guard WilliamsKasting.carbonDioxide.contains(pressure) else {
            evaluation.reason = Self.outsideFit
            return
        }
        guard let balance = equilibrium(carbonDioxide: pressure, forcing: forcing) else {
            evaluation.reason = Self.noEquilibrium
            return
        }
        evaluation.outcome = .stable
        evaluation.values[Output.temperature.rawValue] = balance.temperature
        evaluation.values[Output.albedo.rawValue] = balance.albedo
        evaluation.values[Output.outgoingFlux.rawValue] = balance.outgoingFlux
        evaluation.values[Output.slope.rawValue] = balance.slope
    }

    /// The outputs; the raw value is the row in the description and in an evaluation's values.
    private enum Output: Int, CaseIterable {
        case temperature, albedo, outgoingFlux, methaneForcing, slope

        var quantity: Quantity {
            switch self {
            case .temperature: .surfaceTemperature
            case .albedo: .planetaryAlbedo
            case .outgoingFlux: .outgoingLongwaveRadiation
            case .methaneForcing: .methaneRadiativeForcing
            case .slope: .climateRelaxationSlope
            }
        }
    }

    private func methaneForcing(in composition: Composition) -> Double? {
        guard let originMethane, let methane = composition[.ch4] else { return 0 }
        return MethaneForcing.from(originMethane, to: methane)
    }

    struct Balance: Equatable {
        /// Surface temperature, K.
        var temperature: Double
        var albedo: Double
        /// W m-2.
        var outgoingFlux: Double
        /// d(emitted - absorbed)/dT, W m-2 K-1: positive where the equilibrium is stable.
        var slope: Double
    }

    /// Solves for the stable equilibrium nearest 288 K.
    ///
    /// - Parameters:
    ///   - pressure: partial pressure of CO2, bar, within the fit.
    ///   - forcing: forcing of methane, W m-2.
    /// - Returns: the equilibrium; `nil` when there is none within the temperatures of the fits.
    func equilibrium(carbonDioxide pressure: Double, forcing: Double) -> Balance? {
        let (mu, a) = (settings.zenithCosine, settings.surfaceAlbedo)
        let emitted = WilliamsKasting.outgoingFlux(carbonDioxide: pressure)
        let coldAlbedo = WilliamsKasting.coldAlbedo(carbonDioxide: pressure, zenithCosine: mu, surfaceAlbedo: a)
        let warmAlbedo = WilliamsKasting.warmAlbedo(carbonDioxide: pressure, zenithCosine: mu, surfaceAlbedo: a)
        // Absorbed minus emitted energy, W m-2, on either side of 280 K.
        let income = Cubic(sunlight + forcing, 0, 0, 0)
        let cold = income - sunlight * coldAlbedo - emitted
        let warm = income - sunlight * warmAlbedo - emitted
        let branch = WilliamsKasting.branchTemperature
        let range = WilliamsKasting.temperatures

        var nearest: Double?
        func consider(_ temperature: Double) {
            if let nearest, abs(nearest - 288) < abs(temperature - 288) { return }
            nearest = temperature
        }
        cold.forEachFall(in: range.lowerBound...branch, consider)
        let fallsInStep = cold(branch) > 0 && warm(branch) <= 0
        if fallsInStep { consider(branch) }
        warm.forEachFall(in: branch...range.upperBound, consider)

        guard let temperature = nearest else { return nil }
        let outgoingFlux = emitted(temperature)
        let isInStep = fallsInStep && temperature == branch
        let albedo = temperature < branch ? coldAlbedo(temperature) : warmAlbedo(temperature)
        return Balance(
            temperature: temperature,
            albedo: isInStep ? 1 - (outgoingFlux - forcing) / sunlight : albedo,
            outgoingFlux: outgoingFlux,
            slope: -(temperature < branch ? cold : warm).slope(at: temperature))
    }
}

extension Quantity {
    /// The top-of-atmosphere albedo.
    public static let planetaryAlbedo = Quantity(
        "planetary_albedo", "1", "planetary albedo", standardName: "planetary_albedo",
        comment: "The effective surface albedo of the settings stands for clouds.")

    /// The infrared flux at the top of the atmosphere.
    public static let outgoingLongwaveRadiation = Quantity(
        "outgoing_longwave_radiation", "W m-2", "outgoing longwave radiation",
        standardName: "toa_outgoing_longwave_flux")

    /// The forcing of ``MethaneForcing``.
    public static let methaneRadiativeForcing = Quantity(
        "methane_radiative_forcing", "W m-2", "radiative forcing of methane relative to the origin",
        comment: "Byrne & Goldblatt 2014, Geophys. Res. Lett. 41, 152-160, Table 2; 100 ppb to 100 ppm.")

    /// How strongly the equilibrium restores itself.
    public static let climateRelaxationSlope = Quantity(
        "climate_relaxation_slope", "W m-2 K-1", "relaxation slope of the climate",
        comment: "d(emitted - absorbed)/dT at the equilibrium; a disturbance decays the faster the larger it is.")
}
