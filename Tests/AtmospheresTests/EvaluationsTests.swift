import Testing

@testable import Atmospheres

@Suite("Evaluations")
struct EvaluationsTests {
    private static let description = ModelDescription(
        name: "test", version: "1", references: [], respondsTo: [],
        quantities: [.surfaceTemperature, .surfaceTemperature],
        profiles: [
            Profile(
                Quantity("air_temperature", "K", "air temperature"), on: .init("level", count: 3, longName: "levels"))
        ])

    /// Row `i` has the id `first + i` and values made from it; every third one a solution, every fifth a log.
    private func made(_ count: Int, first: Int = 0, texts: Bool = true) -> Evaluations {
        var evaluations = Evaluations(of: Self.description)
        for i in first..<first + count {
            var evaluation = Evaluation(of: Self.description)
            evaluation.outcome = Outcome.allCases[i % 5]
            evaluation.reason = .frozen
            evaluation.exitCode = Int16(i)
            evaluation.values = [Double(i), -Double(i)]
            evaluation.profiles = [Float(i), Float(i) + 0.25, Float(i) + 0.5]
            if texts && i % 3 == 2 { evaluation.solution = [UInt8(i), 1] }
            if texts && i % 5 == 4 { evaluation.log = [UInt8(i)] }
            evaluations.append(UInt32(i), evaluation, startedAt: 1e9 + Double(i), wallTime: Float(i) / 2)
        }
        return evaluations
    }

    /// Checks that the rows are those that ``made(_:first:texts:)`` makes for these ids.
    private func expect(_ evaluations: Evaluations, _ ids: [Int], texts: Bool = true) {
        #expect(evaluations.rows.map(\.id) == ids.map(UInt32.init))
        #expect(evaluations.rows.map(\.wallTime) == ids.map { Float($0) / 2 })
        var (values, profiles): ([Double], [Float]) = ([], [])
        for i in ids {
            values += [Double(i), -Double(i)]
            profiles += [Float(i), Float(i) + 0.25, Float(i) + 0.5]
        }
        #expect(evaluations.values == values)
        #expect(evaluations.profiles == profiles)
        for (row, i) in ids.enumerated() {
            #expect(evaluations.solution(row) == (texts && i % 3 == 2 ? [UInt8(i), 1] : []))
            #expect(evaluations.log(row) == (texts && i % 5 == 4 ? [UInt8(i)] : []))
        }
    }

    @Test("Rows keep what was appended, in every column")
    func append() {
        let evaluations = made(20)
        expect(evaluations, Array(0..<20))
        #expect(evaluations.rows[7].outcome == Outcome.allCases[2] && evaluations.rows[7].exitCode == 7)
        #expect(evaluations.rows[7].reason == Reason.frozen.code && evaluations.rows[7].startedAt == 1e9 + 7)
    }

    @Test("Columns of solutions and logs exist only once a row has one, and then for the rows before it, too")
    func columnsOnDemand() {
        #expect(made(2).solutions.isEmpty && made(2).logs.isEmpty)
        #expect(made(3).solutions.count == 3 && made(3).logs.isEmpty)
        #expect(made(5).solutions.count == 5 && made(5).logs.count == 5)
    }

    @Test(
        "A range of any length is appended, whatever either side has of solutions and logs",
        arguments: [0, 1, 2, 5, 9, 40], [true, false])
    func appendRange(count: Int, texts: Bool) {
        var evaluations = made(4, texts: !texts)
        let other = made(50, first: 100, texts: texts)
        evaluations.append(7..<7 + count, of: other)
        #expect(evaluations.count == 4 + count)
        var head = evaluations
        head.truncate(to: 4)
        expect(head, Array(0..<4), texts: !texts)
        for _ in 0..<4 { evaluations.remove(0) }
        expect(evaluations, Array(107..<107 + count), texts: texts)
    }

    @Test("Truncating removes the last rows from every column; more rows than there are leaves them all")
    func truncate() {
        var evaluations = made(20)
        evaluations.truncate(to: 30)
        expect(evaluations, Array(0..<20))
        evaluations.truncate(to: 7)
        expect(evaluations, Array(0..<7))
        evaluations.truncate(to: 0)
        #expect(evaluations == Evaluations(of: Self.description))
    }

    @Test("Truncating evens out columns of different lengths, as a message that ends too early leaves them")
    func truncateRagged() {
        var evaluations = made(6)
        evaluations.rows += made(2, first: 50).rows
        evaluations.values.append(7)
        evaluations.truncate(to: 6)
        expect(evaluations, Array(0..<6))
    }

    @Test("Removing a row moves those behind it up, in every column", arguments: [0, 4, 9])
    func remove(row: Int) {
        var evaluations = made(10)
        evaluations.remove(row)
        expect(evaluations, (0..<10).filter { $0 != row })
    }

    @Test("Removing all rows leaves nothing of any column behind", arguments: [0, 1, 20])
    func removeAll(count: Int) {
        var evaluations = made(count)
        evaluations.removeAll()
        #expect(evaluations.isEmpty && evaluations == Evaluations(of: Self.description))
        evaluations.append(contentsOf: made(5, first: 30))
        expect(evaluations, Array(30..<35))
    }

    @Test("A column is appended from memory of any alignment", arguments: [0, 1, 2, 8, 9, 100])
    func unaligned(count: Int) {
        let numbers = (0..<count).map { Double($0) * 1.5 }
        var bytes: [UInt8] = [0xFF]
        for number in numbers { withUnsafeBytes(of: number) { bytes += $0 } }
        var column = [-1.0]
        bytes.withUnsafeBytes { column.append(columnAt: $0.baseAddress! + 1, count: count) }
        #expect(column == [-1.0] + numbers)
    }
}
