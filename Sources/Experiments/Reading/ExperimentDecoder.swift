import Atmospheres
import Exploration
import Hashing
import Yams

/// The keys of an experiment file, in the order in which messages list them.
private let rootKeys = [
    "title", "summary", "institution", "creator", "license", "references", "comment", "origin", "filler", "axes",
    "search", "neighbours", "attempts", "order", "limits", "model", "stop", "store",
]

extension Experiment {
    /// Reads the text of an experiment file.
    ///
    /// - Parameters:
    ///   - text: YAML, one document.
    ///   - file: the file's name, for errors.
    ///   - models: the models that the experiment may name.
    ///   - isReserved: whether the results file needs a name itself, so that no output may have it.
    /// - Throws: the first thing that is wrong, with its line.
    package init(
        text: String, file: String, models: [any ModelSettings.Type], isReserved: @escaping (String) -> Bool
    ) throws(ExperimentError) {
        let document = Setting(node: try .document(text, file: file), path: "", file: file, isReserved: isReserved)
        let root = try Section(document, keys: rootKeys)

        title = try root.required("title", "one line that names the experiment").line()
        summary = try root.text("summary")
        institution = try root.text("institution")
        creator = try root.text("creator")
        license = try root.text("license")
        references = try root.texts("references")
        comment = try root.text("comment")

        (lattice, axisRules) = try root.lattice()
        search = try root.search(on: lattice)
        neighbourhood = try root.neighbourhood(dimensions: lattice.dimensions)
        attempts = try root.read("attempts", default: 2) { (s) throws(ExperimentError) in try s.integer(in: 1...100) }
        order = try root.read("order", default: .generations) { (s) throws(ExperimentError) in
            try s.choice(of: Frontier.Order.self)
        }
        model = try root.required("model", "the model's name, such as 'model: energy-balance'").model(among: models)
        limits = try root.read("limits", default: model.defaultLimits) { (s) throws(ExperimentError) in try s.limits() }
        stop = try root.read("stop", default: StopConditions(), StopConditions.init)
        profiles = try root.read("store", default: .all) { (s) throws(ExperimentError) in try s.profiles() }

        self.file = file
        self.text = text
        sha256 = SHA256.hexDigest(of: text)
        locations = root.locations
    }
}

extension Node {
    /// The root of the single YAML document in `text`.
    fileprivate static func document(_ text: String, file: String) throws(ExperimentError) -> Node {
        // A byte order mark belongs to the text but not to the document.
        let yaml = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let root: Node?
        do {
            root = try compose(yaml: yaml, .default, .default, .utf8)
        } catch {
            throw ExperimentError(error, text: text, file: file)
        }
        guard let root, root.scalar?.string.isEmpty != true else {
            throw ExperimentError(
                SourceLocation(file: file), "the file is empty; start from one of the examples in jobs/experiments")
        }
        return root
    }
}

extension Section {
    fileprivate func text(_ key: String) throws(ExperimentError) -> String? {
        try read(key) { (s) throws(ExperimentError) in try s.text() }
    }

    /// Reads a text, or a list of texts.
    fileprivate func texts(_ key: String) throws(ExperimentError) -> [String] {
        guard let setting = self[key] else { return [] }
        if setting.isScalar { return [try setting.text()] }
        var texts: [String] = []
        for element in try setting.list("a text, or a list of texts") { texts.append(try element.text()) }
        return texts
    }

    /// Reads `origin`, `filler` and `axes`.
    fileprivate func lattice() throws(ExperimentError) -> (Lattice, [AxisRule]) {
        let originSetting = try required("origin", "the gases of the starting point, such as 'CO2: 400 ppm'")
        let originSection = try Section(anyKeysOf: originSetting, expected: "the gases and their mixing ratios")
        var origin: [(gas: Gas, ratio: ExactDecimal)] = []
        for (formula, setting) in originSection.entries {
            let gas = try setting.gas(named: formula)
            origin.append((gas, try setting.mixingRatio()))
        }

        let filler = try read("filler") { (s) throws(ExperimentError) in try s.gas() }
        if let filler, let setting = originSection[filler.formula] {
            throw setting.error(
                "sets the filler, which is what the other gases leave; remove it here, or remove 'filler'")
        }

        let axesSetting = try required(
            "axes", "the gases to vary, such as 'CO2: {log: {from: 1e-5, to: 0.1, per_decade: 8}}'")
        let axesSection = try Section(anyKeysOf: axesSetting, expected: "gases and their rules")
        guard !axesSection.entries.isEmpty else { throw axesSetting.error("is empty; add at least one gas to vary") }
        var axes: [Axis] = []
        var rules: [AxisRule] = []
        for (formula, setting) in axesSection.entries {
            let gas = try setting.gas(named: formula)
            guard gas != filler else {
                throw setting.error(
                    "gives the filler \(gas) an axis; it is what the other gases leave, so remove one of the two")
            }
            guard let start = origin.first(where: { $0.gas == gas })?.ratio else {
                throw setting.error("has no starting point; add \(gas) to 'origin'")
            }
            let (rule, axis) = try AxisRule.read(setting, gas: gas, origin: start)
            axes.append(axis)
            rules.append(rule)
        }

        let held = origin.filter { entry in !axes.contains { $0.gas == entry.gas } }
        let lattice: Lattice
        do {
            lattice = try Lattice(
                axes: axes, held: held.map { Lattice.HeldGas($0.gas, $0.ratio.value) }, filler: filler)
        } catch {
            switch error {
            case .tooManyPoints:
                let counts = axes.map { "\($0.gas) \($0.count)" }.joined(separator: ", ")
                throw axesSetting.error("spans more than 2^63 points (\(counts)); use coarser or fewer axes")
            }
        }
        guard lattice.isFeasible(lattice.origin) else {
            let sum = origin.reduce(0) { $0 + $1.ratio.value }
            throw originSetting.error("adds up to \(sum), more than 1; lower some of the mixing ratios")
        }
        return (lattice, rules)
    }

    fileprivate func neighbourhood(dimensions: Int) throws(ExperimentError) -> Neighbourhood {
        guard let setting = self["neighbours"] else { return Neighbourhood() }
        let section = try Section(setting, keys: ["shape", "reach"])
        let shape = try section.read("shape", default: .sides) { (s) throws(ExperimentError) in
            try s.choice(of: Neighbourhood.Shape.self)
        }
        let reach = try section.read("reach", default: 1) { (s) throws(ExperimentError) in try s.integer(in: 1...100) }
        if shape == .diagonals {
            var count = 1
            for _ in 0..<dimensions where count <= 1_000_000 { count *= 2 * reach + 1 }
            guard count <= 1_000_000 else {
                throw setting.error(
                    "gives every point more than a million neighbours; lower 'reach' or choose 'shape: sides'")
            }
        }
        return Neighbourhood(shape, reach: reach)
    }

    /// Locations of the keys at the root and one level below.
    fileprivate var locations: [String: SourceLocation] {
        var locations: [String: SourceLocation] = [:]
        for (key, setting) in entries {
            locations[key] = keyLocation(of: key)
            guard let section = try? Section(anyKeysOf: setting, expected: "") else { continue }
            for (name, value) in section.entries { locations[value.path] = section.keyLocation(of: name) }
        }
        return locations
    }
}

extension Setting {
    fileprivate func limits() throws(ExperimentError) -> [StabilityLimit] {
        var limits: [StabilityLimit] = []
        let section = try Section(anyKeysOf: self, expected: "quantities and their limits")
        for (quantity, setting) in section.entries {
            limits.append(try StabilityLimit(setting, quantity: quantity))
        }
        return limits
    }

    fileprivate func profiles() throws(ExperimentError) -> ProfileStorage {
        let section = try Section(self, keys: ["profiles"])
        guard let setting = section["profiles"] else { return .all }
        return try ProfileStorage(setting)
    }
}
