package import Atmospheres
package import Experiments

/// Settings of the model `program`: any program that answers requests in JSON; ``table`` explains them.
/// `jobs/programs/message.schema.json` defines the messages.
package struct ProgramSettings: ModelSettings, Equatable {
    package static let name = "program"

    package enum Mode: String, CaseIterable, Sendable {
        /// One process a rank, which answers one point after the other: a line in, a line out.
        case resident
        /// A process a point: one request in, one answer out, exit code 0.
        case oneShot = "one-shot"
    }

    /// A word that begins with `./` or `../` is a path relative to the experiment file's folder; `{scratch}` in a word
    /// is the rank's scratch folder. No shell reads the words.
    package var command: [String] = []
    package var mode = Mode.resident
    package var environment: [String: String] = [:]
    package var workingDirectory: String?
    /// s.
    package var timeLimit = 600.0
    /// s.
    package var startLimit = 60.0
    package var cpus = 1
    package var usesParent = false
    package var version = "unknown"
    package var references: [String] = []
    /// `nil` for all gases.
    package var respondsTo: [Gas]?
    package var outputs: [Quantity] = []
    package var profiles: [Profile] = []
    /// In the order of their codes.
    package var reasons: [String] = []

    package init() {}

    private static let longestLimit = 1e7

    package static let table: [SettingKey<Self>] = [
        SettingKey(
            "command", "the program and its arguments",
            required: "the program and its arguments as a list, such as [python3, ./model.py]",
            read: { (setting, settings) throws(ExperimentError) in try settings.readCommand(setting) },
            entries: { [("command", $0.command.joined(separator: " "))] }),
        .choice("mode", \.mode, "resident: a process a rank; one-shot: a process a point"),
        SettingKey(
            "environment", "variables beside those of the job",
            read: { (setting, settings) throws(ExperimentError) in try settings.readEnvironment(setting) },
            entries: { $0.environment.sorted { $0.key < $1.key }.map { ("environment.\($0.key)", $0.value) } }),
        .line(
            "working_directory", \.workingDirectory,
            "where the program starts, relative to the experiment file's folder; default the scratch folder"),
        .quantity(
            "time_limit", \.timeLimit, .duration, over: 0, to: longestLimit,
            "for a point; the program is ended then, and the point has failed", decidesResults: false),
        SettingKey(
            "start_limit", "what the first point of a resident process may take beyond that", decidesResults: false,
            read: { (setting, settings) throws(ExperimentError) in
                guard settings.mode == .resident else {
                    throw setting.error("is for 'mode: resident'; a one-shot program has only its 'time_limit'")
                }
                settings.startLimit = try setting.quantity(.duration, over: 0, to: longestLimit)
            }, entries: { $0.mode == .resident ? [("start_limit", "\($0.startLimit) s")] : [] }),
        .integer(
            "cpus", \.cpus, in: 1...1024, "threads that the program may use, for OpenMP and the numerical libraries",
            decidesResults: false),
        .flag("warm_start", \.usesParent, "whether a point receives the solution of its parent"),
        .line("version", \.version, "version of the program, for the results file"),
        SettingKey(
            "references", "publications of the program",
            read: { (setting, settings) throws(ExperimentError) in
                for element in try setting.list("a list of texts") { settings.references.append(try element.line()) }
            }, entries: { _ in [] }),
        SettingKey(
            "responds_to", "gases whose mixing ratio changes the answer; default all",
            read: { (setting, settings) throws(ExperimentError) in
                var gases: [Gas] = []
                for element in try setting.list("a list of gases, such as [CO2, CH4]") {
                    gases.append(try element.gas())
                }
                settings.respondsTo = gases
            },
            entries: { settings in
                settings.respondsTo.map { [("responds_to", $0.map(\.formula).joined(separator: ", "))] } ?? []
            }),
        SettingKey(
            "outputs", "numbers of each answer, with their units", required: outputsExample,
            read: { (setting, settings) throws(ExperimentError) in try settings.readOutputs(setting) },
            entries: { $0.outputs.map { ("outputs.\($0.name)", $0.unit) } }),
        SettingKey(
            "profiles", "profiles of each answer, surface first",
            read: { (setting, settings) throws(ExperimentError) in try settings.readProfiles(setting) },
            entries: {
                $0.profiles.map {
                    ("profiles.\($0.quantity.name)", "\($0.quantity.unit), \($0.grid.count) levels on \($0.grid.name)")
                }
            }),
        SettingKey(
            "reasons", "words by which the program explains an outcome",
            read: { (setting, settings) throws(ExperimentError) in try settings.readReasons(setting) },
            entries: { $0.reasons.isEmpty ? [] : [("reasons", $0.reasons.joined(separator: ", "))] }),
    ]

    package func model(
        for experiment: Experiment, on host: ModelHost
    ) throws(ExperimentError) -> any AtmosphereModel {
        try ProgramModel(self, for: experiment, on: host)
    }
}

// MARK: Reading

private let outputsExample = "the outputs of the program with their units, such as 'surface_temperature: K'"

extension ProgramSettings {
    private mutating func readCommand(_ setting: Setting) throws(ExperimentError) {
        let words = "the program and its arguments as a list, such as [python3, ./model.py]"
        for word in try setting.list(words) { command.append(try word.text("a word")) }
    }

    private mutating func readEnvironment(_ setting: Setting) throws(ExperimentError) {
        let expected = "variables and their values, such as 'DATA: /data/opacities'"
        for (name, value) in try Section(anyKeysOf: setting, expected: expected).entries {
            guard !name.isEmpty, !name.contains("="), !name.contains("\0") else {
                throw value.error("is not the name of a variable; use letters, digits and underscores")
            }
            environment[name] = try value.line()
        }
    }

    private mutating func readOutputs(_ setting: Setting) throws(ExperimentError) {
        for (name, entry) in try Section(anyKeysOf: setting, expected: outputsExample).entries {
            try entry.checkVariableName(name)
            outputs.append(try entry.quantity(name))
        }
        guard !outputs.isEmpty else { throw setting.error("is empty; write \(outputsExample)") }
    }

    private mutating func readProfiles(_ setting: Setting) throws(ExperimentError) {
        let expected = "profiles, such as 'air_temperature: {unit: K, levels: 40}'"
        for (name, entry) in try Section(anyKeysOf: setting, expected: expected).entries {
            try entry.checkVariableName(name)
            guard !outputs.contains(where: { $0.name == name }) else {
                throw entry.error("has the name of an output; rename one of them")
            }
            profiles.append(Profile(try entry.quantity(name, storage: .float32), on: try grid(of: entry)))
        }
        let names = Set(outputs.map(\.name) + profiles.map(\.quantity.name))
        if let grid = profiles.first(where: { names.contains($0.grid.name) })?.grid {
            throw setting.error("has the grid '\(grid.name)', which is the name of an output or a profile; rename one")
        }
    }

    /// Reads `levels` and `grid` of a profile.
    private func grid(of profile: Setting) throws(ExperimentError) -> VerticalGrid {
        let section = try Section(profile, keys: Setting.quantityKeys + ["levels", "grid"])
        let levels = try section.required("levels", "the number of levels").integer(in: 1...100_000)
        let name = try section.read("grid", default: "level") { (setting) throws(ExperimentError) in
            let name = try setting.text("the name of a vertical grid, such as level")
            try setting.checkVariableName(name)
            return name
        }
        if let known = profiles.first(where: { $0.grid.name == name })?.grid, known.count != levels {
            throw profile.error(
                "has \(levels) levels, and the grid '\(name)' has \(known.count); name another grid, such as "
                    + "'grid: layer'")
        }
        return VerticalGrid(name, count: levels, longName: "level of the model, surface first")
    }

    private mutating func readReasons(_ setting: Setting) throws(ExperimentError) {
        for element in try setting.list("a list of words, such as [too_hot, too_cold]") {
            let word = try element.text("a word")
            try element.checkWord(word)
            guard !reasons.contains(word), !Reason.common.contains(where: { $0.name == word }) else {
                throw element.error("is '\(word)', which is a reason already; choose another word")
            }
            reasons.append(word)
        }
        let limit = 256 - Int(Reason.firstModelCode)
        guard reasons.count <= limit else { throw setting.error("has \(reasons.count) words; at most \(limit) fit") }
    }
}

extension Setting {
    fileprivate static let quantityKeys = ["unit", "long_name", "standard_name", "comment"]

    /// Reads a quantity: its unit alone, or a mapping that says more about it.
    fileprivate func quantity(
        _ name: String, storage: Quantity.Storage = .float64
    ) throws(ExperimentError) -> Quantity {
        let words = name.replacing("_", with: " ")
        let isTemperature = name == Quantity.surfaceTemperature.name
        let knownName = isTemperature ? Quantity.surfaceTemperature.standardName : nil
        if isScalar {
            let unit = try text("a unit, such as K")
            try checkUnit(unit)
            return Quantity(name, unit, words, standardName: knownName, storage: storage)
        }
        let section = try Section(anyKeysOf: self, expected: "'unit', and what else there is to say")
        // The other keys of a profile are read with its grid.
        if storage == .float64 { _ = try Section(self, keys: Self.quantityKeys) }
        let line = { (setting: Setting) throws(ExperimentError) in try setting.line() }
        guard let unit = try section.read("unit", line) else {
            throw error("has no 'unit'; add one, such as 'unit: K', or '1'")
        }
        try checkUnit(unit)
        return Quantity(
            name, unit, try section.read("long_name", default: words, line),
            standardName: try section.read("standard_name", line) ?? knownName,
            comment: try section.read("comment", line), storage: storage)
    }

    /// Checks that `unit` is not a known one other than the canonical: limits and results files have one unit of each
    /// dimension.
    private func checkUnit(_ unit: String) throws(ExperimentError) {
        for units in PhysicalDimension.allCases.map(\.units)
        where units.dropFirst().contains(where: { $0.name == unit }) {
            throw error("is in '\(unit)', but results are kept in '\(units[0].name)'; convert it in the program")
        }
    }

    /// Checks that `name` can be a variable of the results file.
    fileprivate func checkVariableName(_ name: String) throws(ExperimentError) {
        try checkWord(name)
        guard !isReserved(name) else {
            throw error("has the name '\(name)', which the results file needs itself; choose another")
        }
    }

    /// Checks that `word` has lower case letters, digits and underscores only.
    fileprivate func checkWord(_ word: String) throws(ExperimentError) {
        let letters = "a"..."z" as ClosedRange<Character>
        let isWord =
            word.first.map(letters.contains) == true
            && word.allSatisfy { letters.contains($0) || ("0"..."9").contains($0) || $0 == "_" }
        guard isWord, word.utf8.count <= 64 else {
            throw error("has the name '\(word.oneLine)'; use lower case letters, digits and underscores")
        }
    }
}
