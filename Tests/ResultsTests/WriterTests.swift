internal import Atmospheres
internal import Exploration
internal import Glibc
internal import Results
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@Suite struct WriterTests {
    @Test("A single row is written without a request")
    func singleRow() async throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        let writer = try makeWriter(path)
        let (provenance, evaluations) = SyntheticRun.batch(0..<1)
        writer.record(provenance, evaluations)
        while writer.committedRows < 1, writer.failure == nil { try await Task.sleep(for: .milliseconds(1)) }
        do {
            let reader = try ResultsReader(at: path)
            #expect(reader.rows == [0])
            let holder = try #require(FileLock.holder(of: path))
            #expect(reader.condition == .beingWritten(by: holder))
            #expect(holder.process == getpid())
            try checkRows(reader)
        }
        try writer.finish(.partial)
        #expect(try scratch.names() == ["rows.h5"])
    }

    @Test("Batches of any size arrive in order, though the queue has room for fewer rows")
    func batches() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        var pace = ResultsWriter.Pace(for: SyntheticRun.schema)
        pace.rowLimit = 50
        pace.rowsPerCommit = 30
        let writer = try makeWriter(path, pace)
        var row = 0
        for size in [1, 7, 100, 3, 49, 50, 51, 1, 1, 1, 500] {
            let (provenance, evaluations) = SyntheticRun.batch(row..<row + size)
            writer.record(provenance, evaluations)
            row += size
        }
        try writer.finish(.complete)
        #expect(writer.committedRows == row)
        let reader = try ResultsReader(at: path)
        #expect(reader.rows == Array(0..<row))
        try checkRows(reader)
    }

    @Test("The caller sees an error on the writer's thread, and the rows before it are kept")
    func failure() async throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        let writer = try makeWriter(path)
        var (provenance, evaluations) = SyntheticRun.batch(0..<5)
        writer.record(provenance, evaluations)
        while writer.committedRows < 5, writer.failure == nil { try await Task.sleep(for: .milliseconds(1)) }
        (provenance, evaluations) = SyntheticRun.batch(7..<8)
        writer.record(provenance, evaluations)
        while writer.failure == nil { try await Task.sleep(for: .milliseconds(1)) }
        writer.record(provenance, evaluations)
        #expect(throws: ResultsError.rowOutOfOrder(row: 7, count: 5)) { try writer.finish(.complete) }
        let reader = try ResultsReader(at: path)
        #expect(reader.condition == .interrupted)
        #expect(reader.rowCount == 5)
    }

    @Test("A full disk ends writing with an error that says so, and the file can be resumed when there is room")
    func fullDisk() async throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        // A limit on the size of files stands in for the disk.
        let (succeeded, output) = try await Tools.run(
            "/bin/bash", ["-c", "trap '' XFSZ; ulimit -f 400; exec '\(Tools.writer)' '\(path)' 100000 1"])
        #expect(!succeeded)
        #expect(output.contains("rows.h5") && output.contains("File too large"), "\(output)")
        let rows = try ResultsReader(at: path).rowCount
        #expect(rows > 0)
        let (continued, words) = try await Tools.run(Tools.writer, [path, String(rows + 500), "2"])
        #expect(continued, "\(words)")
        let reader = try ResultsReader(at: path)
        #expect(reader.rows == Array(0..<rows + 500))
        try checkRows(reader)
    }

    @Test("A writer that is discarded writes its rows and leaves a file that can be resumed")
    func abandoned() async throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        do {
            let writer = try makeWriter(path)
            let (provenance, evaluations) = SyntheticRun.batch(0..<10)
            writer.record(provenance, evaluations)
        }
        while FileLock.holder(of: path) != nil { try await Task.sleep(for: .milliseconds(1)) }
        do {
            let reader = try ResultsReader(at: path)
            #expect(reader.condition == .interrupted)
            #expect(reader.rowCount == 10)
        }
        let writer = try ResultsWriter(
            resuming: path, schema: SyntheticRun.schema, invocation: SyntheticRun.invocation,
            hosts: ["elsewhere"], lock: try FileLock(for: path))
        #expect(writer.recovery?.rowCount == 10)
        #expect(writer.committedRows == 10)
        let (provenance, evaluations) = SyntheticRun.batch(10..<20)
        writer.record(provenance, evaluations)
        try writer.finish(.complete)
        try checkRows(try ResultsReader(at: path))
    }

    @Test("A file that cannot be created is an error at the start")
    func unwritable() throws {
        let error = #expect(throws: (any Error).self) {
            let lock = try FileLock(for: "/proc/rows.h5")
            _ = try ResultsWriter(
                creating: "/proc/rows.h5", schema: SyntheticRun.schema, metadata: SyntheticRun.metadata, lock: lock)
        }
        #expect("\(error as Any)".contains("/proc/rows.h5"))
    }

    private func makeWriter(_ path: String, _ pace: ResultsWriter.Pace? = nil) throws -> ResultsWriter {
        try ResultsWriter(
            creating: path, schema: SyntheticRun.schema, metadata: SyntheticRun.metadata, lock: try FileLock(for: path),
            pace: pace)
    }
}
