package import Atmospheres
package import Experiments

/// Settings of the model `atmos`; ``table`` explains them.
package struct AtmosSettings: ModelSettings, Equatable {
    package static let name = "atmos"

    /// What is run for a point.
    package enum Procedure: String, Sendable, CaseIterable {
        /// The chemistry, then passes of the climate model, each from the end of the one before, until two agree. One
        /// way: the chemistry runs at the temperatures of its initial state, as PyATMOS's did.
        case settled
        /// Rounds of chemistry and climate, each with the other's profiles, until ozone column and surface temperature
        /// agree.
        case coupled
        /// As PyATMOS did in 2018: the chemistry, then one run of the climate model of a fixed number of steps, from
        /// the parent that came first.
        case pyatmos
    }

    /// When methane absorbs in the climate model, which takes four times as many steps.
    package enum MethaneOpacity: String, Sendable, CaseIterable {
        /// Above a mixing ratio of 1e-4, as PyATMOS decided.
        case auto
        case on, off
    }

    package var home: String?
    package var template: String?
    package var procedure = Procedure.settled
    /// A pass begins with a shock of up to 10 K. After 40 steps the surface is most often within 0.04 K of where the
    /// pass would take it; where it is not at rest by then, later passes are longer. With `pyatmos` the default is 400.
    package var passSteps = 40
    package var mostPasses = 12
    /// K.
    package var agreement = 0.2
    package var mostRounds = 8
    package var ozoneAgreement = 0.005
    package var methaneOpacity = MethaneOpacity.auto
    /// s; 600 s are some 5000 steps.
    package var photoTimeLimit = 600.0
    /// s; `nil` for 60 s and 1 s a step, 3 s where methane absorbs: some four times what it takes.
    package var climaTimeLimit: Double?
    package var photoStepLimit: Int?
    /// Runs that converge need up to some 200.
    package var photoPatience = 500
    /// Another parent, which `attempts` allows, most often costs less.
    package var steppingStones = 0

    package init() {}

    private static let week = 86_400.0 * 7

    package static let table: [SettingKey<Self>] = [
        // The path does not decide the results: the files do, and they are the model's identity.
        .line("home", \.home, "the built Atmos tree; default ATMOS_HOME", decidesResults: false),
        .line(
            "template", \.template, absent: "the tree's",
            "folder of PHOTOCHEM/INPUTFILES/TEMPLATES that the tree was built for; default ModernEarth, or "
                + "ModernEarthSimple in the upstream tree"),
        SettingKey(
            "protocol", "what is run for a point: settled, coupled, or pyatmos",
            read: { (setting, settings) throws(ExperimentError) in
                settings.procedure = try setting.choice(of: Procedure.self)
                if settings.procedure == .pyatmos { settings.passSteps = 400 }
            }, entries: { [("protocol", $0.procedure.rawValue)] }),
        .integer(
            "pass_steps", \.passSteps, in: 20...10_000,
            "steps of a pass of the climate model; with pyatmos, of its only run"),
        .integer(
            "most_passes", \.mostPasses, in: 1...100,
            "passes after which a point without agreement has not converged"),
        .quantity(
            "agreement", \.agreement, .temperature, over: 0, to: 100,
            "largest difference of the surface temperature between passes, and between rounds, that agree; a quarter of "
                + "it without a parent"),
        .integer(
            "most_rounds", \.mostRounds, in: 1...100,
            "rounds of coupled after which a point without agreement has not converged"),
        .quantity(
            "ozone_agreement", \.ozoneAgreement, .ratio, over: 0, to: 1,
            "largest relative difference of the ozone column between rounds that agree"),
        .choice(
            "methane_opacity", \.methaneOpacity, "whether methane absorbs in the climate model: auto, on, or off"),
        .quantity(
            "photo_time_limit", \.photoTimeLimit, .duration, over: 0, to: week, "time limit of a run of the chemistry"),
        .quantity(
            "clima_time_limit", \.climaTimeLimit, .duration, over: 0, to: week, absent: "by its steps",
            "time limit of a pass of the climate model"),
        .integer(
            "photo_step_limit", \.photoStepLimit, in: 1...1_000_000, absent: "the program's",
            "most steps of a run of the chemistry; the program's own limit is 10,000"),
        .integer(
            "photo_patience", \.photoPatience, in: 50...1_000_000,
            "steps without a doubling of model time after which a run of the chemistry is stopped"),
        .integer(
            "stepping_stones", \.steppingStones, in: 0...8,
            "how often to halve the way from parent to point, in logarithms, where the chemistry failed to go it at once"
        ),
    ]

    package var defaultLimits: [StabilityLimit] { [.liquidWater] }

    package var keepsFirstParent: Bool { procedure == .pyatmos }

    package func model(
        for experiment: Experiment, on host: ModelHost
    ) throws(ExperimentError) -> any AtmosphereModel {
        try Atmos(self, for: experiment, on: host)
    }
}
