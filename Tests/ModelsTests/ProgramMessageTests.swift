import Atmospheres
import Experiments
import SeededRandom
import TestSupport
import Testing

@testable import Models

@Suite struct ProgramMessageTests {
    static func reader(_ settings: String = "") throws -> (ProgramMessageReader, ModelDescription) {
        let experiment = try ProgramTrial.experiment(settings)
        let settings = try #require(experiment.model as? ProgramSettings)
        let reasons = settings.reasons.enumerated().map { Reason(code: 32 + UInt8($0), name: $1) }
        let description = ModelDescription(
            name: "program", version: "1", references: [], respondsTo: [], quantities: settings.outputs,
            profiles: settings.profiles, reasons: reasons)
        return (ProgramMessageReader(settings, description), description)
    }

    private func read(_ text: String) throws -> (ProgramMessage.Answer, Evaluation) {
        let (reader, description) = try Self.reader()
        var evaluation = Evaluation(of: description)
        guard case .answer(let answer) = try reader.read(Array(text.utf8), into: &evaluation) else {
            throw ProgramViolation("this is a hello")
        }
        return (answer, evaluation)
    }

    @Test("An answer has outcome, reason, outputs, profiles, message and solution, in any order")
    func answer() throws {
        let (answer, evaluation) = try read(
            """
             { "profiles" : {"t": [1, 2.5e2 ,null], "other": [[], {"a": [true, false, null, "\\u00e9"]}]},
             "outputs":{"other":-0.5,"x":1E+2}, "message":"\\ud83c\\udf0d \\"\\n", "solution": "a/b",
             "id":4294967295,"outcome":"stable"}
            """)
        #expect(answer.id == 4_294_967_295)
        #expect(answer.log == "🌍 \"\n")
        #expect(answer.solution == "a/b")
        #expect(evaluation.outcome == .stable)
        #expect(evaluation.values == [100])
        #expect(evaluation.profiles[0...1] == [1, 250])
        #expect(evaluation.profiles[2].isNaN)
        let (_, unstable) = try read(#"{"id":1,"outcome":"unstable","reason":"too_cold","outputs":{"x":null}}"#)
        #expect(unstable.reason == Reason(code: 33, name: "too_cold"))
        #expect(unstable.values[0].isNaN)
        #expect(try read(#"{"id":1,"outcome":"unstable","reason":"frozen"}"#).1.reason == .frozen)
        #expect(try read(#"{"id":1,"outcome":"failed"}"#).1.reason == .crashed)
    }

    @Test(
        "Every violation is reported with the text",
        arguments: [
            ("", "invalid JSON at byte 0: expected an object, {...}, found the end"),
            ("[]", "at byte 0: expected an object, {...}, found '[]'"),
            ("{", "expected a key in quotes, found the end"),
            (#"{"id" 1}"#, "expected ':' after the key 'id'"),
            (#"{"id":1,}"#, "expected a key in quotes, found '}'"),
            (#"{"id":1 "outcome":"stable"}"#, "expected ',' or '}'"),
            (#"{"outcome":"unstable"}"#, "no 'id'"),
            (#"{"id":1}"#, "no 'outcome'"),
            (#"{"id":-1,"outcome":"unstable"}"#, "not the id of a request"),
            (#"{"id":1.5,"outcome":"unstable"}"#, "not the id of a request"),
            (#"{"id":"1","outcome":"unstable"}"#, "expected a number or null"),
            (#"{"id":01,"outcome":"unstable"}"#, "a number must not start with 0"),
            (#"{"id":1,"id":1,"outcome":"unstable"}"#, "the key 'id' is given twice"),
            (#"{"id":1,"outcome":"good"}"#, "unknown outcome 'good'; use stable, unstable"),
            (#"{"id":1,"outcome":"pending"}"#, "unknown outcome 'pending'"),
            (
                #"{"id":1,"outcome":"unstable","reason":"to_hot"}"#,
                "undeclared reason 'to_hot'; did you mean 'too_hot'"
            ),
            (#"{"id":1,"outcome":"unstable","output":{}}"#, "did you mean 'outputs'?"),
            (#"{"id":1,"outcome":"stable"}"#, "no number for 'x'"),
            (#"{"id":1,"outcome":"stable","outputs":{"x":null}}"#, "no number for 'x'"),
            (#"{"id":1,"outcome":"stable","outputs":{"x":nan}}"#, "nan is not a number in JSON"),
            (#"{"id":1,"outcome":"unstable","outputs":{"y":NaN}}"#, "NaN is not a number in JSON"),
            (#"{"id":1,"outcome":"stable","outputs":{"x":-Infinity}}"#, "-Infinity is not a number"),
            (#"{"id":1,"outcome":"stable","outputs":{"x":1e999}}"#, "1e999 is too large"),
            (#"{"id":1,"outcome":"stable","outputs":[1]}"#, "expected an object, {...}"),
            (
                #"{"id":1,"outcome":"unstable","profiles":{"t":[1,2]}}"#,
                "'t' has 2 levels, and the experiment declares 3"
            ),
            (#"{"id":1,"outcome":"unstable","profiles":{"t":[1,2,3,4]}}"#, "'t' has 4 levels"),
            (#"{"id":1,"outcome":"unstable","profiles":{"t":[1,[2],3]}}"#, "expected a number or null"),
            (#"{"id":1,"outcome":"unstable"} and more"#, "expected the end, found 'and more'"),
            (#"{"id":1,"outcome":"unstable","message":"\x"}"#, "after a backslash"),
            (#"{"id":1,"outcome":"unstable","message":"\ud800"}"#, "a complete surrogate pair"),
            (#"{"id":1,"outcome":"unstable","message":"unended}"#, "the closing quote of the string"),
            (
                #"{"point":1,"outcome":"unstable"}"#,
                "'point', as in version 1 of the messages; version 2 answers with the"
            ),
            (#"{"hello":1}"#, "says version 1 of the messages, expected 2: answers now have the request's 'id'"),
            (#"{"hello":3}"#, "says version 3 of the messages, expected 2;"),
            (#"{"hello":2,"units":{"x":"K"}}"#, "does not return 't'"),
            (#"{"hello":2,"units":{"x":"K","t":"degC"}}"#, "'t' in 'degC', but the experiment declares 'K'"),
        ])
    func violations(text: String, says: String) throws {
        let error = #expect(throws: ProgramViolation.self) { try read(text) }
        let description = error?.description ?? ""
        #expect(description.contains(says), "\(description)")
        #expect(description.contains("the program wrote: \(text.isEmpty ? "an empty line" : text)"), "\(description)")
    }

    @Test("Brackets within brackets without an end are refused, not followed")
    func deep() throws {
        let text = #"{"id":1,"outputs":{"y":"# + String(repeating: "[", count: 1_000_000)
        let error = #expect(throws: ProgramViolation.self) { try read(text) }
        #expect(error?.description.contains("at most 100 nested brackets") == true)
        #expect((error?.description.utf8.count ?? 0) < 1000)
    }

    @Test("Bytes that are not text are refused")
    func notText() throws {
        let (reader, description) = try Self.reader()
        var evaluation = Evaluation(of: description)
        for bytes in [[0xFF], Array(#"{"message":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8), [0], []] as [[UInt8]] {
            #expect(throws: ProgramViolation.self) { try reader.read(bytes, into: &evaluation) }
        }
    }

    @Test("Any bytes cut short or changed give an answer or a violation, never a crash", .namesSeeds)
    func mutations() throws {
        let (reader, description) = try Self.reader()
        let whole = Array(
            #"{"id":1,"outcome":"stable","reason":"too_hot","outputs":{"x":-1.5e-3},"profiles":{"t":[1,2,null]}}"#
                .utf8)
        var random = SeededGenerator(seed: Seeds.new)
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...2, using: &random))
            var evaluation = Evaluation(of: description)
            if (try? reader.read(bytes, into: &evaluation)) == nil { refused += 1 }
        }
        #expect(refused > 10_000)
    }

    @Test("A request is one line that says where the parent's solution is")
    func request() throws {
        var request = ProgramRequest(scratch: "/tmp/a \"b\"\n", timeLimit: 60)
        let composition = Composition(gases: [.co2, .n2], mixingRatios: [1e-5, 0.99999])
        request.write(
            Inquiry(id: 3, indices: [0, 17], composition: composition), parentSolution: nil)
        #expect(
            String(decoding: request.bytes, as: UTF8.self) == #"{"version":2,"id":3,"index":[0,17],"#
                + #""gases":{"CO2":1e-05,"N2":0.99999},"scratch":"/tmp/a \"b\"\u000a","time_limit":60.0}"# + "\n")
        request.write(
            Inquiry(
                id: 4, indices: [], composition: Composition(gases: [], mixingRatios: []),
                parent: Parent(composition: composition, solution: [1])), parentSolution: "/s")
        #expect(
            String(decoding: request.bytes, as: UTF8.self).hasSuffix(
                #","parent":{"gases":{"CO2":1e-05,"N2":0.99999},"solution":"/s"}}"# + "\n"))
    }
}
