internal import Atmospheres
internal import Exploration
internal import Results
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@Suite struct ReadBackTests {
    @Test(
        "Python reads every row with h5py, netCDF4 and both engines of xarray",
        .enabled(if: Tools.python != nil, "needs ATMOS_FRONTIER_PYTHON, a Python with h5py, xarray, h5netcdf, netCDF4"))
    func python() async throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 3000)
        let (succeeded, output) = try await Tools.run(
            try #require(Tools.python), [Tools.resource("read_back.py"), path, "3000"])
        #expect(succeeded, "\(output)")
    }

    @Test("The reader returns what was written, and the lattice")
    func reader() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 2500, completion: .partial)
        let reader = try ResultsReader(at: path)
        #expect(reader.condition == .closed(.partial))
        #expect(reader.rows == Array(0..<2500))
        #expect(try reader.experiment() == SyntheticRun.metadata.experiment)
        #expect(try reader.experimentSHA256() == SyntheticRun.metadata.experimentSHA256)
        #expect(try reader.buildInfo() == SyntheticRun.metadata.buildInfo)
        #expect(try reader.hostTable() == SyntheticRun.metadata.hosts)
        #expect(try hosts(of: reader) == reader.rows.map { SyntheticRun.metadata.hosts[$0 % 3] })
        let lattice = try reader.lattice()
        #expect(lattice == SyntheticRun.lattice)
        #expect(try reader.points(on: lattice) == reader.rows.map { SyntheticRun.provenance($0).position })
        #expect(try reader.parents() == reader.rows.map { $0 - 1 })
        #expect(try reader.generations() == reader.rows.map { Int32($0) })
        try checkRows(reader)
        #expect(reader.countsByOutcome() == [.stable: 1000, .unstable: 500, .notConverged: 500, .failed: 500])
        #expect(try reader.countsByReason()[.notConverged] == ["no_equilibrium": 500])
        #expect(
            try reader.range(of: Quantity.surfaceTemperature.name, among: .stable) == 200...(200 + 997.0 / 7))
        #expect(throws: ResultsError.noSuchVariable(path: path, name: "wind")) { try reader.values(of: "wind") }
    }

    @Test("Whole numbers are kept, and -1 stands for none")
    func wholeNumbers() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 5)
        let steps = try ResultsReader(at: path).values(of: "steps")
        #expect(steps.prefix(4) == [0, 1, 2, 3])
        #expect(steps[4].isNaN)
    }

    @Test("A row given again has the new result, whether it was in the file or still waiting")
    func rewriting() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        var file = try ResultsFile.create(at: path, schema: SyntheticRun.schema, metadata: SyntheticRun.metadata)
        var (provenance, evaluations) = SyntheticRun.batch(0..<10)
        try file.append(provenance, evaluations)
        try file.commit()
        (provenance, evaluations) = SyntheticRun.batch(10..<20)
        SyntheticRun.add(3, attempt: 2, &provenance, &evaluations)
        SyntheticRun.add(15, attempt: 2, &provenance, &evaluations)
        SyntheticRun.add(20, &provenance, &evaluations)
        SyntheticRun.add(3, attempt: 3, &provenance, &evaluations)
        try file.append(provenance, evaluations)
        #expect(file.count == 21)
        #expect(file.committedCount == 10)
        try file.close(.complete)
        let reader = try ResultsReader(at: path)
        #expect(reader.rows.count == 21)
        #expect(try reader.attempts()[3] == 3)
        #expect(try reader.attempts()[15] == 2)
        try checkRows(reader)
    }

    @Test("A row that neither exists nor is the next one is refused")
    func order() throws {
        let scratch = try Scratch()
        var file = try ResultsFile.create(
            at: scratch.path("rows.h5"), schema: SyntheticRun.schema, metadata: SyntheticRun.metadata)
        let (provenance, evaluations) = SyntheticRun.batch(1..<2)
        #expect(throws: ResultsError.rowOutOfOrder(row: 1, count: 0)) { try file.append(provenance, evaluations) }
    }
}

/// Returns the host that evaluated each row; `nil` where it is not known.
func hosts(of reader: borrowing ResultsReader) throws -> [String?] {
    let table = try reader.hostTable()
    return try reader.hostRows().map { table.indices.contains(Int($0)) ? table[Int($0)] : nil }
}

/// Compares every complete row with a recomputation.
func checkRows(_ reader: borrowing ResultsReader) throws {
    let attempts = try reader.attempts()
    let reasons = try reader.reasons()
    let exitCodes = try reader.exitCodes()
    let finishedAt = try reader.finishedAt()
    let columns = try SyntheticRun.model.quantities.map { try reader.values(of: $0.name) }
    let profiles = try SyntheticRun.model.profiles.map { try reader.values(of: $0.quantity.name) }
    let points = try reader.points(on: SyntheticRun.lattice)
    let levels = SyntheticRun.levels.count
    for (i, row) in reader.rows.enumerated() {
        let expected = SyntheticRun.evaluation(row, attempt: attempts[i])
        let found = columns.map { $0[i] }
        let isSame =
            points[i] == SyntheticRun.provenance(row).position && reader.outcomes[i] == expected.outcome
            && reasons[i] == expected.reason.code && exitCodes[i] == expected.exitCode
            && zip(found, expected.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
            && finishedAt[i] == SyntheticRun.startedAt(row) + Double(SyntheticRun.wallTime(row))
            && profiles.indices.allSatisfy { profile in
                profiles[profile][i * levels..<(i + 1) * levels].elementsEqual(
                    expected.profiles[profile * levels..<(profile + 1) * levels].map { Double($0) })
            }
        #expect(isSame, "row \(row), attempt \(attempts[i]): \(found) instead of \(expected.values)")
        if !isSame { return }
    }
}
