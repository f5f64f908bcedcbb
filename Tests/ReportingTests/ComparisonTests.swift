import Atmospheres
import Foundation
import Reporting
import Results
import TestSupport
import Testing

@Suite struct ComparisonTests {
    private func compare(
        _ points: [[Int]] = MadeUp.points, tolerances: [String: Double] = [:],
        change: ([Int], inout Evaluation) -> Void = { _, _ in }
    ) throws -> Comparison {
        let scratch = try Scratch()
        try MadeUp.write(scratch.path("a.h5"))
        try MadeUp.write(scratch.path("b.h5"), points, change: change)
        return try Comparison(
            try ResultsReader(at: scratch.path("a.h5")), try ResultsReader(at: scratch.path("b.h5")),
            tolerances: tolerances)
    }

    @Test("The order of rows does not matter")
    func equal() throws {
        let comparison = try compare(MadeUp.points.reversed())
        #expect(comparison.common == MadeUp.points.count && comparison.changes.isEmpty)
        #expect(comparison.deviations.first { $0.name == "surface_temperature" }?.differing == 0)
        #expect(try compare().isEqual)
        #expect(try compare().lines().last == "verdict     equal")
    }

    @Test("Points in one file only, changed outcomes and changed values are reported")
    func different() throws {
        let comparison = try compare(MadeUp.points.dropLast(4)) { indices, evaluation in
            if indices == [4, 5, 1] { evaluation.outcome = .unstable }
            if indices == [5, 5, 1] { evaluation.values[0] += 2 }
            if indices == [5, 5, 2] { evaluation.values[0] = .nan }
        }
        #expect(!comparison.isEqual && comparison.onlyInA.count == 4 && comparison.onlyInB.isEmpty)
        #expect(comparison.changes.map(\.count) == [1] && comparison.changes[0].to == "unstable")
        let deviation = try #require(comparison.deviations.first { $0.name == "surface_temperature" })
        #expect(deviation.differing == 2 && deviation.onesided == 1 && deviation.greatest == 2)
        #expect(deviation.worst?.composition.contains("O2 0.2") == true)
    }

    @Test("Values within a tolerance are equal; a tolerance for an unknown variable is refused")
    func tolerance() throws {
        let change = { (indices: [Int], evaluation: inout Evaluation) in evaluation.values[0] += 0.25 }
        #expect(try !compare(change: change).isEqual)
        #expect(try compare(tolerances: ["surface_temperature": 0.5], change: change).isEqual)
        #expect(throws: ComparisonError.self) { try compare(tolerances: ["temperature": 1]) }
    }
}

@Suite struct ExportTests {
    @Test("A table has a line for each point, and its numbers read back unchanged")
    func csv() throws {
        let scratch = try Scratch()
        try MadeUp.write(scratch.path("a.h5"))
        let reader = try ResultsReader(at: scratch.path("a.h5"))
        var text = ""
        try ExportTable(of: reader).write { text += $0 }
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(lines.count == MadeUp.points.count + 1 && Set(lines.map(\.count)).count == 1)
        let column = try #require(lines[0].firstIndex(of: "surface_temperature"))
        let values = try reader.values(of: "surface_temperature")
        for (line, value) in zip(lines.dropFirst(), values) {
            #expect(value.isNaN ? line[column].isEmpty : Double(line[column]) == value)
        }
    }

    @Test("The PyATMOS table has the columns of that archive, and only stable points")
    func pyATMOS() throws {
        let scratch = try Scratch()
        try MadeUp.write(scratch.path("a.h5"))
        var text = ""
        try ExportTable(pyATMOS: try ResultsReader(at: scratch.path("a.h5")), pressure: 1.013).write { text += $0 }
        let lines = text.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let gases = ["CH4", "CO2", "H2", "H2O", "O2"]
        let names = ["input_", "concentration_", "flux_"].flatMap { prefix in gases.map { prefix + $0 } }
        #expect(lines[0].map(String.init) == ["hash"] + names + ["pressure_bar", "temperature_kelvin"])
        #expect(lines.count - 1 == MadeUp.points.count { MadeUp.outcome($0) == .stable })
        #expect(Set(lines.map { $0[0] }).count == lines.count, "a hash for each point")
        #expect(lines[1][0].count == 32 && lines[1][3] == "0" && lines[1][11] == "" && lines[1][16] == "1.013")
    }

    @Test("The table of the schema lists every variable with its unit and meaning")
    func schema() throws {
        let table = SchemaTable(of: MadeUp.schema, hasInferredMap: false)
        for column in MadeUp.schema.columns {
            let row = try #require(table.rows.first { "/" + $0.name == column.path })
            #expect(!row.meaning.isEmpty && row.unit == column.unit)
        }
        #expect(table.markdown.contains("| `surface_temperature` | point: float64 | K | surface temperature |"))
        #expect(table.text.split(separator: "\n").count == table.rows.count + 1)
    }
}
