/// The model of an experiment, with its settings. A new model is a new case, its name in ``names`` and its settings'
/// type.
public enum ModelSettings: Sendable, Equatable {
    case energyBalance(EnergyBalanceSettings)
    case atmos(AtmosSettings)
    case program(ProgramSettings)

    /// The models that an experiment may name.
    public static let names = ["energy-balance", "atmos", "program"]

    /// Reads `energy-balance`, for a model with its default settings, or `{name: energy-balance, ...}`.
    init(_ setting: Setting) throws(ExperimentError) {
        let expected = "the name of a model (\(Self.names.joined(separator: ", ")))"
        let nameSetting: Setting
        if setting.isScalar {
            nameSetting = setting
        } else {
            let section = try Section(anyKeysOf: setting, expected: "'name' and the model's settings")
            nameSetting = try section.required("name", expected)
        }
        switch try nameSetting.text(expected) {
        case "energy-balance":
            let section = setting.isScalar ? nil : try Section(setting, keys: ["name"] + EnergyBalanceSettings.keys)
            self = .energyBalance(try EnergyBalanceSettings(section))
        case "atmos":
            let section = setting.isScalar ? nil : try Section(setting, keys: ["name"] + AtmosSettings.keys)
            self = .atmos(try AtmosSettings(section))
        case "program":
            guard !setting.isScalar else {
                throw setting.error("is 'program' alone; write which: {name: program, command: [...], outputs: {...}}")
            }
            self = .program(try ProgramSettings(try Section(setting, keys: ["name"] + ProgramSettings.keys)))
        case let other:
            throw nameSetting.error(
                "names the unknown model '\(other.oneLine)'; \(other.suggestion(among: Self.names))"
                    + "known models: \(Self.names.joined(separator: ", "))")
        }
    }

    public var name: String {
        switch self {
        case .energyBalance: "energy-balance"
        case .atmos: "atmos"
        case .program: "program"
        }
    }

    /// Every setting, defaults included, by the key that the experiment file has for it.
    public var entries: [(key: String, value: String)] {
        switch self {
        case .energyBalance(let settings): settings.entries
        case .atmos(let settings): settings.entries
        case .program(let settings): settings.entries
        }
    }

    /// The entries that decide what a run finds.
    var identityEntries: [(key: String, value: String)] {
        switch self {
        case .energyBalance, .atmos: entries
        case .program: entries.filter { !ProgramSettings.waitingKeys.contains($0.key) }
        }
    }

    /// The limits of an experiment that gives none.
    public var defaultLimits: [StabilityLimit] {
        switch self {
        case .energyBalance: EnergyBalanceSettings.defaultLimits
        case .atmos: AtmosSettings.defaultLimits
        // A program says itself what is stable.
        case .program: []
        }
    }
}
