package import Atmospheres
package import Experiments

/// Settings of the model `program`: any program that answers requests in JSON. `jobs/programs/message.schema.json` has
/// the messages.
package struct ProgramSettings: ModelSettings, Equatable {
    package static let name = "program"

    package enum Mode: String, CaseIterable, Sendable {
        /// One process a rank, which answers point after point: a line in, a line out.
        case resident
        /// A process a point: one request in, one answer out, exit code 0.
        case oneShot = "one-shot"
    }

    /// `command`: the program and its arguments. A word that begins with `./` or `../` is a path relative to the
    /// experiment file's folder; `{scratch}` in a word is the rank's scratch folder. No shell reads them.
    package var command: [String]

    /// `mode`: resident (default) or one-shot.
    package var mode = Mode.resident

    /// `environment`: variables beside those of the job.
    package var environment: [String: String] = [:]

    /// `working_directory`: where the program starts, relative to the experiment file's folder. Default: the rank's
    /// scratch folder.
    package var workingDirectory: String?

    /// `time_limit`: for a point, in s, after which the program is ended and the point has failed. Default 10 min.
    package var timeLimit = 600.0

    /// `start_limit`: what the first point of a resident process may take beyond that, in s. Default 1 min.
    package var startLimit = 60.0

    /// `cpus`: the threads that the program may use, 1...1024, for OpenMP and the numerical libraries. Default 1.
    package var cpus = 1

    /// `warm_start`: whether a point is given the solution of its parent. Default false.
    package var usesParent = false

    /// `version`: of the program, for the results file.
    package var version = "unknown"

    /// `references`: publications of the program, one an element.
    package var references: [String] = []

    /// `responds_to`: the gases whose mixing ratio changes the answer; `nil`, the default, for all.
    package var respondsTo: [Gas]?

    /// `outputs`: the numbers of each answer; at least one.
    package var outputs: [Quantity]

    /// `profiles`: the profiles of each answer, surface first.
    package var profiles: [Profile] = []

    /// `reasons`: the words by which the program explains an outcome, in the order of their codes.
    package var reasons: [String] = []

    package static let keys = [
        "command", "mode", "environment", "working_directory", "time_limit", "start_limit", "cpus", "warm_start",
        "version", "references", "responds_to", "outputs", "profiles", "reasons",
    ]

    /// Settings that decide how long a run waits, not what it finds: a run goes on with others.
    static let waitingKeys: Set<String> = ["time_limit", "start_limit", "cpus"]

    package init(_ section: Section) throws(ExperimentError) {
        guard !section.setting.isScalar else {
            throw section.setting.error(
                "is 'program' alone; write which: {name: program, command: [...], outputs: {...}}")
        }
        command = []
        let words = "the program and its arguments as a list, such as [python3, ./model.py]"
        for word in try section.required("command", words).list(words) { command.append(try word.text("a word")) }
        outputs = []
        let declaration = "the outputs of the program with their units, such as 'surface_temperature: K'"
        let outputSection = try Section(
            anyKeysOf: try section.required("outputs", declaration), expected: declaration)
        for (name, setting) in outputSection.entries {
            try setting.checkVariableName(name)
            outputs.append(try setting.quantity(name))
        }
        guard !outputs.isEmpty else { throw outputSection.setting.error("is empty; write \(declaration)") }
        if let setting = section["profiles"] { try readProfiles(setting) }
        if let setting = section["reasons"] { try readReasons(setting) }
        if let setting = section["mode"] { mode = try setting.choice(of: Mode.self) }
        if let setting = section["environment"] { try readEnvironment(setting) }
        workingDirectory = try section["working_directory"].map { (s) throws(ExperimentError) in try s.line() }
        let longest = 1e7
        if let setting = section["time_limit"] { timeLimit = try setting.quantity(.duration, over: 0, to: longest) }
        if let setting = section["start_limit"] {
            guard mode == .resident else {
                throw setting.error("is for 'mode: resident'; a one-shot program has only its 'time_limit'")
            }
            startLimit = try setting.quantity(.duration, over: 0, to: longest)
        }
        if let setting = section["cpus"] { cpus = try setting.integer(in: 1...1024) }
        if let setting = section["warm_start"] { usesParent = try setting.boolean() }
        if let setting = section["version"] { version = try setting.line() }
        if let setting = section["references"] {
            for element in try setting.list("a list of texts") { references.append(try element.line()) }
        }
        if let setting = section["responds_to"] {
            var gases: [Gas] = []
            for element in try setting.list("a list of gases, such as [CO2, CH4]") { gases.append(try element.gas()) }
            respondsTo = gases
        }
    }

    private mutating func readProfiles(_ setting: Setting) throws(ExperimentError) {
        let expected = "profiles, such as 'air_temperature: {unit: K, levels: 40}'"
        for (name, entry) in try Section(anyKeysOf: setting, expected: expected).entries {
            try entry.checkVariableName(name)
            guard !outputs.contains(where: { $0.name == name }) else {
                throw entry.error("has the name of an output; rename one of them")
            }
            let section = try Section(entry, keys: Setting.quantityKeys + ["levels", "grid"])
            let levels = try section.required("levels", "the number of levels").integer(in: 1...100_000)
            let grid = try section["grid"].map { (s) throws(ExperimentError) in
                let name = try s.text("the name of a vertical grid, such as level")
                try s.checkVariableName(name)
                return name
            }
            let known = profiles.first { $0.grid.name == grid ?? "level" }?.grid
            guard known == nil || known?.count == levels else {
                throw entry.error(
                    "has \(levels) levels, and the grid '\(known!.name)' has \(known!.count); "
                        + "name another grid, such as 'grid: layer'")
            }
            profiles.append(
                Profile(
                    try entry.quantity(name, storage: .float32),
                    on: VerticalGrid(grid ?? "level", count: levels, longName: "level of the model, surface first")))
        }
        let names = Set(outputs.map(\.name) + profiles.map(\.quantity.name))
        if let grid = profiles.first(where: { names.contains($0.grid.name) })?.grid {
            throw setting.error("has the grid '\(grid.name)', which is the name of an output or a profile; rename one")
        }
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
        let most = 256 - Int(Reason.firstModelCode)
        guard reasons.count <= most else { throw setting.error("has \(reasons.count) words; at most \(most) fit") }
    }

    private mutating func readEnvironment(_ setting: Setting) throws(ExperimentError) {
        let expected = "variables and their values, such as 'DATA: /data/opacities'"
        for (name, value) in try Section(anyKeysOf: setting, expected: expected).entries {
            guard !name.isEmpty, !name.contains("="), !name.contains("\0") else {
                throw value.error("is no name of a variable; use letters, digits and underscores")
            }
            environment[name] = try value.line()
        }
    }

    package var entries: [(key: String, value: String)] {
        var entries: [(String, String)] = [("command", command.joined(separator: " ")), ("mode", mode.rawValue)]
        entries += environment.sorted { $0.key < $1.key }.map { ("environment.\($0.key)", $0.value) }
        if let workingDirectory { entries.append(("working_directory", workingDirectory)) }
        entries.append(("time_limit", "\(timeLimit) s"))
        if mode == .resident { entries.append(("start_limit", "\(startLimit) s")) }
        entries.append(("cpus", "\(cpus)"))
        entries.append(("warm_start", "\(usesParent)"))
        entries.append(("version", version))
        if let respondsTo {
            entries.append(("responds_to", respondsTo.map(\.formula).joined(separator: ", ")))
        }
        entries += outputs.map { ("outputs.\($0.name)", $0.unit) }
        entries += profiles.map {
            ("profiles.\($0.quantity.name)", "\($0.quantity.unit), \($0.grid.count) levels on \($0.grid.name)")
        }
        if !reasons.isEmpty { entries.append(("reasons", reasons.joined(separator: ", "))) }
        return entries
    }

    package var identityEntries: [(key: String, value: String)] {
        entries.filter { !Self.waitingKeys.contains($0.key) }
    }

    package func model(
        for experiment: Experiment, on host: ModelHost
    ) throws(ExperimentError) -> any AtmosphereModel {
        try ProgramModel(self, for: experiment, on: host)
    }
}

extension Setting {
    static let quantityKeys = ["unit", "long_name", "standard_name", "comment"]

    /// Names in a results file that are not a program's to give.
    private static let reservedNames = ["point", "status", "reason", "grid_index", "gas", "gas_name", "run", "axes"]

    /// A quantity: its unit alone, or a mapping with more about it.
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
        // Of a profile, other keys are read elsewhere.
        if storage == .float64 { _ = try Section(self, keys: Self.quantityKeys) }
        func line(_ key: String) throws(ExperimentError) -> String? {
            try section[key].map { (s) throws(ExperimentError) in try s.line() }
        }
        guard let unit = try line("unit") else { throw error("has no 'unit'; add one, such as 'unit: K', or '1'") }
        try checkUnit(unit)
        return Quantity(
            name, unit, try line("long_name") ?? words, standardName: try line("standard_name") ?? knownName,
            comment: try line("comment"), storage: storage)
    }

    /// Limits and results files know one unit of each dimension.
    ///
    /// - Throws: when `unit` is another one.
    private func checkUnit(_ unit: String) throws(ExperimentError) {
        for dimension in Dimension.allCases where dimension.units.dropFirst().contains(where: { $0.name == unit }) {
            throw error(
                "is in '\(unit)', and results are kept in '\(dimension.units[0].name)'; let the program convert")
        }
    }

    /// - Throws: when `name` cannot be a variable of the results file.
    fileprivate func checkVariableName(_ name: String) throws(ExperimentError) {
        try checkWord(name)
        guard !Self.reservedNames.contains(name), !name.hasSuffix("_mixing_ratio") else {
            throw error("has the name '\(name)', which the results file has already; choose another")
        }
    }

    /// - Throws: when `word` is not in lower case with digits and underscores.
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
