internal import Atmospheres
internal import Exploration
internal import HDF5
internal import Results
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@Suite struct CopyTests {
    static let invocation = Invocation(program: "test 1", commandLine: "test copy")

    @Test("A copy holds every row, value and text, in either form", arguments: [CopyForm.snapshot, .archive])
    func copy(form: CopyForm) throws {
        let scratch = try Scratch()
        try makeFile(scratch.path("a.h5"), rows: 2500)
        let summary = try ResultsReader(at: scratch.path("a.h5")).copy(
            to: scratch.path("b.h5"), as: form, overwriting: false, invocation: Self.invocation)
        #expect(summary.rowCount == 2500 && summary.pendingCount == 0)
        #expect(try scratch.names() == ["a.h5", "b.h5"], "nothing else is left")
        let copy = try ResultsReader(at: scratch.path("b.h5"))
        #expect(copy.condition == .closed(.complete))
        try checkRows(copy)
        #expect(try copy.experiment() == SyntheticRun.metadata.experiment)
        #expect(try copy.hostTable() == SyntheticRun.metadata.hosts)
        #expect(try copy.text(.history)?.contains("test copy (") == true)
        #expect(try copy.variables() == (try ResultsReader(at: scratch.path("a.h5")).variables()))
        if form == .archive { #expect(Double(summary.bytes) < 0.4 * Double(summary.bytesOfSource)) }
    }

    @Test("A snapshot of a file that was not closed can be resumed; an archive says how it can")
    func resuming() throws {
        let scratch = try Scratch()
        do {
            var file = try ResultsFile.create(
                at: scratch.path("a.h5"), schema: SyntheticRun.schema, metadata: SyntheticRun.metadata)
            let (provenance, evaluations) = SyntheticRun.batch(0..<300)
            try file.append(provenance, evaluations)
            try file.commit()
        }
        let reader = try ResultsReader(at: scratch.path("a.h5"))
        #expect(reader.condition == .interrupted)
        for (form, name) in [(CopyForm.snapshot, "s.h5"), (.archive, "z.h5")] {
            _ = try reader.copy(
                to: scratch.path(name), as: form, overwriting: false, invocation: Self.invocation)
            #expect(try ResultsReader(at: scratch.path(name)).condition == .closed(.partial))
        }
        #expect(throws: ResultsError.archived(path: scratch.path("z.h5"))) {
            _ = try ResultsFile.reopen(
                at: scratch.path("z.h5"), expecting: SyntheticRun.schema, invocation: Self.invocation, hosts: ["node9"])
        }
        #expect(try ResultsReader(at: scratch.path("z.h5")).condition == .closed(.partial), "it was not touched")
        var file = try ResultsFile.reopen(
            at: scratch.path("s.h5"), expecting: SyntheticRun.schema, invocation: Self.invocation, hosts: ["node9"])
        let (provenance, evaluations) = SyntheticRun.batch(300..<400)
        try file.append(provenance, evaluations)
        try file.close(.complete)
        let whole = try ResultsReader(at: scratch.path("s.h5"))
        #expect(whole.rows.count == 400)
        try checkRows(whole)
    }

    @Test("Nothing is overwritten without being asked, and the source never")
    func overwriting() throws {
        let scratch = try Scratch()
        let path = scratch.path("a.h5")
        try makeFile(path, rows: 10)
        try makeFile(scratch.path("b.h5"), rows: 20)
        let reader = try ResultsReader(at: path)
        for (target, overwriting) in [(path, true), (scratch.path("b.h5"), false)] {
            #expect(throws: ResultsError.alreadyExists(path: target)) {
                _ = try reader.copy(
                    to: target, as: .archive, overwriting: overwriting, invocation: Self.invocation)
            }
        }
        _ = try reader.copy(
            to: scratch.path("b.h5"), as: .archive, overwriting: true, invocation: Self.invocation)
        #expect(try ResultsReader(at: scratch.path("b.h5")).rows.count == 10)
    }
}
