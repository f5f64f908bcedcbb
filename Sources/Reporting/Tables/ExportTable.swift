internal import Atmospheres
internal import Exploration
public import Results

/// The points of a results file as a table of text: comma-separated values after RFC 4180, with a line of names.
///
/// Numbers have as many digits as it takes to read the same number back; where there is none, nothing.
public struct ExportTable: Sendable {
    private struct Column {
        let name: String
        let text: @Sendable (Int) -> String
    }

    private let columns: [Column]
    private let rows: [Int]

    /// Number of lines after the names.
    public var count: Int { rows.count }

    /// Every number of every complete point; profiles are left to the results file.
    public init(of reader: borrowing ResultsReader) throws {
        let (outcomes, reasons, names) = (reader.outcomes, try reader.reasons(), try reader.reasonNames())
        let numbers = reader.rows
        var columns = [
            Column(name: "point") { "\(numbers[$0])" },
            Column(name: "status") { outcomes[$0].name },
            Column(name: "reason") { names[reasons[$0]] ?? "code_\(reasons[$0])" },
        ]
        for variable in try reader.variables() where !variable.isCode && variable.length == 1 {
            let values = try reader.values(of: variable.name)
            columns.append(Column(name: variable.name) { Self.text(values[$0]) })
        }
        let (started, finished, wall) = (try reader.startedAt(), try reader.finishedAt(), try reader.wallTimes())
        let (workers, attempts, exits) = (try reader.workers(), try reader.attempts(), try reader.exitCodes())
        let (parents, generations) = (try reader.parents(), try reader.generations())
        columns += [
            Column(name: "started_at") { Self.text(started[$0]) },
            Column(name: "finished_at") { Self.text(finished[$0]) },
            Column(name: "wall_time") { "\(wall[$0])" }, Column(name: "worker") { "\(workers[$0])" },
            Column(name: "attempt") { "\(attempts[$0])" }, Column(name: "exit_code") { "\(exits[$0])" },
            Column(name: "parent") { "\(parents[$0])" }, Column(name: "generation") { "\(generations[$0])" },
        ]
        self.columns = columns
        rows = Array(reader.rows.indices)
    }

    /// Gases of the PyATMOS archive, in the order of its columns.
    private static let gasesOfPyATMOS = ["CH4", "CO2", "H2", "H2O", "O2"]

    /// The stable points with the columns of `pyatmos_models.csv` in the FDL PyATMOS archive (NASA Exoplanet Archive,
    /// arXiv:2308.10624), which holds successes only.
    ///
    /// Of Atmos, `concentration_` and `flux_` are what the chemistry computed. Another model sets the composition at the
    /// surface and computes none: `concentration_` is what `input_` is, and `flux_` is empty. A gas that the experiment
    /// does not have is 0.
    /// `hash` is 16 digits of the experiment's SHA-256 and 16 of the point's place on the lattice.
    ///
    /// - Parameter pressure: at the surface, bar; `nil` where the file has that of each point.
    public init(pyATMOS reader: borrowing ResultsReader, pressure: Double?) throws {
        let lattice = try reader.lattice()
        let points = try reader.points(on: lattice)
        let experiment = (try reader.experimentSHA256() ?? "").prefix(16)
        let known = Set(try reader.variables().map(\.name))
        /// A column for each gas: the first of the variables that the file has.
        func columns(_ prefix: String, _ absent: String, _ variables: [(String) -> String]) throws -> [Column] {
            try Self.gasesOfPyATMOS.map { formula in
                let names = variables.map { $0(formula.lowercased()) }
                guard let name = names.first(where: known.contains) else {
                    return Column(name: prefix + formula) { _ in absent }
                }
                let values = try reader.values(of: name)
                return Column(name: prefix + formula) { Self.text(values[$0]) }
            }
        }
        let pressures = try known.contains("surface_pressure") ? reader.values(of: "surface_pressure") : []
        let temperatures = try reader.values(of: Quantity.surfaceTemperature.name)
        let hash = Column(name: "hash") { row in
            let place = String(points[row].key, radix: 16)
            return experiment + String(repeating: "0", count: 16 - place.count) + place
        }
        self.columns =
            try [hash] + columns("input_", "0", [{ "\($0)_mixing_ratio" }])
            + columns("concentration_", "0", [{ "computed_\($0)_mixing_ratio" }, { "\($0)_mixing_ratio" }])
            + columns("flux_", "", [{ "\($0)_surface_flux" }])
            + [
                Column(name: "pressure_bar") { row in
                    pressures.isEmpty ? pressure.map(Self.text) ?? "" : Self.text(pressures[row] / 1e5)
                },
                Column(name: "temperature_kelvin") { Self.text(temperatures[$0]) },
            ]
        let outcomes = reader.outcomes
        rows = outcomes.indices.filter { outcomes[$0] == .stable }
    }

    private static func text(_ value: Double) -> String { value.isNaN ? "" : "\(value)" }

    /// Hands the table to `write` piece by piece.
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
