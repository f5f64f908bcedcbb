internal import Exploration
internal import Glibc
internal import Results
internal import SeededRandom

/// `SyntheticWriter FILE ROWS SEED` writes made-up rows in batches of random size until the file has ROWS of them; some
/// rows are evaluated a second time. An existing file is resumed.
@main
struct SyntheticWriter {
    static func main() throws {
        guard CommandLine.arguments.count == 4, let rows = Int(CommandLine.arguments[2]),
            let seed = UInt64(CommandLine.arguments[3])
        else {
            print("usage: SyntheticWriter FILE ROWS SEED")
            exit(64)
        }
        do {
            try write(CommandLine.arguments[1], rows, seed)
        } catch {
            print(error)
            exit(74)
        }
    }

    private static func write(_ path: String, _ rows: Int, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var pace = ResultsWriter.Pace(for: SyntheticRun.schema)
        pace.commitInterval = 0.002
        let lock = try FileLock(for: path)
        let exists = access(path, F_OK) == 0
        let writer =
            exists
            ? try ResultsWriter(
                resuming: path, schema: SyntheticRun.schema, invocation: SyntheticRun.invocation,
                hosts: SyntheticRun.metadata.hosts, lock: lock, pace: pace)
            : try ResultsWriter(
                creating: path, schema: SyntheticRun.schema, metadata: SyntheticRun.metadata, lock: lock, pace: pace)
        for row in writer.recovery?.pendingRows ?? [] { record(writer, [(row, 3)]) }
        var next = writer.recovery?.rowCount ?? 0
        while next < rows, writer.failure == nil {
            let end = min(rows, next + Int.random(in: 1...60, using: &random))
            record(writer, (next..<end).map { ($0, 1) })
            next = end
            if Int.random(in: 0..<4, using: &random) == 0 {
                record(writer, [(Int.random(in: 0..<next, using: &random), 2)])
            }
            usleep(UInt32.random(in: 0...1500, using: &random))
        }
        try writer.finish(.complete)
    }

    private static func record(_ writer: ResultsWriter, _ rows: [(row: Int, attempt: Int8)]) {
        var (provenance, evaluations) = SyntheticRun.batch(0..<0)
        for (row, attempt) in rows { SyntheticRun.add(row, attempt: attempt, &provenance, &evaluations) }
        writer.record(provenance, evaluations)
    }
}
