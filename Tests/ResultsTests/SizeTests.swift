internal import Exploration
internal import Glibc
internal import Results
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@Suite struct SizeTests {
    @Test("10,000 commits of one point take less than 1.1 times the numbers themselves")
    func size() throws {
        let scratch = try Scratch()
        let path = scratch.path("size.h5")
        var file = try ResultsFile.create(at: path, schema: SyntheticRun.schema, metadata: SyntheticRun.metadata)
        let empty = bytes(path)
        for row in 0..<10_000 {
            let (provenance, evaluations) = SyntheticRun.batch(row..<row + 1)
            try file.append(provenance, evaluations)
            try file.commit()
        }
        try file.close(.complete)
        let raw = SyntheticRun.schema.bytesPerPoint * 10_000
        #expect(Double(bytes(path) - empty) < 1.1 * Double(raw), "\(bytes(path)) bytes, \(empty) empty, \(raw) raw")
        let estimate = SyntheticRun.schema.estimatedBytes(points: 10_000)
        #expect(abs(Double(estimate) / Double(bytes(path)) - 1) < 0.1, "\(estimate) estimated, \(bytes(path)) found")
    }

    private func bytes(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
