internal import Atmospheres
internal import Exploration
public import Results

/// The points of a results file as comma-separated values (RFC 4180) with a header line.
///
/// Numbers have as many digits as are needed to read the same number back. A missing value is an empty field.
public struct ExportTable: Sendable {
    private struct TextColumn {
        let name: String
        /// The field of a point, by its index among the complete points.
        let text: @Sendable (Int) -> String
    }

    private let columns: [TextColumn]
    private let rows: [Int]

    /// The number of lines after the header.
    public var count: Int { rows.count }

    /// Creates a table of all complete points with every scalar variable. Profiles are not included.
    ///
    /// - Parameter reader: the file.
    /// - Throws: an error of reading the file.
    public init(of reader: borrowing ResultsReader) throws {
        let (outcomes, reasons, names) = (reader.outcomes, try reader.reasons(), try reader.reasonNames())
        let numbers = reader.rows
        var columns = [
            TextColumn(name: "point") { "\(numbers[$0])" },
            TextColumn(name: "status") { outcomes[$0].name },
            TextColumn(name: "reason") { names[reasons[$0]] ?? "code_\(reasons[$0])" },
        ]
        for variable in try reader.variables() where !variable.isCode && variable.length == 1 {
            let values = try reader.values(of: variable.name)
            columns.append(TextColumn(name: variable.name) { Self.text(values[$0]) })
        }
        for values in try reader.runValues() { columns.append(TextColumn(name: values.name) { values.text($0) }) }
        self.columns = columns
        rows = Array(reader.rows.indices)
    }

    /// The gases of the PyATMOS archive, in the order of its columns.
    private static let gasesOfPyATMOS = ["CH4", "CO2", "H2", "H2O", "O2"]

    /// Creates a table of the stable points with the columns of `pyatmos_models.csv` in the FDL PyATMOS archive (NASA
    /// Exoplanet Archive, arXiv:2308.10624), which contains successful runs only.
    ///
    /// For Atmos, the chemistry computed `concentration_` and `flux_`. Other models compute no composition:
    /// `concentration_` repeats `input_`, and `flux_` is empty. A gas that the experiment does not have is 0.
    /// `hash` consists of 16 digits of the experiment's SHA-256 and the 16 digits of the position's key.
    ///
    /// - Parameters:
    ///   - reader: the file.
    ///   - pressure: the surface pressure in bar; `nil` when the file has one for each point.
    /// - Throws: an error of reading the file.
    public init(pyATMOS reader: borrowing ResultsReader, pressure: Double?) throws {
        let lattice = try reader.lattice()
        let points = try reader.points(on: lattice)
        let experiment = (try reader.experimentSHA256() ?? "").prefix(16)
        let known = Set(try reader.variables().map(\.name))
        /// Makes a column for each gas from the first of the variables that the file has.
        func columns(_ prefix: String, _ absent: String, _ variables: [(String) -> String]) throws -> [TextColumn] {
            try Self.gasesOfPyATMOS.map { formula in
                let names = variables.map { $0(formula.lowercased()) }
                guard let name = names.first(where: known.contains) else {
                    return TextColumn(name: prefix + formula) { _ in absent }
                }
                let values = try reader.values(of: name)
                return TextColumn(name: prefix + formula) { Self.text(values[$0]) }
            }
        }
        let pressures = try known.contains("surface_pressure") ? reader.values(of: "surface_pressure") : []
        let temperatures = try reader.values(of: Quantity.surfaceTemperature.name)
        let hash = TextColumn(name: "hash") { row in
            let key = String(points[row].key, radix: 16)
            return experiment + String(repeating: "0", count: 16 - key.count) + key
        }
        self.columns =
            try [hash] + columns("input_", "0", [{ "\($0)_mixing_ratio" }])
            + columns("concentration_", "0", [{ "computed_\($0)_mixing_ratio" }, { "\($0)_mixing_ratio" }])
            + columns("flux_", "", [{ "\($0)_surface_flux" }])
            + [
                TextColumn(name: "pressure_bar") { row in
                    pressures.isEmpty ? pressure.map(Self.text) ?? "" : Self.text(pressures[row] / 1e5)
                },
                TextColumn(name: "temperature_kelvin") { Self.text(temperatures[$0]) },
            ]
        let outcomes = reader.outcomes
        rows = outcomes.indices.filter { outcomes[$0] == .stable }
    }

    private static func text(_ value: Double) -> String { value.isNaN ? "" : "\(value)" }

    /// Writes the table in pieces of about 1 MiB.
    ///
    /// - Parameter write: receives each piece, in order.
    /// - Throws: what `write` throws.
    public func write(to write: (String) throws -> Void) rethrows {
        var text = columns.map(\.name).joined(separator: ",") + "\n"
        for row in rows {
            var isFirst = true
            for column in columns {
                if !isFirst { text += "," }
                isFirst = false
                text += column.text(row)
            }
            text += "\n"
            if text.utf8.count > 1 << 20 {
                try write(text)
                text = ""
            }
        }
        try write(text)
    }
}
