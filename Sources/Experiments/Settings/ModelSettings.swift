public import Atmospheres

/// The settings of a model, as an experiment file gives them, and the way to make the model from them.
///
/// This protocol is all that the program knows of a model before it runs. A new model is a folder in `Sources/Models`
/// with a type that conforms to it, and that type's name in `ModelCatalogue`.
package protocol ModelSettings: Sendable {
    /// The name by which an experiment file chooses the model: "energy-balance".
    static var name: String { get }

    /// The keys that the model's section may have, apart from `name`.
    static var keys: [String] { get }

    /// Reads and checks the settings.
    ///
    /// - Parameter section: the model's section, with ``keys`` only; without entries where the experiment file gives
    ///   the model's name alone.
    init(_ section: Section) throws(ExperimentError)

    /// Every setting, defaults included, by its key in the experiment file.
    var entries: [(key: String, value: String)] { get }

    /// The entries that decide a run's results: a run resumes only with the same. By default all.
    var identityEntries: [(key: String, value: String)] { get }

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
    package var identityEntries: [(key: String, value: String)] { entries }
    package var defaultLimits: [StabilityLimit] { [] }
    package var keepsFirstParent: Bool { false }
    package var heldSurfacePressure: Double? { nil }

    /// The name by which an experiment file chooses the model.
    package var name: String { Self.name }
}

extension Setting {
    /// Reads `energy-balance`, for a model with its default settings, or `{name: energy-balance, ...}`.
    ///
    /// - Parameter models: the models that an experiment may name.
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
        return try model.init(isScalar ? Section(withoutKeys: self) : Section(self, keys: ["name"] + model.keys))
    }
}
