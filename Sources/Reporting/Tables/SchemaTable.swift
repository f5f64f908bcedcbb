internal import Atmospheres
internal import HDF5
public import Results

/// What a results file contains, as a table made from its schema: name, shape, unit, meaning.
public struct SchemaTable: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        /// Path without the first slash: "run/attempt".
        public var name: String
        /// Dimensions and type: "point, gas: int32".
        public var shape: String
        /// Empty for codes and numbers of things.
        public var unit: String
        public var meaning: String
    }

    public let rows: [Row]

    public init(of schema: Schema) {
        var rows: [Row] = []
        for group in Schema.Group.allCases {
            let prefix = group == .root ? "" : String(group.rawValue.dropFirst()) + "/"
            for column in schema.columns where column.group == group {
                rows.append(
                    Row(
                        name: prefix + column.name, shape: Self.shape(column.dimensions, column.type.rawValue),
                        unit: column.text("units") ?? "", meaning: Self.meaning(column)))
            }
            for dimension in schema.dimensions where dimension.group == group {
                let type: String
                switch dimension.scale {
                case .index: type = "int32"
                case .values: type = "float64"
                case .length: continue
                }
                rows.append(
                    Row(
                        name: prefix + dimension.name, shape: Self.shape([dimension.name], type),
                        unit: Self.text("units", dimension.attributes) ?? "",
                        meaning: Self.text("long_name", dimension.attributes) ?? ""))
            }
            if group == .root {
                rows.append(
                    Row(
                        name: schema.gasNames.name, shape: "\(schema.gasNames.rowDimension): text", unit: "",
                        meaning: Self.text("long_name", schema.gasNames.attributes) ?? ""))
            }
        }
        rows += Schema.texts.map { Row(name: $0.name, shape: $0.shape, unit: "", meaning: $0.meaning) }
        self.rows = rows
    }

    private static func shape(_ dimensions: [String], _ type: String) -> String {
        "\(dimensions.joined(separator: ", ")): \(type)"
    }

    private static func meaning(_ column: Schema.Column) -> String {
        var meaning = column.text("long_name") ?? ""
        if let meanings = column.text("flag_meanings"), column.source == .status {
            let words = zip(Outcome.allCases.map(\.rawValue), meanings.split(separator: " ")).map { "\($0) \($1)" }
            meaning += ": " + words.joined(separator: ", ")
        }
        if column.source == .reason { meaning += ", in `flag_meanings`" }
        return meaning
    }

    private static func text(_ name: String, _ attributes: [Schema.Attribute]) -> String? {
        attributes.first { $0.name == name }?.value.text
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
