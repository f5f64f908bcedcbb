import Atmospheres
import Experiments

/// A message of a program, read and checked: its hello, or an answer.
struct ProgramLine {
    /// What a program may say of itself before its first answer.
    struct Hello {
        var version: Double
        var name: String?
        /// Units of outputs and profiles.
        var units: [String: String]?
    }

    var hello: Hello?
    /// The point that is answered; a one-shot program need not say.
    var point: UInt32?
    /// Words for the log.
    var message = ""
    /// Path of the file with the solution, as the program gave it.
    var solution: String?
}

/// A message that is not as it should be: what is wrong with it, with the text itself.
struct ProgramViolation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    init(_ description: String, in line: [UInt8]) {
        self.description = "\(description); the program wrote: \(Self.excerpt(line))"
    }

    /// At most 300 bytes of `line`, without control characters.
    private static func excerpt(_ line: [UInt8]) -> String {
        let text = String(decoding: line.prefix(300), as: UTF8.self)
        let clean = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return line.isEmpty ? "an empty line" : clean + (line.count > 300 ? " ... (\(line.count) bytes)" : "")
    }
}

/// Reads the messages of a program that an experiment has declared.
struct ProgramLineReader {
    private let settings: ProgramSettings
    private let reasons: [String: Reason]
    private let outputRows: [String: Int]
    /// Where each profile lies among those of a point.
    private let profileRanges: [String: Range<Int>]

    init(_ settings: ProgramSettings, reasons: [Reason]) {
        self.settings = settings
        // Those of the job itself, such as `frozen`, may be used too.
        let common = Reason.common.filter { $0 != .none && $0 != .workerLost }
        self.reasons = Dictionary(uniqueKeysWithValues: (common + reasons).map { ($0.name, $0) })
        outputRows = Dictionary(uniqueKeysWithValues: settings.outputs.enumerated().map { ($1.name, $0) })
        var ranges: [String: Range<Int>] = [:]
        var start = 0
        for profile in settings.profiles {
            ranges[profile.quantity.name] = start..<start + profile.grid.count
            start += profile.grid.count
        }
        profileRanges = ranges
    }

    private static let keys = [
        "point", "outcome", "reason", "message", "outputs", "profiles", "solution", "hello", "name", "units",
    ]

    /// Reads a message.
    ///
    /// - Parameter evaluation: cleared; receives outcome, reason, values and profiles of an answer.
    /// - Throws: what is wrong; `evaluation` is then half filled.
    func read(_ line: [UInt8], into evaluation: inout Evaluation) throws(ProgramViolation) -> ProgramLine {
        do {
            return try parse(line, into: &evaluation)
        } catch let problem as JSONReader.Problem {
            throw ProgramViolation("not as JSON has it, at byte \(problem.offset): \(problem.description)", in: line)
        } catch {
            throw ProgramViolation("\(error)", in: line)
        }
    }

    private func parse(_ line: [UInt8], into evaluation: inout Evaluation) throws -> ProgramLine {
        var reader = JSONReader(line)
        var result = ProgramLine()
        var hello = ProgramLine.Hello(version: 0)
        var seen: [String] = []
        try reader.beginObject()
        while let key = try reader.nextKey() {
            guard !seen.contains(key) else { throw ProgramViolation("the key '\(key)' is there twice") }
            seen.append(key)
            switch key {
            case "point": result.point = try point(&reader)
            case "outcome": evaluation.outcome = try outcome(try reader.string())
            case "reason": evaluation.reason = try reason(try reader.string())
            case "message": result.message = try reader.string()
            case "outputs": try readOutputs(&reader, into: &evaluation)
            case "profiles": try readProfiles(&reader, into: &evaluation)
            case "solution": result.solution = try reader.string()
            case "hello": hello.version = try reader.number() ?? 0
            case "name": hello.name = try reader.string()
            case "units": hello.units = try texts(&reader)
            default: throw ProgramViolation("the key '\(key)' is unknown; \(guess(key, Self.keys))")
            }
        }
        try reader.end()
        if seen.contains("hello") {
            try check(hello)
            result.hello = hello
            return result
        }
        guard result.point != nil || settings.mode == .oneShot else {
            throw ProgramViolation("the answer has no 'point'")
        }
        guard seen.contains("outcome") else { throw ProgramViolation("the answer has no 'outcome'") }
        if evaluation.outcome == .stable { try checkComplete(evaluation) }
        // The program failed by its own word.
        if evaluation.outcome == .failed, evaluation.reason == .none { evaluation.reason = .crashed }
        return result
    }

    private func point(_ reader: inout JSONReader) throws -> UInt32 {
        guard let number = try reader.number(), let point = UInt32(exactly: number) else {
            throw ProgramViolation("'point' is not the number of a point")
        }
        return point
    }

    private func outcome(_ name: String) throws(ProgramViolation) -> Outcome {
        guard let outcome = Outcome.allCases.first(where: { $0.name == name }), outcome != .pending else {
            throw ProgramViolation("the outcome '\(name)' is none of stable, unstable, not_converged, failed")
        }
        return outcome
    }

    private func reason(_ name: String) throws(ProgramViolation) -> Reason {
        guard let reason = reasons[name] else {
            throw ProgramViolation(
                "the reason '\(name)' is not declared; \(guess(name, settings.reasons))add it to model.reasons")
        }
        return reason
    }

    private func readOutputs(_ reader: inout JSONReader, into evaluation: inout Evaluation) throws {
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard let row = outputRows[name] else {
                // Others may be for other experiments.
                try reader.skip()
                continue
            }
            evaluation.values[row] = try reader.number() ?? .nan
        }
    }

    private func readProfiles(_ reader: inout JSONReader, into evaluation: inout Evaluation) throws {
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard let range = profileRanges[name] else {
                try reader.skip()
                continue
            }
            var place = range.lowerBound
            try reader.beginArray()
            while try reader.nextElement() {
                let value = try reader.number()
                if place < range.upperBound { evaluation.profiles[place] = value.map { Float($0) } ?? .nan }
                place += 1
            }
            guard place == range.upperBound else {
                throw ProgramViolation(
                    "the profile '\(name)' has \(place - range.lowerBound) levels, and \(range.count) are declared")
            }
        }
    }

    private func texts(_ reader: inout JSONReader) throws -> [String: String] {
        var texts: [String: String] = [:]
        try reader.beginObject()
        while let key = try reader.nextKey() { texts[key] = try reader.string() }
        return texts
    }

    /// A stable point has every number that is declared.
    private func checkComplete(_ evaluation: Evaluation) throws(ProgramViolation) {
        if let row = evaluation.values.firstIndex(where: { !$0.isFinite }) {
            throw ProgramViolation("the answer is stable and has no number for '\(settings.outputs[row].name)'")
        }
    }

    private func check(_ hello: ProgramLine.Hello) throws(ProgramViolation) {
        guard hello.version == Double(ProgramRequest.version) else {
            throw ProgramViolation(
                "the program speaks version \(hello.version) of the messages, and this is \(ProgramRequest.version)")
        }
        guard let units = hello.units else { return }
        for quantity in settings.outputs + settings.profiles.map(\.quantity) {
            guard let unit = units[quantity.name] else {
                throw ProgramViolation("the program does not give '\(quantity.name)', which the experiment declares")
            }
            guard unit == quantity.unit else {
                throw ProgramViolation(
                    "the program gives '\(quantity.name)' in '\(unit)', and the experiment declares '\(quantity.unit)'")
            }
        }
    }

    private func guess(_ word: String, _ candidates: [String]) -> String {
        nearest(to: word, among: candidates).map { "did you mean '\($0)'? " } ?? ""
    }
}
