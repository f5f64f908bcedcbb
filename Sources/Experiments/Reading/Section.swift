import Yams

/// A mapping of an experiment file whose keys are all known.
package struct Section {
    /// The mapping itself.
    package let setting: Setting
    /// In the order of the file.
    package let entries: [(key: String, value: Setting)]

    /// - Parameter keys: the keys it may have.
    /// - Throws: when `setting` is no mapping, or has another key or the same key twice.
    package init(_ setting: Setting, keys: [String]) throws(ExperimentError) {
        try self.init(anyKeysOf: setting, expected: "keys (\(keys.joined(separator: ", ")))")
        for (key, value) in entries where !keys.contains(key) {
            let known = keys.joined(separator: ", ")
            let place = setting.path.isEmpty ? "" : " in \(setting.path)"
            throw ExperimentError(
                keyLocation(of: key) ?? value.location,
                "unknown key '\(key.oneLine)'\(place); \(key.suggestion(among: keys))known keys: \(known)")
        }
    }

    /// A mapping whose keys are names of the user's choice.
    package init(anyKeysOf setting: Setting, expected: String) throws(ExperimentError) {
        self.setting = setting
        guard case .mapping(let mapping) = setting.node else {
            let name = setting.path.isEmpty ? "the file" : setting.path
            throw ExperimentError(setting.location, "\(name) is not a mapping; write \(expected), each as 'key: value'")
        }
        var entries: [(key: String, value: Setting)] = []
        for (key, value) in mapping {
            let location = SourceLocation(file: setting.file, line: key.mark?.line, column: key.mark?.column)
            guard case .scalar(let scalar) = key else {
                throw ExperimentError(location, "a key must be a word, not a list or a mapping")
            }
            let name = scalar.string
            guard !entries.contains(where: { $0.key == name }) else {
                throw ExperimentError(location, "the key '\(name.oneLine)' is given twice; keep one")
            }
            let path = setting.path.isEmpty ? name : "\(setting.path).\(name)"
            entries.append((name, Setting(node: value, path: path, file: setting.file)))
        }
        self.entries = entries
    }

    /// A section without entries, whose errors are located at `setting`.
    init(withoutKeys setting: Setting) {
        self.setting = setting
        entries = []
    }

    /// The value of `key`; `nil` when the section does not have it.
    package subscript(key: String) -> Setting? { entries.first { $0.key == key }?.value }

    /// The value of `key`.
    ///
    /// - Parameter expected: what to add, where the section does not have it.
    package func required(_ key: String, _ expected: String) throws(ExperimentError) -> Setting {
        guard let value = self[key] else {
            let place = setting.path.isEmpty ? "the experiment" : setting.path
            throw ExperimentError(setting.location, "\(place) has no '\(key)'; add \(expected)")
        }
        return value
    }

    /// Where the key itself stands: its line, not that of a value that begins further down.
    func keyLocation(of key: String) -> SourceLocation? {
        guard case .mapping(let mapping) = setting.node,
            let mark = mapping.first(where: { $0.key.scalar?.string == key })?.key.mark
        else { return nil }
        return SourceLocation(file: setting.file, line: mark.line, column: mark.column)
    }
}
