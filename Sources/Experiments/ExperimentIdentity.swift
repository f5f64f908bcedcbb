import Atmospheres
import Exploration
import Hashing

/// Everything in an experiment that changes its results, as sorted lines `key path = value`.
///
/// Experiments with equal identities produce the same results file except for its descriptive attributes, so that one may
/// resume the other's job. Comments, white space, the order of keys, units (0 degC for 273.15 K), title and other
/// descriptions, and the stop conditions are not part of it.
public struct ExperimentIdentity: Sendable, Equatable {
    /// A line of the identity.
    public struct Entry: Sendable, Equatable {
        /// "axes.CO2", "model.surface_albedo".
        public let key: String
        /// The value as text.
        public let value: String
    }

    /// Sorted by key; each key once.
    public let entries: [Entry]

    init(_ entries: [(String, String)]) {
        self.entries = entries.map { Entry(key: $0.0, value: $0.1) }.sorted { $0.key < $1.key }
    }

    /// Reads what ``text`` wrote, ignoring other lines.
    public init(text: String) {
        self.init(
            text.split(separator: "\n").compactMap { line in
                line.firstRange(of: " = ").map {
                    (String(line[..<$0.lowerBound]), String(line[$0.upperBound...]))
                }
            })
    }

    /// One line for each entry.
    public var text: String { entries.map { "\($0.key) = \($0.value)\n" }.joined() }

    /// SHA-256 of ``text``, in 64 hexadecimal digits.
    public var sha256: String { SHA256.hexDigest(of: text) }

    /// Returns what differs from `other`, one line for each key: "attempts: 2 here, 3 in the results file".
    ///
    /// - Parameters:
    ///   - other: another identity.
    ///   - source: where `other` comes from.
    /// - Returns: the lines, sorted.
    public func differences(from other: ExperimentIdentity, in source: String = "the results file") -> [String] {
        keysDiffering(from: other).map { difference(at: $0, from: other, in: source) }
    }

    /// The keys whose values differ from those of `other`, sorted.
    func keysDiffering(from other: ExperimentIdentity) -> [String] {
        Set(entries.map(\.key)).union(other.entries.map(\.key)).sorted().filter { self[$0] != other[$0] }
    }

    /// Returns what differs from `other` under `key`.
    func difference(at key: String, from other: ExperimentIdentity, in source: String) -> String {
        "\(key): \(self[key] ?? "not set") here, \(other[key] ?? "not set") in \(source)"
    }

    /// The value of `key`; `nil` when it is not set.
    private subscript(key: String) -> String? { entries.first { $0.key == key }?.value }
}

extension Experiment {
    /// What decides whether this experiment may resume a job.
    public var identity: ExperimentIdentity {
        var entries: [(String, String)] = [
            ("attempts", "\(attempts)"),
            ("axes", lattice.axes.map(\.gas.formula).joined(separator: " ")),
            ("filler", lattice.filler?.formula ?? "none"),
            ("model.name", model.name),
            ("neighbours", "\(neighbourhood.shape.rawValue), reach \(neighbourhood.reach)"),
            ("order", order.rawValue),
            ("store.profiles", "\(profiles)"),
        ]
        // Files of earlier versions have no `search`; it was always a flood.
        if search != .flood { entries.append(("search", search.description)) }
        entries += lattice.axes.map { axis in
            let values = axis.values.map(\.description).joined(separator: " ")
            return (
                "axes.\(axis.gas)",
                "\(axis.count) values, \(axis.values[0]) ... \(axis.values[axis.count - 1]), "
                    + "origin \(axis.values[axis.origin]), sha256 \(SHA256.hexDigest(of: values).prefix(16))"
            )
        }
        entries += lattice.held.map { ("origin.\($0.gas)", "\($0.mixingRatio)") }
        entries += limits.map { ("limits.\($0.quantity)", $0.range) }
        entries += model.identityEntries.map { ("model.\($0.key)", $0.value) }
        return ExperimentIdentity(entries)
    }
}
