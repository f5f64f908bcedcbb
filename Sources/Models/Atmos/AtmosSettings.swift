package import Atmospheres
package import Experiments

/// Settings of the model `atmos`.
package struct AtmosSettings: ModelSettings, Equatable {
    package static let name = "atmos"

    /// What is run for a point.
    package enum Procedure: String, Sendable, CaseIterable {
        /// The chemistry, then passes of the climate model from its own end until two agree. One way: the chemistry
        /// runs at the temperatures of its initial state, as PyATMOS's did.
        case settled
        /// Rounds of chemistry and climate, each with the other's profiles, until ozone column and surface temperature
        /// agree.
        case coupled
        /// As PyATMOS did in 2018: the chemistry, then one run of the climate model of a fixed number of steps, from
        /// the parent that came first.
        case pyatmos
    }

    /// When methane absorbs in the climate model, which costs four times the steps.
    package enum MethaneOpacity: String, Sendable, CaseIterable {
        /// Above 1e-4, as PyATMOS decided.
        case auto
        case on, off
    }

    /// `home`: the built Atmos tree. Default: the environment's `ATMOS_HOME`.
    package var home: String?

    /// `template`: the folder of `PHOTOCHEM/INPUTFILES/TEMPLATES` that the tree was built for. Default: ModernEarth, or
    /// ModernEarthSimple in the upstream tree.
    package var template: String?

    /// `protocol`. Default: settled.
    package var procedure = Procedure.settled

    /// `pass_steps`, 20...10000: steps of a pass of the climate model; of its only run with `pyatmos`. Default 40, and
    /// 400 with `pyatmos`. A pass begins with a shock of up to 10 K; after 40 steps the surface is most often within
    /// 0.04 K of where the pass would take it. Where it is not at rest by then, the passes after it are longer.
    package var passSteps = 40

    /// `most_passes`, 1...100: without agreement after so many the point has not converged. Default 12.
    package var mostPasses = 12

    /// `agreement`: largest difference of the surface temperature, K, between the ends of two passes, and of two
    /// rounds, that agree; a quarter of it where there is no parent. Default 0.2 K.
    package var agreement = 0.2

    /// `most_rounds`, 1...100: rounds of `coupled` without agreement. Default 8.
    package var mostRounds = 8

    /// `ozone_agreement`: largest relative difference of the ozone column between two rounds that agree. Default 0.5 %.
    package var ozoneAgreement = 0.005

    /// `methane_opacity`. Default: auto.
    package var methaneOpacity = MethaneOpacity.auto

    /// `photo_time_limit`: seconds that one run of the chemistry may take. Default 600 s: some 5000 steps.
    package var photoTimeLimit = 600.0

    /// `clima_time_limit`: seconds that one pass of the climate model may take; `nil` for 60 s and 1 s a step, 3 s where
    /// methane absorbs: some four times what it takes.
    package var climaTimeLimit: Double?

    /// `photo_step_limit`: steps that one run of the chemistry may take; `nil` for the program's own limit of 10,000.
    package var photoStepLimit: Int?

    /// `photo_patience`: steps without a doubling of model time after which the chemistry is given up. Default 500;
    /// runs that converge need up to some 200.
    package var photoPatience = 500

    /// `stepping_stones`, 0...8: how often a way that the chemistry did not manage is halved: a composition between
    /// parent and point, in logarithms, is solved first, only to start from. Default 0: another parent, which
    /// `attempts` allows, most often costs less.
    package var steppingStones = 0

    package init() {}

    package static let keys = [
        "home", "template", "protocol", "pass_steps", "most_passes", "agreement", "most_rounds", "ozone_agreement",
        "methane_opacity", "photo_time_limit", "clima_time_limit", "photo_step_limit", "photo_patience",
        "stepping_stones",
    ]

    package init(_ section: Section) throws(ExperimentError) {
        home = try section["home"].map { (s) throws(ExperimentError) in try s.line() }
        template = try section["template"].map { (s) throws(ExperimentError) in try s.line() }
        if let setting = section["protocol"] { procedure = try setting.choice(of: Procedure.self) }
        if procedure == .pyatmos { passSteps = 400 }
        if let setting = section["pass_steps"] { passSteps = try setting.integer(in: 20...10_000) }
        if let setting = section["most_passes"] { mostPasses = try setting.integer(in: 1...100) }
        if let setting = section["agreement"] { agreement = try setting.quantity(.temperature, over: 0, to: 100) }
        if let setting = section["most_rounds"] { mostRounds = try setting.integer(in: 1...100) }
        if let setting = section["ozone_agreement"] { ozoneAgreement = try setting.quantity(.ratio, over: 0, to: 1) }
        if let setting = section["methane_opacity"] { methaneOpacity = try setting.choice(of: MethaneOpacity.self) }
        if let setting = section["photo_time_limit"] {
            photoTimeLimit = try setting.quantity(.duration, over: 0, to: 86_400 * 7)
        }
        if let setting = section["clima_time_limit"] {
            climaTimeLimit = try setting.quantity(.duration, over: 0, to: 86_400 * 7)
        }
        if let setting = section["photo_step_limit"] { photoStepLimit = try setting.integer(in: 1...1_000_000) }
        if let setting = section["photo_patience"] { photoPatience = try setting.integer(in: 50...1_000_000) }
        if let setting = section["stepping_stones"] { steppingStones = try setting.integer(in: 0...8) }
    }

    /// Every setting that decides an answer, by its key. Where the tree lies does not: what is in it does, and that is
    /// the model's identity.
    package var entries: [(key: String, value: String)] {
        [
            ("template", template ?? "the tree's"), ("protocol", procedure.rawValue), ("pass_steps", "\(passSteps)"),
            ("most_passes", "\(mostPasses)"), ("agreement", "\(agreement) K"), ("most_rounds", "\(mostRounds)"),
            ("ozone_agreement", "\(ozoneAgreement)"), ("methane_opacity", methaneOpacity.rawValue),
            ("photo_time_limit", "\(photoTimeLimit) s"),
            ("clima_time_limit", climaTimeLimit.map { "\($0) s" } ?? "by its steps"),
            ("photo_step_limit", photoStepLimit.map { "\($0)" } ?? "the program's"),
            ("photo_patience", "\(photoPatience)"), ("stepping_stones", "\(steppingStones)"),
        ]
    }

    /// Between ice everywhere and the moist greenhouse of Kasting et al. 1993 (Icarus 101, 108-128).
    package var defaultLimits: [StabilityLimit] { [.liquidWater] }

    package var keepsFirstParent: Bool { procedure == .pyatmos }

    package func model(
        for experiment: Experiment, on host: ModelHost
    ) throws(ExperimentError) -> any AtmosphereModel {
        try Atmos(self, for: experiment, on: host)
    }
}
