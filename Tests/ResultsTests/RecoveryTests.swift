internal import Atmospheres
internal import Exploration
internal import Glibc
internal import HDF5
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@testable internal import Results

@Suite struct RecoveryTests {
    @Test("A file closed with work left can be resumed, and its history says so")
    func resuming() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 70, completion: .partial)
        var file = try reopen(path)
        let recovery = file.recovery
        #expect(recovery == Recovery(rowCount: 70, pendingRows: [], droppedRows: 0, wasInterrupted: false))
        #expect(try ResultsReader(at: path).text(.completion) == nil)
        let (provenance, evaluations) = SyntheticRun.batch(70..<75)
        try file.append(provenance, evaluations)
        try file.close(.complete)
        let reader = try ResultsReader(at: path)
        #expect(reader.condition == .closed(.complete))
        #expect(reader.rowCount == 75)
        try checkRows(reader)
        let history = try #require(try reader.text(.history)).split(separator: "\n")
        #expect(history.count == 4)
        #expect(history[2].hasSuffix("synthetic-writer run (continued at 70 points)"))
    }

    @Test("Incomplete rows at the end are dropped; one in the middle is reported and can be given again")
    func incompleteRows() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 1500)
        try edit(path) { file throws(HDF5Error) in
            let status = try Dataset(opening: "status", in: file)
            try status.write([Int8(0)].span.bytes, of: .int8, rows: 3..<4)
            try status.write([Int8](repeating: 0, count: 20).span.bytes, of: .int8, rows: 1480..<1500)
            try Dataset(opening: "run/attempt", in: file).setCount(1600)
        }
        #expect(try ResultsReader(at: path).pendingRows == [3])
        var file = try reopen(path)
        let recovery = file.recovery
        #expect(recovery == Recovery(rowCount: 1480, pendingRows: [3], droppedRows: 120, wasInterrupted: false))
        var (provenance, evaluations) = SyntheticRun.batch(1480..<1490)
        SyntheticRun.add(3, attempt: 2, &provenance, &evaluations)
        try file.append(provenance, evaluations)
        try file.close(.complete)
        let reader = try ResultsReader(at: path)
        #expect(reader.rows == Array(0..<1490))
        try checkRows(reader)
    }

    @Test("A file of another model or experiment is refused, and the differences are named")
    func otherLayout() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 3)
        let model = SyntheticRun.model
        let warmer = ModelDescription(
            name: "synthetic", version: "2", references: [], respondsTo: model.respondsTo,
            quantities: [
                Quantity("surface_temperature", "degC", "surface temperature", standardName: "surface_temperature"),
                Quantity("planetary_albedo", "1", "planetary albedo", storage: .float32),
                Quantity("cloud_cover", "1", "cloud cover"),
            ], profiles: model.profiles)
        let axes = [Axis(.co2, values: [1e-4, 2e-4], origin: 0), SyntheticRun.lattice.axes[1]]
        let schema = Schema(of: warmer, on: try Lattice(axes: axes, held: SyntheticRun.lattice.held, filler: .n2))
        let error = #expect(throws: ResultsError.self) {
            _ = try ResultsFile.reopen(
                at: path, expecting: schema, invocation: SyntheticRun.invocation, hosts: ["elsewhere"])
        }
        let words = error?.description ?? ""
        for part in [
            "/surface_temperature differs in its attribute units", "/planetary_albedo is float64, not float32",
            "there is no /cloud_cover", "/reason differs in its attribute flag_values",
            "/axes/CO2 has length 2000, not 2",
            "there is a variable steps that this experiment does not have",
        ] {
            #expect(words.contains(part), "\(words)")
        }
    }

    @Test("What is not a results file is called what it is")
    func strangeFiles() throws {
        let scratch = try Scratch()
        let missing = scratch.path("missing.h5")
        #expect(throws: ResultsError.notFound(path: missing)) { _ = try ResultsReader(at: missing) }

        let text = scratch.path("text.h5")
        let stream = fopen(text, "w")
        fputs("not HDF5", stream)
        fclose(stream)
        #expect(throws: ResultsError.notHDF5(path: text)) { _ = try ResultsReader(at: text) }
        #expect(throws: ResultsError.notHDF5(path: text)) { _ = try reopen(text) }

        let foreign = scratch.path("foreign.h5")
        try File(creating: foreign, try .fileAccess(), try .fileCreation()).close()
        #expect(throws: ResultsError.foreign(path: foreign, missing: "status")) { _ = try ResultsReader(at: foreign) }

        let unfinished = scratch.path("new.h5")
        try File(creating: unfinished + ".partial", try .fileAccess(), try .fileCreation()).close()
        let expected = ResultsError.unfinishedCreation(path: unfinished + ".partial")
        #expect(throws: expected) { _ = try ResultsReader(at: unfinished) }
        #expect(throws: expected) { _ = try ResultsReader(at: unfinished + ".partial") }

        try makeFile(unfinished, rows: 1)
        #expect(throws: ResultsError.alreadyExists(path: unfinished)) { try makeFile(unfinished, rows: 1) }
        #expect(try ResultsReader(at: unfinished).rowCount == 1)
    }

    @discardableResult
    private func reopen(_ path: String, hosts: [String] = ["elsewhere"]) throws -> ResultsFile {
        try ResultsFile.reopen(
            at: path, expecting: SyntheticRun.schema, invocation: SyntheticRun.invocation, hosts: hosts)
    }

    private func edit(_ path: String, _ body: (borrowing File) throws(HDF5Error) -> Void) throws(HDF5Error) {
        let file = try File(opening: path, .readWrite, try .fileAccess())
        try body(file)
        try file.close()
    }
}
