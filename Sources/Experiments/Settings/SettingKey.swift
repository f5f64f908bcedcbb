/// A setting of a model: its key in the experiment file, how it is read and shown, and what it means.
///
/// A model's settings are a type with a stored property for each setting and a table of these keys.
package struct SettingKey<Settings: Sendable>: Sendable {
    /// The key in the experiment file: "surface_albedo".
    package let name: String

    /// What the setting means, in one line for people.
    package let meaning: String

    /// Whether the setting decides what a run finds: a run resumes only with the same.
    let decidesResults: Bool

    /// What to add where the key is missing; `nil` for an optional setting.
    let required: String?

    /// Reads the value of the key into the settings.
    let read: @Sendable (Setting, inout Settings) throws(ExperimentError) -> Void

    /// What is shown of the setting: most often its value, under its own name.
    let entries: @Sendable (Settings) -> [(key: String, value: String)]

    /// A setting that is read and shown in its own way.
    ///
    /// - Parameters:
    ///   - name: the key in the experiment file.
    ///   - meaning: what it means, in one line for people.
    ///   - decidesResults: whether it decides what a run finds.
    ///   - required: what to add where the key is missing; `nil` for an optional setting.
    ///   - read: reads the value of the key into the settings. Keys are read in the order of the table.
    ///   - entries: what is shown of the setting.
    package init(
        _ name: String, _ meaning: String, decidesResults: Bool = true, required: String? = nil,
        read: @escaping @Sendable (Setting, inout Settings) throws(ExperimentError) -> Void,
        entries: @escaping @Sendable (Settings) -> [(key: String, value: String)]
    ) {
        self.name = name
        self.meaning = meaning
        self.decidesResults = decidesResults
        self.required = required
        self.read = read
        self.entries = entries
    }

    /// A setting with a value of any type, shown by `text`; where that is `nil`, it is not shown.
    package init<Value>(
        _ name: String, _ path: any WritableKeyPath<Settings, Value> & Sendable, _ meaning: String,
        decidesResults: Bool = true, text: @escaping @Sendable (Value) -> String?,
        read: @escaping @Sendable (Setting) throws(ExperimentError) -> Value
    ) {
        self.init(
            name, meaning, decidesResults: decidesResults,
            read: { (setting, settings) throws(ExperimentError) in settings[keyPath: path] = try read(setting) },
            entries: { settings in text(settings[keyPath: path]).map { [(name, $0)] } ?? [] })
    }

    // MARK: Numbers

    /// A number with a unit of `dimension`, more than `minimum` and at most `maximum` in its canonical unit.
    package static func quantity(
        _ name: String, _ path: any WritableKeyPath<Settings, Double> & Sendable, _ dimension: PhysicalDimension,
        over minimum: Double, to maximum: Double, _ meaning: String, decidesResults: Bool = true
    ) -> SettingKey {
        SettingKey(name, path, meaning, decidesResults: decidesResults, text: dimension.text) {
            (setting) throws(ExperimentError) in try setting.quantity(dimension, over: minimum, to: maximum)
        }
    }

    /// The same, for a setting that may be absent, which is shown as `absent`.
    package static func quantity(
        _ name: String, _ path: any WritableKeyPath<Settings, Double?> & Sendable, _ dimension: PhysicalDimension,
        over minimum: Double, to maximum: Double, absent: String, _ meaning: String
    ) -> SettingKey {
        SettingKey(name, path, meaning, text: { $0.map(dimension.text) ?? absent }) {
            (setting) throws(ExperimentError) in try setting.quantity(dimension, over: minimum, to: maximum)
        }
    }

    /// A number without a unit.
    package static func number(
        _ name: String, _ path: any WritableKeyPath<Settings, Double> & Sendable, in range: ClosedRange<Double>,
        _ meaning: String
    ) -> SettingKey {
        SettingKey(name, path, meaning, text: { "\($0)" }) {
            (setting) throws(ExperimentError) in try setting.number(in: range)
        }
    }

    /// A whole number.
    package static func integer(
        _ name: String, _ path: any WritableKeyPath<Settings, Int> & Sendable, in range: ClosedRange<Int>,
        _ meaning: String, decidesResults: Bool = true
    ) -> SettingKey {
        SettingKey(name, path, meaning, decidesResults: decidesResults, text: { "\($0)" }) {
            (setting) throws(ExperimentError) in try setting.integer(in: range)
        }
    }

    /// The same, for a setting that may be absent, which is shown as `absent`.
    package static func integer(
        _ name: String, _ path: any WritableKeyPath<Settings, Int?> & Sendable, in range: ClosedRange<Int>,
        absent: String, _ meaning: String
    ) -> SettingKey {
        SettingKey(name, path, meaning, text: { $0.map { "\($0)" } ?? absent }) {
            (setting) throws(ExperimentError) in try setting.integer(in: range)
        }
    }

    // MARK: Words

    /// `true` or `false`.
    package static func flag(
        _ name: String, _ path: any WritableKeyPath<Settings, Bool> & Sendable, _ meaning: String
    ) -> SettingKey {
        SettingKey(name, path, meaning, text: { "\($0)" }) { (setting) throws(ExperimentError) in try setting.boolean()
        }
    }

    /// One of the words of an enumeration.
    package static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Settings, Choice> & Sendable, _ meaning: String
    ) -> SettingKey {
        SettingKey(name, path, meaning, text: { $0.rawValue }) {
            (setting) throws(ExperimentError) in try setting.choice(of: Choice.self)
        }
    }

    /// One line of text.
    package static func line(
        _ name: String, _ path: any WritableKeyPath<Settings, String> & Sendable, _ meaning: String
    ) -> SettingKey {
        SettingKey(name, path, meaning, text: { $0 }) { (setting) throws(ExperimentError) in try setting.line() }
    }

    /// One line of text that may be absent, which is shown as `absent`, or not shown.
    package static func line(
        _ name: String, _ path: any WritableKeyPath<Settings, String?> & Sendable, absent: String? = nil,
        _ meaning: String, decidesResults: Bool = true
    ) -> SettingKey {
        SettingKey(name, path, meaning, decidesResults: decidesResults, text: { $0 ?? absent }) {
            (setting) throws(ExperimentError) in try setting.line()
        }
    }
}
