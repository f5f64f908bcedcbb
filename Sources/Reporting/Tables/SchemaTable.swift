public import Results

/// What a results file contains, as a table made from its schema: name, shape, unit, meaning.
public struct SchemaTable: Sendable, Equatable {
    /// A group, a variable or an attribute.
    public struct Row: Sendable, Equatable {
        /// Path without the first slash, "run/attempt"; an attribute as `ncdump` writes it, ":title".
        public var name: String
        /// Dimensions and type: "point, gas: int32".
        public var shape: String
        /// Empty for codes and counts.
        public var unit: String
        /// What it says, in words.
        public var meaning: String
    }

    /// Groups and variables in the order of the file, then attributes.
    public let rows: [Row]

    /// Lists everything that a file of this layout may contain.
    ///
    /// - Parameters:
    ///   - schema: the layout.
    ///   - hasInferredMap: whether the search infers a map: whether it is a refinement.
    public init(of schema: Schema, hasInferredMap: Bool) {
        let members = schema.members(hasInferredMap: hasInferredMap).map {
            Row(name: String($0.path.dropFirst()), shape: $0.shape, unit: $0.unit, meaning: $0.meaning)
        }
        let attributes = schema.attributes(hasInferredMap: hasInferredMap).map {
            Row(name: $0.path, shape: "attribute", unit: "", meaning: $0.name.meaning)
        }
        rows = members + attributes
    }

    /// A table in Markdown.
    public var markdown: String {
        let lines = ["| name | shape and type | unit | meaning |", "| --- | --- | --- | --- |"]
        return (lines + rows.map { "| `\($0.name)` | \($0.shape) | \($0.unit) | \($0.meaning) |" })
            .joined(separator: "\n")
    }

    /// A table for a terminal.
    public var text: String {
        let table =
            [["name", "shape and type", "unit", "meaning"]] + rows.map { [$0.name, $0.shape, $0.unit, $0.meaning] }
        let widths = (0..<3).map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return (cells + [row[3]]).joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
