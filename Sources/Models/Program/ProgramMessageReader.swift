import Atmospheres
import Experiments

/// Reads the messages of a program, by what the experiment declares of it.
struct ProgramMessageReader {
    private let settings: ProgramSettings
    private let reasons: [String: Reason]
    /// The row of each output in an evaluation's values.
    private let outputRows: [String: Int]
    /// The range of each profile in an evaluation's profiles.
    private let profileRanges: [String: Range<Int>]

    /// A reader of the messages of the program that `settings` and `description` describe.
    init(_ settings: ProgramSettings, _ description: ModelDescription) {
        self.settings = settings
        // A program may also use the reasons of the job itself, such as `frozen`.
        let usable = description.allReasons.filter { $0 != .none && $0 != .workerLost }
        reasons = Dictionary(uniqueKeysWithValues: usable.map { ($0.name, $0) })
        outputRows = Dictionary(uniqueKeysWithValues: description.quantities.enumerated().map { ($1.name, $0) })
        profileRanges = Dictionary(
            uniqueKeysWithValues: zip(description.profiles, description.profileRanges).map { ($0.quantity.name, $1) })
    }

    private enum Key: String, CaseIterable {
        case id, outcome, reason, message, outputs, profiles, solution, hello, name, units
    }

    /// Reads a message.
    ///
    /// - Parameters:
    ///   - line: the message, without its line break.
    ///   - evaluation: cleared; receives outcome, reason, values and profiles of an answer.
    /// - Returns: the other parts of the message.
    /// - Throws: what is wrong with the message; `evaluation` may be partly filled then.
    func read(_ line: [UInt8], into evaluation: inout Evaluation) throws(ProgramViolation) -> ProgramMessage {
        do {
            return try parse(line, into: &evaluation)
        } catch let problem as JSONReader.Problem {
            throw ProgramViolation("invalid JSON at byte \(problem.offset): \(problem.description)", in: line)
        } catch {
            throw ProgramViolation("\(error)", in: line)
        }
    }

    private func parse(_ line: [UInt8], into evaluation: inout Evaluation) throws -> ProgramMessage {
        var reader = JSONReader(line)
        var answer = ProgramMessage.Answer()
        var version = 0.0
        var units: [String: String]?
        var seen: Set<Key> = []
        try reader.beginObject()
        while let name = try reader.nextKey() {
            let key = try key(named: name)
            guard seen.insert(key).inserted else { throw ProgramViolation("the key '\(name)' is given twice") }
            switch key {
            case .id: answer.id = try id(&reader)
            case .outcome: evaluation.outcome = try outcome(try reader.string())
            case .reason: evaluation.reason = try reason(try reader.string())
            case .message: answer.log = try reader.string()
            case .outputs: try readOutputs(&reader, into: &evaluation)
            case .profiles: try readProfiles(&reader, into: &evaluation)
            case .solution: answer.solution = try reader.string()
            case .hello: version = try reader.number() ?? 0
            case .name: _ = try reader.string()
            case .units: units = try texts(&reader)
            }
        }
        try reader.end()
        if seen.contains(.hello) {
            try check(version: version, units: units)
            return .hello
        }
        guard answer.id != nil || settings.mode == .oneShot else { throw ProgramViolation("the answer has no 'id'") }
        guard seen.contains(.outcome) else { throw ProgramViolation("the answer has no 'outcome'") }
        if evaluation.outcome == .stable { try checkComplete(evaluation) }
        // A program that reports a failure without a reason.
        if evaluation.outcome == .failed, evaluation.reason == .none { evaluation.reason = .crashed }
        return .answer(answer)
    }

    private func key(named name: String) throws(ProgramViolation) -> Key {
        if let key = Key(rawValue: name) { return key }
        guard name != "point" else {
            throw ProgramViolation(
                "the answer has 'point', as in version 1 of the messages; version \(ProgramRequest.version) answers with "
                    + "the request's 'id'")
        }
        throw ProgramViolation(
            "unknown key '\(name)'; \(name.suggestion(among: Key.allCases.map(\.rawValue)))"
                + "known keys: \(Key.allCases.map(\.rawValue).joined(separator: ", "))")
    }

    private func id(_ reader: inout JSONReader) throws -> UInt32 {
        guard let number = try reader.number(), let id = UInt32(exactly: number) else {
            throw ProgramViolation("'id' is not the id of a request")
        }
        return id
    }

    private func outcome(_ name: String) throws(ProgramViolation) -> Outcome {
        guard let outcome = Outcome.allCases.first(where: { $0.name == name }), outcome != .pending else {
            throw ProgramViolation("unknown outcome '\(name)'; use stable, unstable, not_converged or failed")
        }
        return outcome
    }

    private func reason(_ name: String) throws(ProgramViolation) -> Reason {
        guard let reason = reasons[name] else {
            throw ProgramViolation(
                "undeclared reason '\(name)'; \(name.suggestion(among: settings.reasons))add it to model.reasons")
        }
        return reason
    }

    private func readOutputs(_ reader: inout JSONReader, into evaluation: inout Evaluation) throws {
        try reader.beginObject()
        while let name = try reader.nextKey() {
            guard let row = outputRows[name] else {
                // A program may return more than one experiment declares.
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
            var offset = range.lowerBound
            try reader.beginArray()
            while try reader.nextElement() {
                let value = try reader.number()
                if offset < range.upperBound { evaluation.profiles[offset] = value.map { Float($0) } ?? .nan }
                offset += 1
            }
            guard offset == range.upperBound else {
                throw ProgramViolation(
                    "the profile '\(name)' has \(offset - range.lowerBound) levels, and the experiment declares "
                        + "\(range.count)")
            }
        }
    }

    private func texts(_ reader: inout JSONReader) throws -> [String: String] {
        var texts: [String: String] = [:]
        try reader.beginObject()
        while let key = try reader.nextKey() { texts[key] = try reader.string() }
        return texts
    }

    /// Checks that a stable point has a number for every declared output.
    private func checkComplete(_ evaluation: Evaluation) throws(ProgramViolation) {
        if let row = evaluation.values.firstIndex(where: { !$0.isFinite }) {
            throw ProgramViolation("the answer is stable but has no number for '\(settings.outputs[row].name)'")
        }
    }

    private func check(version: Double, units: [String: String]?) throws(ProgramViolation) {
        guard version == Double(ProgramRequest.version) else {
            let text = Int(exactly: version).map { "\($0)" } ?? "\(version)"
            throw ProgramViolation(
                "the program's hello says version \(text) of the messages, expected \(ProgramRequest.version)"
                    + (version == 1 ? ": answers now have the request's 'id' in place of 'point'" : ""))
        }
        guard let units else { return }
        for quantity in settings.outputs + settings.profiles.map(\.quantity) {
            guard let unit = units[quantity.name] else {
                throw ProgramViolation("the program does not return '\(quantity.name)', which the experiment declares")
            }
            guard unit == quantity.unit else {
                throw ProgramViolation(
                    "the program returns '\(quantity.name)' in '\(unit)', but the experiment declares "
                        + "'\(quantity.unit)'")
            }
        }
    }
}
