import Atmospheres
import Exploration
import Foundation
import Results

/// A small artificial search over CO2, CH4 and O2. The result of a point depends only on its position.
enum MadeUp {
    static let model = ModelDescription(
        name: "made-up", version: "1", references: [], respondsTo: [.co2, .ch4],
        quantities: [.surfaceTemperature, Quantity("steps", "1", "steps of the integration", storage: .int32)])

    // swift-format-ignore: NeverUseForceTry
    static let lattice = try! Lattice(
        axes: [
            Axis(.co2, values: (0..<12).map { 1e-6 * pow(10, Double($0) / 3) }, origin: 4),
            Axis(.ch4, values: [0] + (0..<9).map { 1e-8 * pow(10, Double($0) / 2) }, origin: 5),
            Axis(.o2, values: [0.1, 0.2, 0.3], origin: 1),
        ], filler: .n2)

    static let schema = Schema(of: model, on: lattice)

    static let metadata = RunMetadata(
        title: "Carbon dioxide, methane and oxygen of a made-up planet", summary: "Made up.", institution: "-",
        creatorName: "-", license: "-", references: [], comment: "", source: "test 1; model made-up 1",
        invocation: Invocation(program: "test 1", commandLine: "test"),
        id: "00000000-0000-4000-8000-000000000000", createdAt: 1_793_000_000, experiment: "title: made up",
        experimentSHA256: "0123456789abcdef0123", buildInfo: "-", hosts: ["node1", "node2", "node3"])

    /// The outcome at a position: stable within a circle around the origin that grows with O2; every other outcome occurs
    /// just outside.
    static func outcome(_ indices: [Int]) -> Outcome {
        let distance = hypot(Double(indices[0] - 5), Double(indices[1] - 5) * 1.1)
        switch distance - 0.8 * Double(indices[2]) {
        case ..<2.6: return .stable
        case ..<4: return [.unstable, .unstable, .notConverged, .failed][(indices[0] * 3 + indices[1]) % 4]
        default: return .pending
        }
    }

    /// The surface temperature at a position, in K.
    static func temperature(_ indices: [Int]) -> Double {
        270 + 5 * Double(indices[0]) + 2 * Double(indices[1]) + Double(indices[2])
    }

    /// The indices of every point that has an outcome, in the order of rows.
    static var points: [[Int]] {
        (0..<12).flatMap { x in (0..<10).flatMap { y in (0..<3).map { [x, y, $0] } } }
            .filter { outcome($0) != .pending }
    }

    /// Writes a results file with these points.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - points: the indices of each point, in the order of rows.
    ///   - completion: how the file is closed; `nil` leaves it as a killed writer does.
    ///   - change: modifies the evaluation of a point.
    /// - Throws: an error of writing the file.
    static func write(
        _ path: String, _ points: [[Int]] = points, completion: Completion? = .complete,
        change: ([Int], inout Evaluation) -> Void = { _, _ in }
    ) throws {
        var file = try ResultsFile.create(at: path, schema: schema, metadata: metadata)
        var provenance: [Provenance] = []
        var evaluations = Evaluations(of: model)
        for (row, indices) in points.enumerated() {
            provenance.append(
                Provenance(
                    row: row, position: lattice[indices], parentRow: row - 1, generation: Int32(row), attempt: 1,
                    worker: Int32(1 + row % 2)))
            var evaluation = Evaluation(of: model)
            evaluation.outcome = outcome(indices)
            evaluation.reason = evaluation.outcome == .stable ? .none : .crashed
            evaluation.values = [temperature(indices), Double(row)]
            if evaluation.outcome == .failed { evaluation.values = [.nan, .nan] }
            change(indices, &evaluation)
            evaluations.append(
                UInt32(row), evaluation, startedAt: 1_793_000_000 + Double(row) / 2, wallTime: 0.75)
        }
        try file.append(provenance, evaluations)
        try file.commit()
        if let completion { try file.close(completion, at: 1_793_000_600) }
    }
}
