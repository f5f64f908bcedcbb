import Yams

/// A mapping of an experiment file.
package struct Section {
    /// The mapping itself.
    package let setting: Setting
    /// In the order of the file.
    package let entries: [(key: String, value: Setting)]

    /// A mapping whose keys are all known.
    ///
    /// - Parameters:
    ///   - setting: the mapping.
    ///   - keys: the keys that it may have.
    /// - Throws: when `setting` is not a mapping, or has another key or the same key twice.
    package init(_ setting: Setting, keys: [String]) throws(ExperimentError) {
        try self.init(anyKeysOf: setting, expected: "keys (\(keys.joined(separator: ", ")))")
        for (key, value) in entries where !keys.contains(key) {
            let known = keys.joined(separator: ", ")
            let parent = setting.path.isEmpty ? "" : " in \(setting.path)"
            throw ExperimentError(
                keyLocation(of: key) ?? value.location,
                "unknown key '\(key.oneLine)'\(parent); \(key.suggestion(among: keys))known keys: \(known)")
        }
    }

    /// A mapping whose keys are names of the user's choice.
    ///
    /// - Parameters:
    ///   - setting: the mapping.
    ///   - expected: what to write where it is not a mapping.
    /// - Throws: when `setting` is not a mapping, or has the same key twice.
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
            entries.append((name, setting.child(value, path: setting.path.isEmpty ? name : "\(setting.path).\(name)")))
        }
        self.entries = entries
    }

    /// A section without entries, for a setting that is a name alone.
    init(withoutKeys setting: Setting) {
        self.setting = setting
        entries = []
    }

    /// The value of `key`; `nil` when the section does not have it.
    package subscript(key: String) -> Setting? { entries.first { $0.key == key }?.value }

    /// Reads the value of `key` with `parse`; `nil` when the section does not have it.
    package func read<Value>(
        _ key: String, _ parse: (Setting) throws(ExperimentError) -> Value
    ) throws(ExperimentError) -> Value? {
        guard let setting = self[key] else { return nil }
        return try parse(setting)
    }

    /// Reads the value of `key` with `parse`; the default when the section does not have it.
    package func read<Value>(
        _ key: String, default absent: @autoclosure () -> Value, _ parse: (Setting) throws(ExperimentError) -> Value
    ) throws(ExperimentError) -> Value {
        guard let setting = self[key] else { return absent() }
        return try parse(setting)
    }

    /// The value of `key`.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - expected: what to add where the section does not have it.
    /// - Returns: its value.
    /// - Throws: when the section does not have the key.
    package func required(_ key: String, _ expected: String) throws(ExperimentError) -> Setting {
        if let value = self[key] { return value }
        if setting.isScalar {
            let name = try setting.text()
            throw setting.error(
                "is '\(name.oneLine)' alone, without its '\(key)'; write {name: \(name.oneLine), \(key): ...} with "
                    + expected)
        }
        let parent = setting.path.isEmpty ? "the experiment" : setting.path
        throw ExperimentError(setting.location, "\(parent) has no '\(key)'; add \(expected)")
    }

    /// The location of the key itself: its line, not that of a value that begins further down.
    func keyLocation(of key: String) -> SourceLocation? {
        guard case .mapping(let mapping) = setting.node,
            let mark = mapping.first(where: { $0.key.scalar?.string == key })?.key.mark
        else { return nil }
        return SourceLocation(file: setting.file, line: mark.line, column: mark.column)
    }
}
