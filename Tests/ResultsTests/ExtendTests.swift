internal import Atmospheres
internal import Exploration
internal import Foundation
internal import HDF5
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@testable internal import Results

@Suite struct ExtendTests {
    /// The synthetic lattice with more values between its own and on both sides.
    private static let wider: Lattice = {
        let axes = SyntheticRun.lattice.axes
        let co2 = [1e-6, 1e-5] + axes[0].values.flatMap { [$0, $0 + 5e-5] }
        let ch4 = [1e-9] + axes[1].values + [6e-6, 7e-6]
        do {
            return try Lattice(
                axes: [
                    Axis(.co2, values: co2, origin: co2.firstIndex(of: axes[0].values[axes[0].origin])!),
                    Axis(.ch4, values: ch4, origin: ch4.firstIndex(of: axes[1].values[axes[1].origin])!),
                ], held: SyntheticRun.lattice.held, filler: .n2)
        } catch {
            fatalError("a quarter of a million points are not too many")
        }
    }()

    private static let schema = Schema(of: SyntheticRun.model, on: wider)

    private static let metadata: RunMetadata = {
        var metadata = SyntheticRun.metadata
        metadata.title = "Wider"
        metadata.id = "11111111-0000-4000-8000-000000000000"
        metadata.createdAt = 1_793_100_000
        metadata.experiment = "title: Wider\n"
        metadata.experimentSHA256 = "5e1f"
        metadata.buildInfo = "Swift 7"
        metadata.source = "synthetic-writer 2"
        metadata.hosts = ["elsewhere"]
        metadata.invocation = Invocation(program: "synthetic-writer 2", commandLine: "synthetic-writer run --extend")
        return metadata
    }()

    /// Judges by a limit of 300 K, where that of the file was lower.
    private static func judge(_ evaluation: inout Evaluation) {
        guard evaluation.reason == .moistGreenhouse, evaluation.values[0] <= 300 else { return }
        evaluation.outcome = .stable
        evaluation.reason = .none
    }

    @discardableResult
    private func extend(_ path: String, to schema: Schema = schema) throws -> ExtensionSummary {
        try ResultsFile.extend(
            at: path, to: schema, metadata: Self.metadata, time: 1_793_200_000, judge: Self.judge)
    }

    @Test("Every number is carried over bit for bit; positions, outcomes and reasons are those of the wider experiment")
    func rows() throws {
        let scratch = try Scratch()
        let (path, old) = (scratch.path("rows.h5"), scratch.path("old.h5"))
        // More rows than are in memory at a time.
        try makeFile(old, rows: 66_000, completion: .partial)
        try FileManager.default.copyItem(atPath: old, toPath: path)
        let extended = try extend(path)
        #expect(try scratch.names() == ["old.h5", "rows.h5"])

        let before = try ResultsReader(at: old)
        let after = try ResultsReader(at: path)
        #expect(after.rows == before.rows)
        let moved: [Schema.Column.Source] = [.gridIndex, .status, .reason]
        for column in SyntheticRun.schema.columns where !moved.contains(column.source) {
            let rows = 0..<66_000
            #expect(try after.bytes(of: column, rows: rows) == before.bytes(of: column, rows: rows), "\(column.path)")
        }
        #expect(try after.lattice() == Self.wider)
        let positions = try after.points(on: Self.wider)
        let positionsBefore = try before.points(on: SyntheticRun.lattice)
        #expect(
            stride(from: 0, to: 66_000, by: 7).allSatisfy {
                Self.wider.composition(of: positions[$0])
                    == SyntheticRun.lattice.composition(of: positionsBefore[$0])
            })
        var newlyStable = 0
        let (reasons, reasonsBefore) = (try after.reasons(), try before.reasons())
        let temperatures = try after.values(of: "surface_temperature")
        for row in before.rows {
            let turns = row % 5 == 1 && temperatures[row] <= 300
            newlyStable += turns ? 1 : 0
            let isAsExpected =
                after.outcomes[row] == (turns ? .stable : before.outcomes[row])
                && reasons[row] == (turns ? 0 : reasonsBefore[row])
            #expect(isAsExpected, "row \(row)")
            if !isAsExpected { return }
        }
        #expect(newlyStable > 0)
        #expect(extended == ExtensionSummary(rowCount: 66_000, newlyStable: newlyStable))
    }

    @Test("The beginning of the run is kept, and the rest comes from the wider experiment")
    func metadata() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 70, completion: .partial)
        chmod(path, 0o640)
        let extended = try extend(path)
        do {
            let reader = try ResultsReader(at: path)
            #expect(reader.condition == .closed(.partial))
            #expect(try reader.text(.id) == SyntheticRun.metadata.id)
            #expect(try reader.text(.dateCreated) == "2026-10-26T07:33:20Z")
            #expect(try reader.text(.dateModified) == "2026-10-28T15:06:40Z")
            #expect(try reader.text(.source) == SyntheticRun.metadata.source)
            #expect(try reader.text(.title) == "Wider")
            #expect(try reader.experiment() == "title: Wider\n")
            #expect(try reader.experimentSHA256() == "5e1f")
            #expect(try reader.buildInfo() == SyntheticRun.metadata.buildInfo)
            #expect(try reader.hostTable() == SyntheticRun.metadata.hosts)
            #expect(try reader.number(.points(.stable)) == Int64(28 + extended.newlyStable))
            let history = try #require(try reader.text(.history)).split(separator: "\n")
            #expect(history.count == 3)
            #expect(
                history[2] == "2026-10-28T15:06:40Z synthetic-writer 2: synthetic-writer run --extend (extended at 70 "
                    + "points, \(extended.newlyStable) of them now stable)")
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
        }
        var file = try ResultsFile.reopen(
            at: path, expecting: Self.schema, invocation: SyntheticRun.invocation, hosts: ["elsewhere", "farther"])
        let recovery = file.recovery
        #expect(recovery == Recovery(rowCount: 70, pendingRows: [], droppedRows: 0, wasInterrupted: false))
        let (provenance, evaluations) = SyntheticRun.batch(70..<71)
        try file.append(provenance, evaluations)
        try file.close(.complete)
        #expect(try hosts(of: ResultsReader(at: path)).suffix(2) == [SyntheticRun.metadata.hosts[0], "farther"])
    }

    @Test("A file that its writer left open, with a row that holds no result, can be extended")
    func interrupted() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        do {
            var file = try ResultsFile.create(at: path, schema: SyntheticRun.schema, metadata: SyntheticRun.metadata)
            let (provenance, evaluations) = SyntheticRun.batch(0..<40)
            try file.append(provenance, evaluations)
            try file.commit()
        }
        do {
            let file = try File(opening: path, .readWrite, try .fileAccess())
            try Dataset(opening: "status", in: file).write([Int8(0)].span.bytes, of: .int8, rows: 3..<4)
            try Dataset(opening: "grid_index", in: file)
                .write([Int32(-1), 7].span.bytes, of: .int32, rows: 3..<4)
            try file.close()
        }
        #expect(try extend(path).rowCount == 40)
        let reader = try ResultsReader(at: path)
        #expect(reader.condition == .interrupted)
        #expect(reader.pendingRows == [3])
        #expect(reader.rows.count == 39)
        #expect(try reader.numbers("/grid_index", as: Int32.self, rows: 3..<4) == [-1, 8])
        #expect(try reader.parents() == reader.rows.map { $0 - 1 })
    }

    @Test("What is left of an earlier attempt is overwritten, and a link stays a link")
    func leftovers() throws {
        let scratch = try Scratch()
        let (path, link) = (scratch.path("rows.h5"), scratch.path("link.h5"))
        try makeFile(path, rows: 5)
        try File(creating: path + ".extending", try .fileAccess(), try .fileCreation()).close()
        symlink(path, link)
        try extend(link)
        #expect(try scratch.names() == ["link.h5", "rows.h5"])
        #expect(try ResultsReader(at: path).lattice() == Self.wider)
        var status = stat()
        #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }

    @Test("A lattice without one of the file's positions, or another model, is refused, and the file is unchanged")
    func refused() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 5)
        let axes = Self.wider.axes
        let lattices = [
            [Axis(.co2, values: Array(axes[0].values.dropFirst(3)), origin: axes[0].origin - 3), axes[1]],
            [Axis(.co2, values: axes[0].values, origin: axes[0].origin + 1), axes[1]],
            [axes[1], axes[0]],
        ]
        for axes in lattices {
            let lattice = try Lattice(axes: axes, held: SyntheticRun.lattice.held, filler: .n2)
            #expect(
                throws: ResultsError.layoutDiffers(
                    path: path, differences: ["its lattice is not part of that of the experiment"])
            ) { try extend(path, to: Schema(of: SyntheticRun.model, on: lattice)) }
        }
        let other = try Lattice(axes: axes, held: [Lattice.HeldGas(.o2, 0.2)], filler: .n2)
        #expect(throws: ResultsError.self) { try extend(path, to: Schema(of: SyntheticRun.model, on: other)) }
        let model = ModelDescription(
            name: "other", version: "1", references: [], respondsTo: [.co2], quantities: [.surfaceTemperature])
        let error = #expect(throws: ResultsError.self) { try extend(path, to: Schema(of: model, on: Self.wider)) }
        #expect("\(error as Any)".contains("planetary_albedo"))
        #expect(try scratch.names() == ["rows.h5"])
        let reader = try ResultsReader(at: path)
        #expect(try reader.lattice() == SyntheticRun.lattice)
        try checkRows(reader)
    }
}
