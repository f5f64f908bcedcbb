import Atmospheres

/// The requests to a program: a JSON object on one line, as `jobs/programs/message.schema.json` defines it.
struct ProgramRequest {
    /// Version of the messages in both directions.
    static let version = 2

    private let scratch: [UInt8]
    private let timeLimit: [UInt8]
    /// The gases as JSON keys, encoded once.
    private var keys: (gases: [Gas], texts: [[UInt8]]) = ([], [])
    /// The request that was written last, with its line break.
    private(set) var bytes: [UInt8] = []

    /// Requests of a process with this scratch folder.
    ///
    /// - Parameters:
    ///   - scratch: path of the scratch folder.
    ///   - timeLimit: seconds that an answer may take.
    init(scratch: String, timeLimit: Double) {
        self.scratch = Self.quoted(scratch)
        self.timeLimit = Array("\(timeLimit)".utf8)
    }

    /// Writes a request to ``bytes``.
    ///
    /// - Parameters:
    ///   - inquiry: the point.
    ///   - solution: path of the file with the parent's solution, where there is one.
    mutating func write(_ inquiry: borrowing Inquiry, parentSolution solution: String?) {
        bytes.removeAll(keepingCapacity: true)
        put("{\"version\":\(Self.version),\"id\":\(inquiry.id),\"index\":[")
        for (i, index) in inquiry.indices.enumerated() { put(i == 0 ? "\(index)" : ",\(index)") }
        put("],\"gases\":")
        put(inquiry.composition)
        put(",\"scratch\":")
        bytes += scratch
        put(",\"time_limit\":")
        bytes += timeLimit
        if let parent = inquiry.parent, let solution {
            put(",\"parent\":{\"gases\":")
            put(parent.composition)
            put(",\"solution\":")
            bytes += Self.quoted(solution)
            put("}")
        }
        put("}\n")
    }

    private mutating func put(_ text: String) { bytes += text.utf8 }

    private mutating func put(_ composition: Composition) {
        if keys.gases != composition.gases {
            let texts = composition.gases.enumerated().map { Array("\($0 == 0 ? "{" : ",")\"\($1.formula)\":".utf8) }
            keys = (composition.gases, texts)
        }
        for (key, ratio) in zip(keys.texts, composition.mixingRatios) {
            bytes += key
            put("\(ratio)")
        }
        put(composition.gases.isEmpty ? "{}" : "}")
    }

    /// `text` as a JSON string.
    private static func quoted(_ text: String) -> [UInt8] {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return Array((quoted + "\"").utf8)
    }
}
