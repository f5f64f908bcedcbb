internal import Exploration
internal import Results
internal import SeededRandom
internal import Subprocess
internal import SyntheticWriter
internal import TestSupport
internal import Testing

@Suite(.namesSeeds) struct KillTests {
    @Test(
        "A writer killed at any moment leaves whole rows, and the file can be resumed", .timeLimit(.minutes(5)),
        arguments: 0..<5)
    func kill(series: Int) async throws {
        let scratch = try Scratch()
        let path = scratch.path("killed.h5")
        var random = SeededGenerator(seed: Seeds.new)
        var rowsBefore = 0
        for round in 0..<3 {
            let delay = Duration.milliseconds(Int.random(in: 5...250, using: &random))
            let seed = UInt64(series * 100 + round)
            _ = try await Subprocess.run(
                Tools.executable(Tools.writer), arguments: [path, "1000000000", String(seed)], input: .none,
                output: .discarded, error: .discarded
            ) { execution in
                // The last writer may create the file, so that there is one to look at.
                while try round == 2 && !scratch.names().contains("killed.h5") {
                    try await Task.sleep(for: .milliseconds(1))
                }
                try await Task.sleep(for: delay)
                try execution.send(signal: .kill)
            }
            guard try scratch.names().contains("killed.h5") else {
                // Killed while it created the file: nothing has the final name.
                #expect(rowsBefore == 0)
                continue
            }
            let crashed = try ResultsReader(at: path)
            #expect(crashed.condition == .interrupted)
            #expect(crashed.rowCount >= rowsBefore, "committed rows stay, after \(delay)")
            try checkRows(crashed)
            rowsBefore = crashed.rowCount
        }
        try #require(try scratch.names().contains("killed.h5"))

        var file = try ResultsFile.reopen(
            at: path, expecting: SyntheticRun.schema, invocation: SyntheticRun.invocation, hosts: ["elsewhere"])
        let found = file.recovery
        let recovery = try #require(found)
        #expect(recovery.rowCount == rowsBefore)
        #expect(recovery.wasInterrupted)
        var (provenance, evaluations) = SyntheticRun.batch(rowsBefore..<rowsBefore + 100)
        for row in recovery.pendingRows { SyntheticRun.add(row, attempt: 3, &provenance, &evaluations) }
        try file.append(provenance, evaluations)
        try file.close(.complete)

        let reader = try ResultsReader(at: path)
        #expect(reader.condition == .closed(.complete))
        #expect(reader.rows == Array(0..<rowsBefore + 100))
        try checkRows(reader)
        if let ncdump = Tools.ncdump {
            let (succeeded, output) = try await Tools.run(ncdump, ["-h", path])
            #expect(succeeded, "\(output.suffix(500))")
        }
    }

    @Test("A reader beside the writer sees a growing file and only whole rows", .timeLimit(.minutes(5)))
    func live() async throws {
        let scratch = try Scratch()
        let path = scratch.path("live.h5")
        let rowCounts = try await Subprocess.run(
            Tools.executable(Tools.writer), arguments: [path, "1000000", "7"], input: .none, output: .discarded,
            error: .discarded
        ) { execution in
            var rowCounts: [Int] = []
            while try !scratch.names().contains("live.h5") { try await Task.sleep(for: .milliseconds(1)) }
            while Set(rowCounts).count < 6 {
                try await Task.sleep(for: .milliseconds(20))
                let reader = try ResultsReader(at: path)
                guard case .beingWritten = reader.condition else {
                    Issue.record("the writer has ended")
                    break
                }
                let temperatures = try reader.values(of: "surface_temperature")
                #expect(temperatures.count == reader.rows.count)
                #expect(!temperatures.contains { !($0 >= 200) })
                let profiles = try reader.values(of: "air_temperature")
                #expect(!profiles.contains { $0.isNaN })
                rowCounts.append(reader.rowCount)
            }
            try execution.send(signal: .kill)
            return rowCounts
        }.closureResult
        #expect(rowCounts == rowCounts.sorted())
        try checkRows(try ResultsReader(at: path))
    }
}
