internal import SyntheticWriter
internal import TestSupport
internal import Testing

@testable internal import Results

@Suite struct HostTableTests {
    private let long = "a-very-long-name-of-a-host-" + String(repeating: "x", count: 32) + ".nœud.example.org"

    @Test("A file resumed on other hosts knows the host of every row, and keeps the ranks")
    func elsewhere() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 6, completion: .partial)
        try append(6..<9, to: path, hosts: ["login", "node7", "node8"])
        try append(9..<12, to: path, hosts: ["login", long, "node9"])
        let reader = try ResultsReader(at: path)
        let first = SyntheticRun.metadata.hosts
        let truncated = String(decoding: HostTable.truncate(long, to: 64), as: UTF8.self)
        #expect(try reader.hostTable() == first + ["login", "node7", "node8", "login", truncated, "node9"])
        #expect(try reader.workers() == (0..<12).map { Int32($0 % 3) })
        #expect(
            try hosts(of: reader) == first + first + ["login", "node7", "node8"] + ["login", truncated, "node9"])
        try checkRows(reader)
    }

    @Test("A row that is evaluated again has its new host")
    func again() throws {
        let scratch = try Scratch()
        let path = scratch.path("rows.h5")
        try makeFile(path, rows: 4, completion: .partial)
        var file = try ResultsFile.reopen(
            at: path, expecting: SyntheticRun.schema, invocation: SyntheticRun.invocation, hosts: ["a", "b", "c"])
        var (provenance, evaluations) = SyntheticRun.batch(0..<0)
        SyntheticRun.add(2, attempt: 2, &provenance, &evaluations)
        try file.append(provenance, evaluations)
        try file.close(.complete)
        let first = SyntheticRun.metadata.hosts
        #expect(try hosts(of: ResultsReader(at: path)) == [first[0], first[1], "c", first[0]])
    }

    @Test("Names have 64 bytes, or as many as the longest of the first launch needs")
    func length() {
        #expect(HostTable(for: ["node1"]).length == 64)
        #expect(HostTable(for: []).length == 64)
        #expect(HostTable(for: ["node1", String(repeating: "n", count: 90)]).length == 90)
    }

    @Test(
        "A name is truncated between characters",
        arguments: [("node1", 64, "node1"), ("nœud", 4, "nœu"), ("nœud", 2, "n"), ("", 4, ""), ("nœud", 5, "nœud")])
    func truncation(name: String, length: Int, expected: String) {
        #expect(HostTable.truncate(name, to: length) == Array(expected.utf8))
    }

    private func append(_ rows: Range<Int>, to path: String, hosts: [String]) throws {
        var file = try ResultsFile.reopen(
            at: path, expecting: SyntheticRun.schema, invocation: SyntheticRun.invocation, hosts: hosts)
        let (provenance, evaluations) = SyntheticRun.batch(rows)
        try file.append(provenance, evaluations)
        try file.close(.partial)
    }
}
