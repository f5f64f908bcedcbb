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

    private static var evaluations: Evaluations {
        var evaluations = Evaluations(of: description)
        for i in 0..<5 as Range<UInt32> {
            var evaluation = Evaluation(of: description)
            evaluation.outcome = Outcome.allCases[Int(i)]
            evaluation.reason = .moistGreenhouse
            evaluation.values[0] = 288 + Double(i) / 7
            evaluation.profiles = [300, 200, 100].map { $0 + Float(i) }
            evaluation.exitCode = -9
            evaluations.append(i * 1000, evaluation, startedAt: 1.79e9 + Double(i), wallTime: 0.25)
        }
        return evaluations
    }

    /// Rows with solutions and logs of any length, the first without.
    static let withTexts: Evaluations = {
        var evaluations = Evaluations(of: description)
        var evaluation = Evaluation(of: description)
        evaluation.values[0] = 288
        evaluation.profiles = [3, 2, 1]
        evaluation.outcome = .stable
        evaluations.append(1, evaluation, startedAt: 1, wallTime: 2)
        evaluation.solution = Array("0.12345678-230\n".utf8)
        evaluations.append(2, evaluation, startedAt: 1, wallTime: 2)
        evaluation.solution = []
        evaluation.outcome = .failed
        evaluation.log = Array("Fortran runtime error".utf8)
        evaluations.append(3, evaluation, startedAt: 1, wallTime: 2)
        return evaluations
    }()

    private func decode(_ type: ToWorker.Type, _ bytes: [UInt8]) throws -> ToWorker {
        try ToWorker(from: bytes.span.bytes)
    }

    private func decode(_ type: FromWorker.Type, _ bytes: [UInt8]) throws -> FromWorker {
        try FromWorker(from: bytes.span.bytes)
    }

    private static func assignments(_ rows: (UInt32, UInt64, Assignments.ParentSolution?)...) -> Assignments {
        var assignments = Assignments()
        for (id, key, parent) in rows {
            assignments.append(PointID(id), Position(key: key))
            if let parent { assignments.setParent(parent) }
        }
        return assignments
    }

    @Test(
        "Every message to a worker arrives as it was sent",
        arguments: [
            .prepare(.init(experiment: "title: Erde – früh\n", file: "a.yaml")), .alive, .stop,
            .evaluate(assignments()),
            .evaluate(assignments((7, 1 << 62, nil))),
            .evaluate(
                assignments(
                    (7, 1 << 62, nil), (.max, 0, .init(position: Position(key: 9), solution: [1, 0, 255])),
                    (8, 3, .init(position: Position(key: 1), solution: [])), (9, 4, nil))),
            .prepare(.init(experiment: "", file: "a.yaml", modelIdentity: "Photo.run 0af1", checksModel: false)),
        ] as [ToWorker])
    func toWorker(message: ToWorker) throws {
        var bytes: [UInt8] = []
        message.encode(into: &bytes)
        #expect(try decode(ToWorker.self, bytes) == message)
    }

    @Test(
        "Every message from a worker arrives as it was sent",
        arguments: [
            .hello(.init(program: "0.1.0 (abc)", host: "node-17", processID: 4711)), .ready, .unable("no tree"),
            .finished(evaluations), .finished(Evaluations(of: description)), .alive(nil),
            .alive(Progress(step: 240, modelTime: 1.2e9)), .finished(withTexts), .goodbye,
        ] as [FromWorker])
    func fromWorker(message: FromWorker) throws {
        var bytes: [UInt8] = []
        message.encode(into: &bytes)
        #expect(try decode(FromWorker.self, bytes) == message)
    }

    @Test("A message cut short anywhere, or too long, is refused")
    func truncated() throws {
        var bytes: [UInt8] = []
        FromWorker.finished(Self.evaluations).encode(into: &bytes)
        for count in 0..<bytes.count {
            #expect(throws: MessageError.self) { try decode(FromWorker.self, Array(bytes[..<count])) }
        }
        #expect(throws: MessageError.trailingBytes) { try decode(FromWorker.self, bytes + [0]) }
        #expect(throws: MessageError.unknownKind(250)) { try decode(ToWorker.self, [250] as [UInt8]) }
    }

    @Test("Results are appended to those that are there; a message that is refused leaves none")
    func appended() throws {
        var bytes: [UInt8] = []
        FromWorker.finished(Self.withTexts).encode(into: &bytes)
        var all = Self.evaluations
        #expect(try FromWorker.read(finished: &all, from: bytes.span.bytes))
        #expect(all.count == 8 && all.rows[..<5] == Self.evaluations.rows[...])
        #expect(all.log(7) == Self.withTexts.log(2) && all.log(0).isEmpty)
        #expect(all.solution(6) == Self.withTexts.solution(1))
        let whole = all
        for count in 1..<bytes.count {
            let part = Array(bytes[..<count])
            #expect(throws: MessageError.truncated) { try FromWorker.read(finished: &all, from: part.span.bytes) }
            #expect(all == whole)
        }
        var other = Evaluations(valueCount: 2, profileLength: 3)
        #expect(throws: MessageError.otherShape) { try FromWorker.read(finished: &other, from: bytes.span.bytes) }
        FromWorker.ready.encode(into: &bytes)
        #expect(try !FromWorker.read(finished: &all, from: bytes.span.bytes))
    }

    @Test("A hello of another version of the messages names both versions")
    func otherVersion() throws {
        var bytes: [UInt8] = []
        FromWorker.hello(.init(program: "9.0.0", host: "a", processID: 1)).encode(into: &bytes)
        bytes[1] = 99
        let ours = "version \(FromWorker.protocolVersion)"
        #expect(throws: MessageError.otherProgram(theirs: "version 99 of the messages", ours: ours)) {
            try decode(FromWorker.self, bytes)
        }
    }
}
