import Atmospheres
import Exploration
import Messages
import Testing

@Suite("Messages")
struct RoundTripTests {
    private static let description = ModelDescription(
        name: "test", version: "1", references: [], respondsTo: [], quantities: [.surfaceTemperature],
        profiles: [
            Profile(
                Quantity("air_temperature", "K", "air temperature"), on: .init("level", count: 3, longName: "levels"))
        ])

    private static let noResults = Evaluations(of: description)

    private static var results: Evaluations {
        var results = noResults
        for i in 0..<5 as Range<UInt32> {
            var evaluation = Evaluation(of: description)
            evaluation.outcome = Outcome.allCases[Int(i)]
            evaluation.reason = .moistGreenhouse
            evaluation.values[0] = 288 + Double(i) / 7
            evaluation.profiles = [300, 200, 100].map { $0 + Float(i) }
            evaluation.exitCode = -9
            results.append(i * 1000, evaluation, startedAt: 1.79e9 + Double(i), wallTime: 0.25)
        }
        return results
    }

    /// Rows with solutions and logs of any length, the first without.
    static let resultsWithTexts: Evaluations = {
        var results = noResults
        var evaluation = Evaluation(of: description)
        evaluation.values[0] = 288
        evaluation.profiles = [3, 2, 1]
        evaluation.outcome = .stable
        results.append(1, evaluation, startedAt: 1, wallTime: 2)
        evaluation.solution = Array("0.12345678-230\n".utf8)
        results.append(2, evaluation, startedAt: 1, wallTime: 2)
        evaluation.solution = []
        evaluation.outcome = .failed
        evaluation.log = Array("Fortran runtime error".utf8)
        results.append(3, evaluation, startedAt: 1, wallTime: 2)
        return results
    }()

    private static func assignments(_ rows: (UInt32, UInt64, Assignments.ParentSolution?)...) -> Assignments {
        var assignments = Assignments()
        for (id, key, parent) in rows {
            assignments.append(PointID(id), Position(key: key))
            if let parent { assignments.setParent(parent) }
        }
        return assignments
    }

    private func bytes(of message: FromWorker, with results: Evaluations = noResults) -> [UInt8] {
        var bytes: [UInt8] = []
        message.encode(with: results, into: &bytes)
        return bytes
    }

    @discardableResult
    private func decodeFromWorker(_ bytes: [UInt8], into results: inout Evaluations) throws -> FromWorker {
        try FromWorker(from: bytes.span.bytes, appendingResultsTo: &results)
    }

    @Test(
        "Every message to a worker arrives as it was sent",
        arguments: [
            .prepare(.init(experiment: "title: Erde – früh\n", file: "a.yaml")), .alive, .stop,
            .prepare(.init(experiment: "", file: "a.yaml", modelIdentity: "Photo.run 0af1", checksModel: false)),
        ] as [ToWorker])
    func toWorker(message: ToWorker) throws {
        var bytes: [UInt8] = []
        message.encode(into: &bytes)
        var assignments = Assignments()
        #expect(try ToWorker(from: bytes.span.bytes, appendingAssignmentsTo: &assignments) == message)
        #expect(assignments.isEmpty)
    }

    @Test(
        "Assignments arrive as they were sent, and are appended to those that are there",
        arguments: [
            assignments(), assignments((7, 1 << 62, nil)),
            assignments(
                (7, 1 << 62, nil), (.max, 0, .init(position: Position(key: 9), solution: [1, 0, 255])),
                (8, 3, .init(position: Position(key: 1), solution: [])), (9, 4, nil)),
        ],
        [
            assignments(), assignments((1, 2, nil)),
            assignments((1, 2, .init(position: Position(key: 3), solution: [4]))),
        ])
    func assignmentsArrive(sent: Assignments, before: Assignments) throws {
        var bytes: [UInt8] = []
        ToWorker.evaluate.encode(with: sent, into: &bytes)
        var assignments = before
        #expect(try ToWorker(from: bytes.span.bytes, appendingAssignmentsTo: &assignments) == .evaluate)
        #expect(assignments.rows == before.rows + sent.rows)
        #expect(before.rows.indices.allSatisfy { assignments.parent($0) == before.parent($0) })
        #expect(sent.rows.indices.allSatisfy { assignments.parent(before.count + $0) == sent.parent($0) })
    }

    @Test(
        "Every message from a worker arrives as it was sent",
        arguments: [
            .hello(.init(program: "0.1.0 (abc)", host: "node-17", processID: 4711)), .ready, .unable("no tree"),
            .alive(nil), .alive(Progress(step: 240, modelTime: 1.2e9)), .goodbye,
        ] as [FromWorker])
    func fromWorker(message: FromWorker) throws {
        var results = Self.results
        #expect(try decodeFromWorker(bytes(of: message), into: &results) == message)
        #expect(results == Self.results)
    }

    @Test("Results arrive as they were sent", arguments: [results, noResults, resultsWithTexts])
    func resultsArrive(sent: Evaluations) throws {
        var results = Self.noResults
        #expect(try decodeFromWorker(bytes(of: .finished, with: sent), into: &results) == .finished)
        #expect(results == sent)
    }

    @Test("Results are appended to those that are there; a message that is refused leaves none")
    func appended() throws {
        let bytes = bytes(of: .finished, with: Self.resultsWithTexts)
        var all = Self.results
        try decodeFromWorker(bytes, into: &all)
        #expect(all.count == 8 && all.rows[..<5] == Self.results.rows[...])
        #expect(all.log(7) == Self.resultsWithTexts.log(2) && all.log(0).isEmpty)
        #expect(all.solution(6) == Self.resultsWithTexts.solution(1))
        let whole = all
        for count in 0..<bytes.count {
            #expect(throws: MessageError.truncated) { try decodeFromWorker(Array(bytes[..<count]), into: &all) }
            #expect(all == whole)
        }
        #expect(throws: MessageError.trailingBytes) { try decodeFromWorker(bytes + [0], into: &all) }
        #expect(all == whole)
        var other = Evaluations(valueCount: 2, profileLength: 3)
        #expect(throws: MessageError.otherShape) { try decodeFromWorker(bytes, into: &other) }
    }

    @Test("A message of a kind or an outcome that this version does not know is refused")
    func unknown() throws {
        var results = Self.noResults
        #expect(throws: MessageError.unknownKind(250)) { try decodeFromWorker([250], into: &results) }
        var assignments = Assignments()
        let unknown: [UInt8] = [250]
        #expect(throws: MessageError.unknownKind(250)) {
            try ToWorker(from: unknown.span.bytes, appendingAssignmentsTo: &assignments)
        }
        var bytes = bytes(of: .finished, with: Self.results)
        // The kind, the shape and the number of rows come before the first row.
        bytes[1 + 3 * 4 + Evaluations.Row.outcomeOffset] = 99
        #expect(throws: MessageError.unknownOutcome(99)) { try decodeFromWorker(bytes, into: &results) }
        #expect(results == Self.noResults)
    }

    @Test("A hello of another version of the messages names both versions")
    func otherVersion() throws {
        var bytes = bytes(of: .hello(.init(program: "9.0.0", host: "a", processID: 1)))
        bytes[1] = 99
        var results = Self.noResults
        let ours = "version \(MessageVersion.current)"
        #expect(throws: MessageError.otherProgram(theirs: "version 99 of the messages", ours: ours)) {
            try decodeFromWorker(bytes, into: &results)
        }
    }
}
