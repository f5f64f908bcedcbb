import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Starts the built program.
enum Program {
    /// Returns the path of one of the examples.
    static func example(_ name: String) -> String {
        Products.repository.appending(path: "jobs/experiments/\(name).yaml").path
    }

    /// Returns mpirun with its options for `ranks` ranks, whatever the number of cores.
    static func mpirun(_ ranks: Int) -> [String] {
        ["mpirun", "--quiet", "--oversubscribe", "-n", "\(ranks)"] + (getuid() == 0 ? ["--allow-run-as-root"] : [])
    }
}

extension Scratch {
    /// Writes the experiment over five gases with another end, such as "points: 10000", and returns its path.
    ///
    /// The end does not identify an experiment: a run may be resumed with a later one.
    @discardableResult
    func fiveGases(until end: String) throws -> String {
        let text = try String(contentsOfFile: Program.example("pyatmos-5gas"), encoding: .utf8)
        let line = "stop: {points: 124314}"
        try #require(text.contains(line), "the example has the line to replace")
        return try write("five-gases.yaml", text.replacing(line, with: "stop: {\(end)}"))
    }

    /// Writes a copy of an example with texts replaced, and returns its path.
    func example(_ name: String, replacing changes: [String: String] = [:], adding lines: String = "") throws -> String
    {
        var text = try String(contentsOfFile: Program.example(name), encoding: .utf8)
        for (old, new) in changes {
            try #require(text.contains(old), "the example has the text to replace")
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try write("\(name)-\(UUID().uuidString.prefix(4)).yaml", text + lines)
    }
}

/// What a results file has for a point, except when and where it was evaluated: equal for equal searches.
struct Finding: Equatable {
    var outcome: Int8
    var reason: UInt8
    /// The bits of the model's numbers, so that equality is exact and NaN equals itself.
    var values: [UInt64]
    var parent: UInt64?
    var generation: Int32
    var attempt: Int8
}

/// Reads the findings of a results file, by point; `names` are quantities of the model, by default of energy-balance.
func findings(
    in path: String,
    of names: [String] = [
        "surface_temperature", "planetary_albedo", "outgoing_longwave_radiation", "methane_radiative_forcing",
        "climate_relaxation_slope", "co2_mixing_ratio",
    ]
) throws -> [UInt64: Finding] {
    let reader = try ResultsReader(at: path)
    let lattice = try reader.lattice()
    let points = try reader.points(on: lattice)
    let byRow = Dictionary(uniqueKeysWithValues: zip(reader.rows, points))
    let columns = try names.map { try reader.values(of: $0) }
    let (reasons, parents) = (try reader.reasons(), try reader.parents())
    let (generations, attempts) = (try reader.generations(), try reader.attempts())
    var findings: [UInt64: Finding] = [:]
    for (i, point) in points.enumerated() {
        #expect(findings[point.key] == nil, "a point is in the file once")
        findings[point.key] = Finding(
            outcome: reader.outcomes[i].rawValue, reason: reasons[i], values: columns.map { $0[i].bitPattern },
            parent: byRow[parents[i]]?.key, generation: generations[i], attempt: attempts[i])
    }
    return findings
}
