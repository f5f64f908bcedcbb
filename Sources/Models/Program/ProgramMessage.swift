import Atmospheres

/// A message of an outside program, read and checked.
enum ProgramMessage {
    /// What a program says of itself before its first answer.
    case hello
    /// What became of an atmosphere.
    case answer(Answer)

    /// The parts of an answer that are not numbers of the evaluation.
    struct Answer {
        /// The `id` of the request that is answered; `nil` where a one-shot program does not say.
        var id: UInt32?
        /// Words for the log.
        var log = ""
        /// Path of the file with the solution, as the program gave it.
        var solution: String?
    }
}

/// What is wrong with a message or a file of a program.
struct ProgramViolation: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    init(_ description: String, in line: [UInt8]) {
        self.description = "\(description); the program wrote: \(Self.excerpt(of: line))"
    }

    /// At most 300 bytes of `line`, without control characters.
    private static func excerpt(of line: [UInt8]) -> String {
        if line.isEmpty { return "an empty line" }
        let text = String(decoding: line.prefix(300), as: UTF8.self)
        let clean = String(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) })
        return clean + (line.count > 300 ? " ... (\(line.count) bytes)" : "")
    }
}

/// Why a program gave no answer to a point.
struct ProgramFailure: Error {
    let reason: Reason
    let text: String
    var exitCode: Int16 = 0
    /// The end of what the program wrote to its standard error.
    var errors: [UInt8] = []

    init(_ reason: Reason, _ text: String, exitCode: Int16 = 0) {
        self.reason = reason
        self.text = text
        self.exitCode = exitCode
    }

    init(_ violation: ProgramViolation) { self.init(.unreadableAnswer, violation.description) }

    /// The same failure with the end of the program's standard error.
    func with(errors: some Sequence<UInt8>) -> ProgramFailure {
        var failure = self
        failure.errors = Array(errors)
        return failure
    }

    /// Writes the failure to the evaluation of the point.
    func describe(in evaluation: inout Evaluation) {
        evaluation.outcome = .failed
        evaluation.reason = reason
        evaluation.exitCode = exitCode
        evaluation.log = Array(text.utf8)
        if !errors.isEmpty { evaluation.log += Array("\nend of standard error:\n".utf8) + errors }
    }
}
