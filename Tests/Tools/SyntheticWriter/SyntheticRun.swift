package import Atmospheres
package import Exploration
package import Results

/// A made-up model on a small lattice. Its results follow from row and attempt alone, so that any reader of a row can
/// compute it again.
package enum SyntheticRun {
    /// The vertical grid of the profiles.
    package static let levels = VerticalGrid("level", count: 5, longName: "level of the climate model")

    /// The model, with quantities of every storage and profiles.
    package static let model = ModelDescription(
        name: "synthetic", version: "1", references: ["https://doi.org/10.0000/synthetic"], respondsTo: [.co2, .ch4],
        quantities: [
            .surfaceTemperature,
            Quantity("planetary_albedo", "1", "planetary albedo", standardName: "planetary_albedo"),
            Quantity("steps", "1", "steps of the integration", storage: .int32),
        ],
        profiles: [
            Profile(
                Quantity("pressure", "Pa", "pressure", standardName: "air_pressure", storage: .float32), on: levels),
            Profile(Quantity("altitude", "m", "altitude", standardName: "altitude", storage: .float32), on: levels),
            Profile(
                Quantity("air_temperature", "K", "air temperature", standardName: "air_temperature", storage: .float32),
                on: levels),
        ],
        reasons: [Reason(code: 32, name: "no_equilibrium")])

    /// 2000 by 50 positions, with a held gas and a filler.
    package static let lattice: Lattice = {
        do {
            return try Lattice(
                axes: [
                    Axis(.co2, values: (0..<2000).map { 1e-4 * Double($0 + 1) }, origin: 3),
                    Axis(.ch4, values: (0..<50).map { 1e-7 * Double($0 + 1) }, origin: 16),
                ],
                held: [Lattice.HeldGas(.o2, 0.21)], filler: .n2)
        } catch {
            fatalError("100,000 points are not too many")
        }
    }()

    /// The layout of its files.
    package static let schema = Schema(of: model, on: lattice)

    /// How its files say they were written.
    package static let invocation = Invocation(program: "synthetic-writer 1", commandLine: "synthetic-writer run")

    /// What its files say about the run, with characters outside ASCII.
    package static let metadata = RunMetadata(
        title: "Synthetic atmospheres: 金星 и Земля – žluťoučký", summary: "Made-up results that follow from the row.",
        institution: "Institut für Prüfwesen", creatorName: "Ada Žáková", license: "CC-BY-4.0",
        references: ["https://doi.org/10.0000/synthetic", "https://doi.org/10.0000/lattice"],
        comment: "Not of this world.", source: "synthetic-writer 1 (commit 0); synthetic model 1",
        invocation: invocation, id: "00000000-0000-4000-8000-000000000000", createdAt: 1_793_000_000,
        experiment: "title: Synthetic atmospheres: 金星\naxes:\n  CO2: …\n", experimentSHA256: "e3b0c44298fc1c14",
        buildInfo: "Swift 6.3\nOpen MPI 4.1", hosts: ["node1", "nœud2", "a-longer-name.example.org"])

    /// Returns how row `row` was made.
    package static func provenance(_ row: Int, attempt: Int8 = 1) -> Provenance {
        Provenance(
            row: row, position: lattice[[row % 2000, row / 2000 % 50]], parentRow: row - 1, generation: Int32(row),
            attempt: attempt, worker: Int32(row % 3))
    }

    /// Returns when row `row` was started, seconds since 1970-01-01T00:00:00Z.
    package static func startedAt(_ row: Int) -> Double { 1_793_000_000 + Double(row) / 8 }
    /// Returns how long row `row` took, seconds.
    package static func wallTime(_ row: Int) -> Float { Float(row % 100) / 4 }

    /// Returns the result of row `row`; its temperature depends on the attempt.
    package static func evaluation(_ row: Int, attempt: Int8 = 1) -> Evaluation {
        var evaluation = Evaluation(of: model)
        evaluation.outcome = [.stable, .unstable, .stable, .notConverged, .failed][row % 5]
        evaluation.reason = [.none, .moistGreenhouse, .none, model.reasons[0], .crashed][row % 5]
        evaluation.exitCode = row % 5 == 4 ? 139 : 0
        evaluation.values = [
            200 + Double(row % 1000) / 7 + 1000 * Double(attempt - 1), Double(row % 13) / 13,
            row % 5 == 4 ? .nan : Double(row % 400),
        ]
        for level in 0..<levels.count {
            evaluation.profiles[level] = 100_000 / Float(1 + level + row % 3)
            evaluation.profiles[levels.count + level] = Float(level * 1000 + row % 10)
            evaluation.profiles[2 * levels.count + level] = Float(evaluation.values[0]) - 6 * Float(level)
        }
        return evaluation
    }

    /// Adds row `row` to a batch.
    package static func add(
        _ row: Int, attempt: Int8 = 1, _ provenance: inout [Provenance], _ evaluations: inout Evaluations
    ) {
        provenance.append(Self.provenance(row, attempt: attempt))
        evaluations.append(
            UInt32(truncatingIfNeeded: row), evaluation(row, attempt: attempt), startedAt: startedAt(row),
            wallTime: wallTime(row))
    }

    /// Returns a batch of consecutive rows.
    package static func batch(_ rows: Range<Int>) -> ([Provenance], Evaluations) {
        var provenance: [Provenance] = []
        var evaluations = Evaluations(of: model)
        for row in rows { add(row, &provenance, &evaluations) }
        return (provenance, evaluations)
    }
}
