internal import Atmospheres
internal import Exploration
internal import Glibc
internal import Results
internal import SeededRandom
internal import SyntheticWriter
internal import TestSupport
internal import Testing

/// Rows with bytes of any length: every third row has a solution, every fifth a log.
@Suite(.namesSeeds) struct BlobTests {
    private static let model = ModelDescription(
        name: "synthetic", version: "1", references: [], respondsTo: [.co2, .ch4],
        quantities: SyntheticRun.model.quantities, profiles: SyntheticRun.model.profiles,
        reasons: SyntheticRun.model.reasons, usesParent: true, keepsLogs: true, identity: "Photo.run 0af1")
    private static let schema = Schema(of: model, on: SyntheticRun.lattice)

    private static func solution(_ row: Int) -> [UInt8] {
        row % 3 == 0 ? (0..<1000 + row).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ row) } : []
    }

    private static func log(_ row: Int) -> [UInt8] { row % 5 == 0 ? Array("row \(row): NaN – Ende\n".utf8) : [] }

    private static func batch(_ rows: Range<Int>, of number: (Int) -> Int = { $0 }) -> ([Provenance], Evaluations) {
        let (provenance, plain) = SyntheticRun.batch(rows)
        var evaluations = plain
        evaluations.solutions = rows.map { solution(number($0)) }
        evaluations.logs = rows.map { log(number($0)) }
        return (provenance, evaluations)
    }

    private static func check(_ reader: borrowing ResultsReader, rows: Range<Int>) throws {
        for row in rows {
            #expect(try reader.bytes(ofRow: row, in: .solution) == solution(row), "solution of row \(row)")
            #expect(try reader.bytes(ofRow: row, in: .log) == log(row), "log of row \(row)")
        }
        #expect(try reader.modelIdentity() == "Photo.run 0af1")
    }

    private static func makeFile(_ path: String, rows: Int) throws {
        var file = try ResultsFile.create(at: path, schema: schema, metadata: SyntheticRun.metadata)
        for row in 0..<rows {
            let (provenance, evaluations) = batch(row..<row + 1)
            try file.append(provenance, evaluations)
            if row % 4 == 3 { try file.commit() }
        }
        try file.close(.partial)
    }

    @Test("A writer returns the bytes of a row that it was just given, and a live reader sees them")
    func live() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        let writer = try ResultsWriter(
            creating: path, schema: Self.schema, metadata: SyntheticRun.metadata, lock: try FileLock(for: path))
        for first in stride(from: 0, to: 60, by: 6) {
            let (provenance, evaluations) = Self.batch(first..<first + 6)
            writer.record(provenance, evaluations)
            #expect(try writer.bytes(ofRow: first + 3, in: .solution) == Self.solution(first + 3))
            #expect(try writer.bytes(ofRow: first + 4, in: .solution) == [])
        }
        try Self.check(try ResultsReader(at: path), rows: 0..<60)
        try writer.finish(.complete)
        try Self.check(try ResultsReader(at: path), rows: 0..<60)
    }

    @Test("The bytes of a row handed over while another is being written are those of that row")
    func handedOverMeanwhile() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        var random = SeededGenerator(seed: Seeds.new)
        var pace = ResultsWriter.Pace(for: Self.schema)
        pace.commitInterval = 0.001
        let writer = try ResultsWriter(
            creating: path, schema: Self.schema, metadata: SyntheticRun.metadata, lock: try FileLock(for: path),
            pace: pace)
        for row in 0..<600 {
            let (provenance, evaluations) = Self.batch(row..<row + 1, of: { $0 * 3 })
            writer.record(provenance, evaluations)
            if row % 2 == 1 {
                #expect(try writer.bytes(ofRow: row, in: .solution) == Self.solution(row * 3), "row \(row)")
            } else {
                usleep(UInt32.random(in: 0...1500, using: &random))
            }
        }
        try writer.finish(.complete)
    }

    @Test("A resumed file keeps its bytes, and rows written again have new ones")
    func continued() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try Self.makeFile(path, rows: 20)
        var file = try ResultsFile.reopen(
            at: path, expecting: Self.schema, invocation: SyntheticRun.invocation, hosts: ["node1"])
        #expect(try file.bytes(ofRow: 18, in: .solution) == Self.solution(18))
        let (provenance, evaluations) = Self.batch(20..<30)
        try file.append(provenance, evaluations)
        let (again, other) = Self.batch(6..<7, of: { $0 + 300 })
        try file.append(again, other)
        try file.close(.complete)
        let reader = try ResultsReader(at: path)
        #expect(reader.rowCount == 30)
        try Self.check(reader, rows: 0..<6)
        #expect(try reader.bytes(ofRow: 6, in: .solution) == Self.solution(306))
        try Self.check(reader, rows: 7..<30)
    }

    @Test("Copies have the bytes", arguments: [CopyForm.snapshot, .archive])
    func copied(form: CopyForm) throws {
        let scratch = try Scratch()
        try Self.makeFile(scratch.path("rows.h5"), rows: 20)
        _ = try ResultsReader(at: scratch.path("rows.h5")).copy(
            to: scratch.path("copy.h5"), as: form, overwriting: false, invocation: SyntheticRun.invocation)
        try Self.check(try ResultsReader(at: scratch.path("copy.h5")), rows: 0..<20)
    }

    @Test("An extended file has the bytes and takes more")
    func extended() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try Self.makeFile(path, rows: 20)
        _ = try ResultsFile.extend(at: path, to: Self.schema, metadata: SyntheticRun.metadata, judge: { _ in })
        var file = try ResultsFile.reopen(
            at: path, expecting: Self.schema, invocation: SyntheticRun.invocation, hosts: ["node1"])
        let (provenance, evaluations) = Self.batch(20..<25)
        try file.append(provenance, evaluations)
        try file.close(.complete)
        try Self.check(try ResultsReader(at: path), rows: 0..<25)
    }

    @Test("Other readers see the bytes", .enabled(if: Tools.python != nil, "ATMOS_FRONTIER_PYTHON is not set"))
    func otherReaders() async throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try Self.makeFile(path, rows: 20)
        let script = """
            import sys, h5py, netCDF4, xarray as xr
            for engine in ("h5netcdf", "netcdf4"):
                run = xr.open_dataset(sys.argv[1], group="run", engine=engine)
                begin, length = int(run.solution_offset[9]), int(run.solution_length[9])
                assert length == 1009, length
                print(engine, run.solution.dims, bytes(run.solution.values[begin:begin + length])[:3].hex())
            """
        let (succeeded, output) = try await Tools.run(try #require(Tools.python), ["-c", script, path])
        #expect(succeeded, "\(output)")
        #expect(output.contains("h5netcdf ('solution_byte',) 092847"), "\(output)")
        #expect(output.contains("netcdf4 ('solution_byte',) 092847"), "\(output)")
        if let ncdump = Tools.ncdump {
            let (dumped, header) = try await Tools.run(ncdump, ["-h", path])
            #expect(dumped && header.contains("ubyte solution(solution_byte)"), "\(header)")
        }
    }
}
