import Atmospheres
import Experiments
import SeededRandom
import TestSupport
import Testing

@testable import Models

@Suite struct ProgramMessageTests {
    static func reader(_ settings: String = "") throws -> (ProgramLineReader, ModelDescription) {
        let experiment = try ProgramTrial.experiment(settings)
        let program = try #require(experiment.model as? ProgramSettings)
        let reasons = program.reasons.enumerated().map { Reason(code: 32 + UInt8($0), name: $1) }
        let description = ModelDescription(
            name: "program", version: "1", references: [], respondsTo: [], quantities: program.outputs,
            profiles: program.profiles, reasons: reasons)
        return (ProgramLineReader(program, reasons: reasons), description)
    }

    private func read(_ text: String) throws -> (ProgramLine, Evaluation) {
        let (reader, description) = try Self.reader()
        var evaluation = Evaluation(of: description)
        return (try reader.read(Array(text.utf8), into: &evaluation), evaluation)
    }

    @Test("An answer has outcome, reason, outputs, profiles, message and solution, in any order")
    func answer() throws {
        let (line, evaluation) = try read(
            """
             { "profiles" : {"t": [1, 2.5e2 ,null], "other": [[], {"a": [true, false, null, "\\u00e9"]}]},
             "outputs":{"other":-0.5,"x":1E+2}, "message":"\\ud83c\\udf0d \\"\\n", "solution": "a/b",
             "point":4294967295,"outcome":"stable"}
            """)
        #expect(line.point == 4_294_967_295)
        #expect(line.message == "🌍 \"\n")
        #expect(line.solution == "a/b")
        #expect(evaluation.outcome == .stable)
        #expect(evaluation.values == [100])
        #expect(evaluation.profiles[0...1] == [1, 250])
        #expect(evaluation.profiles[2].isNaN)
        let (_, unstable) = try read(#"{"point":1,"outcome":"unstable","reason":"too_cold","outputs":{"x":null}}"#)
        #expect(unstable.reason == Reason(code: 33, name: "too_cold"))
        #expect(unstable.values[0].isNaN)
        #expect(try read(#"{"point":1,"outcome":"unstable","reason":"frozen"}"#).1.reason == .frozen)
        #expect(try read(#"{"point":1,"outcome":"failed"}"#).1.reason == .crashed)
    }

    @Test(
        "Every violation is told with the text",
        arguments: [
            ("", "an object, {...} is expected, not the end"),
            ("[]", "at byte 0: an object, {...} is expected, not '[]'"),
            ("{", "a key in quotes is expected, not the end"),
            (#"{"point" 1}"#, "':' after the key 'point'"),
            (#"{"point":1,}"#, "a key in quotes is expected, not '}'"),
            (#"{"point":1 "outcome":"stable"}"#, "',' or '}' is expected"),
            (#"{"outcome":"unstable"}"#, "no 'point'"),
            (#"{"point":1}"#, "no 'outcome'"),
            (#"{"point":-1,"outcome":"unstable"}"#, "not the number of a point"),
            (#"{"point":1.5,"outcome":"unstable"}"#, "not the number of a point"),
            (#"{"point":"1","outcome":"unstable"}"#, "a number or null is expected"),
            (#"{"point":01,"outcome":"unstable"}"#, "a number begins with 0"),
            (#"{"point":1,"point":1,"outcome":"unstable"}"#, "the key 'point' is there twice"),
            (#"{"point":1,"outcome":"good"}"#, "the outcome 'good' is none of stable, unstable"),
            (#"{"point":1,"outcome":"pending"}"#, "the outcome 'pending'"),
            (
                #"{"point":1,"outcome":"unstable","reason":"to_hot"}"#,
                "'to_hot' is not declared; did you mean 'too_hot'"
            ),
            (#"{"point":1,"outcome":"unstable","output":{}}"#, "did you mean 'outputs'?"),
            (#"{"point":1,"outcome":"stable"}"#, "no number for 'x'"),
            (#"{"point":1,"outcome":"stable","outputs":{"x":null}}"#, "no number for 'x'"),
            (#"{"point":1,"outcome":"stable","outputs":{"x":nan}}"#, "nan is no number in JSON"),
            (#"{"point":1,"outcome":"unstable","outputs":{"y":NaN}}"#, "NaN is no number in JSON"),
            (#"{"point":1,"outcome":"stable","outputs":{"x":-Infinity}}"#, "-Infinity is no number"),
            (#"{"point":1,"outcome":"stable","outputs":{"x":1e999}}"#, "1e999 is too large"),
            (#"{"point":1,"outcome":"stable","outputs":[1]}"#, "an object, {...} is expected"),
            (#"{"point":1,"outcome":"unstable","profiles":{"t":[1,2]}}"#, "'t' has 2 levels, and 3 are declared"),
            (#"{"point":1,"outcome":"unstable","profiles":{"t":[1,2,3,4]}}"#, "'t' has 4 levels"),
            (#"{"point":1,"outcome":"unstable","profiles":{"t":[1,[2],3]}}"#, "a number or null is expected"),
            (#"{"point":1,"outcome":"unstable"} and more"#, "the end is expected, not 'and more'"),
            (#"{"point":1,"outcome":"unstable","message":"\x"}"#, "after a backslash"),
            (#"{"point":1,"outcome":"unstable","message":"\ud800"}"#, "a whole character"),
            (#"{"point":1,"outcome":"unstable","message":"unended}"#, "a quote that ends the text"),
            (#"{"hello":2}"#, "version 2.0 of the messages, and this is 1"),
            (#"{"hello":1,"units":{"x":"K"}}"#, "does not give 't'"),
            (#"{"hello":1,"units":{"x":"K","t":"degC"}}"#, "'t' in 'degC', and the experiment declares 'K'"),
        ])
    func violations(text: String, says: String) throws {
        let error = #expect(throws: ProgramViolation.self) { try read(text) }
        let description = error?.description ?? ""
        #expect(description.contains(says), "\(description)")
        #expect(description.contains("the program wrote: \(text.isEmpty ? "an empty line" : text)"), "\(description)")
    }

    @Test("Brackets within brackets without an end are refused, not followed")
    func deep() throws {
        let text = #"{"point":1,"outputs":{"y":"# + String(repeating: "[", count: 1_000_000)
        let error = #expect(throws: ProgramViolation.self) { try read(text) }
        #expect(error?.description.contains("less than 100 brackets") == true)
        #expect((error?.description.utf8.count ?? 0) < 1000)
    }

    @Test("Bytes that are no text are refused")
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
            #"{"point":1,"outcome":"stable","reason":"too_hot","outputs":{"x":-1.5e-3},"profiles":{"t":[1,2,null]}}"#
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
            String(decoding: request.bytes, as: UTF8.self) == #"{"version":1,"point":3,"index":[0,17],"#
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
