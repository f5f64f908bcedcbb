package import Atmospheres

/// The settings of a model, as an experiment file gives them, and the way to make the model from them.
///
/// This protocol is all that the program knows of a model before it runs. A new model is a folder in `Sources/Models`
/// with a type that conforms to it, and that type's name in `ModelCatalogue`.
package protocol ModelSettings: Sendable {
    /// The name by which an experiment file chooses the model: "energy-balance".
    static var name: String { get }

    /// Every setting: its key, how it is read and shown, and what it means.
    static var table: [SettingKey<Self>] { get }

    /// The default of every setting.
    init()

    /// The limits of an experiment that gives none. By default there are none.
    var defaultLimits: [StabilityLimit] { get }

    /// Whether a point starts from the parent that was known first, not from the nearest. By default `false`.
    var keepsFirstParent: Bool { get }

    /// The pressure at the surface, in Pa, where it is a setting that the model does not change. By default `nil`.
    var heldSurfacePressure: Double? { get }

    /// Makes the model.
    ///
    /// - Throws: when the model cannot serve the experiment: a gas or a file is missing, or the origin is out of the
    ///   model's range.
    func model(for experiment: Experiment, on host: ModelHost) throws(ExperimentError) -> any AtmosphereModel
}

extension ModelSettings {
    package var defaultLimits: [StabilityLimit] { [] }
    package var keepsFirstParent: Bool { false }
    package var heldSurfacePressure: Double? { nil }

    /// The name by which an experiment file chooses the model.
    package var name: String { Self.name }

    /// Every setting, defaults included, by its key in the experiment file.
    package var entries: [(key: String, value: String)] { Self.table.flatMap { $0.entries(self) } }

    /// The entries that decide what a run finds.
    var identityEntries: [(key: String, value: String)] {
        Self.table.filter(\.decidesResults).flatMap { $0.entries(self) }
    }

    /// Every setting in words, one a line: key, value and meaning.
    var explanations: [String] {
        Self.table.flatMap { key in
            key.entries(self).enumerated().map { "\($1.key) \($1.value)" + ($0 == 0 ? "  # \(key.meaning)" : "") }
        }
    }

    /// Reads and checks the settings.
    ///
    /// - Parameter setting: the value of `model`: a mapping, or the model's name alone.
    /// - Throws: when a setting is unknown, missing or invalid.
    fileprivate init(_ setting: Setting) throws(ExperimentError) {
        self.init()
        let section =
            setting.isScalar
            ? Section(withoutKeys: setting) : try Section(setting, keys: ["name"] + Self.table.map(\.name))
        for key in Self.table {
            if let expected = key.required {
                try key.read(section.required(key.name, expected), &self)
            } else if let setting = section[key.name] {
                try key.read(setting, &self)
            }
        }
    }
}

extension Setting {
    /// Reads `energy-balance`, for a model with its default settings, or `{name: energy-balance, ...}`.
    ///
    /// - Parameter models: the models that an experiment may name.
    /// - Returns: the settings of the model that is named.
    /// - Throws: when it is not one of `models`, or its settings are invalid.
    func model(among models: [any ModelSettings.Type]) throws(ExperimentError) -> any ModelSettings {
        let names = models.map { $0.name }
        let expected = "the name of a model (\(names.joined(separator: ", ")))"
        let nameSetting: Setting
        if isScalar {
            nameSetting = self
        } else {
            let section = try Section(anyKeysOf: self, expected: "'name' and the model's settings")
            nameSetting = try section.required("name", expected)
        }
        let name = try nameSetting.text(expected)
        guard let model = models.first(where: { $0.name == name }) else {
            throw nameSetting.error(
                "names the unknown model '\(name.oneLine)'; \(name.suggestion(among: names))"
                    + "known models: \(names.joined(separator: ", "))")
        }
        return try model.init(self)
    }
}
