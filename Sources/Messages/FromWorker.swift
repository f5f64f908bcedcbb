public import Atmospheres

/// What a worker says to the master.
public enum FromWorker: Equatable, Sendable {
    /// First message of every worker: who it is.
    case hello(Hello)
    /// The model stands ready.
    case ready
    /// The model cannot be made on this rank; why, in one line.
    case unable(String)
    /// Results, in the order of the assignments.
    case finished(Evaluations)
    /// The worker lives, and has nothing else to say than how far its model has come with a point under way.
    case alive(Progress?)
    /// The worker leaves: last message.
    case goodbye

    public struct Hello: Equatable, Sendable {
        /// Version and commit of the worker's program.
        public var program: String
        public var host: String
        public var processID: Int32

        public init(program: String, host: String, processID: Int32) {
            self.program = program
            self.host = host
            self.processID = processID
        }
    }

    /// Version of the messages in both directions. The hello begins with it and is read in the same way for ever.
    public static let protocolVersion: UInt16 = 4

    private enum Kind: UInt8 { case hello, ready, unable, finished, alive, goodbye }

    /// The message's bytes, appended to `buffer`.
    public func encode(into buffer: inout [UInt8]) {
        var writer = ByteWriter(bytes: buffer)
        buffer = []
        defer { buffer = writer.bytes }
        switch self {
        case .hello(let hello):
            writer.put(Kind.hello.rawValue)
            writer.put(Self.protocolVersion)
            writer.put(hello.program)
            writer.put(hello.host)
            writer.put(hello.processID)
        case .ready: writer.put(Kind.ready.rawValue)
        case .unable(let why):
            writer.put(Kind.unable.rawValue)
            writer.put(why)
        case .finished(let evaluations):
            writer.put(Kind.finished.rawValue)
            writer.put(evaluations)
        case .alive(let progress):
            writer.put(Kind.alive.rawValue)
            writer.put(UInt8(progress == nil ? 0 : 1))
            if let progress {
                writer.put(progress.step)
                writer.put(progress.modelTime)
            }
        case .goodbye: writer.put(Kind.goodbye.rawValue)
        }
    }

    /// Appends the message `finished` to `buffer`, without making one.
    package static func encode(finished evaluations: borrowing Evaluations, into buffer: inout [UInt8]) {
        ByteWriter.write(Kind.finished.rawValue, into: &buffer) { $0.put(evaluations) }
    }

    /// Reads the message `finished` into memory that is there.
    ///
    /// - Returns: `false`, and nothing is done, when it is another message.
    package static func read(finished evaluations: inout Evaluations, from bytes: RawSpan) throws(MessageError) -> Bool
    {
        try ByteReader.read(Kind.finished.rawValue, from: bytes) { (reader) throws(MessageError) in
            try reader.take(&evaluations, from: bytes)
        }
    }

    public init(from bytes: RawSpan) throws(MessageError) {
        var reader = ByteReader()
        let code = try reader.take(UInt8.self, from: bytes)
        switch Kind(rawValue: code) {
        case .hello:
            let version = try reader.take(UInt16.self, from: bytes)
            guard version == Self.protocolVersion else {
                throw .otherProgram(
                    theirs: "version \(version) of the messages", ours: "version \(Self.protocolVersion)")
            }
            let program = try reader.takeText(from: bytes)
            let host = try reader.takeText(from: bytes)
            let processID = try reader.take(Int32.self, from: bytes)
            self = .hello(Hello(program: program, host: host, processID: processID))
        case .ready: self = .ready
        case .unable: self = .unable(try reader.takeText(from: bytes))
        case .finished:
            var evaluations = Evaluations(valueCount: 0, profileLength: 0)
            try reader.take(&evaluations, from: bytes)
            self = .finished(evaluations)
        case .alive:
            if try reader.take(UInt8.self, from: bytes) == 0 {
                self = .alive(nil)
            } else {
                let step = try reader.take(UInt32.self, from: bytes)
                self = .alive(Progress(step: step, modelTime: try reader.take(Double.self, from: bytes)))
            }
        case .goodbye: self = .goodbye
        case nil: throw .unknownKind(code)
        }
        try reader.end(of: bytes)
    }
}

extension ByteWriter {
    fileprivate mutating func put(_ evaluations: borrowing Evaluations) {
        reserve(32 + evaluations.count * (20 + 8 * evaluations.valueCount + 4 * evaluations.profileLength))
        put(UInt32(evaluations.count))
        put(UInt32(evaluations.valueCount))
        put(UInt32(evaluations.profileLength))
        put(column: evaluations.points)
        evaluations.outcomes.withUnsafeBytes { bytes.append(contentsOf: $0) }
        put(column: evaluations.reasons)
        put(column: evaluations.exitCodes)
        put(column: evaluations.startedAt)
        put(column: evaluations.wallTimes)
        put(column: evaluations.values)
        put(column: evaluations.profiles)
        put(texts: evaluations.solutions)
        put(texts: evaluations.logs)
    }

    /// A column of bytes of any length, or a column without elements.
    private mutating func put(texts column: [[UInt8]]) {
        put(UInt8(column.isEmpty ? 0 : 1))
        if column.isEmpty { return }
        put(column: column.map { UInt32($0.count) })
        for bytes in column { put(column: bytes) }
    }
}

extension ByteReader {
    fileprivate mutating func take(_ evaluations: inout Evaluations, from bytes: RawSpan) throws(MessageError) {
        let count = Int(try take(UInt32.self, from: bytes))
        let valueCount = Int(try take(UInt32.self, from: bytes))
        let profileLength = Int(try take(UInt32.self, from: bytes))
        if evaluations.valueCount != valueCount || evaluations.profileLength != profileLength {
            evaluations = Evaluations(valueCount: valueCount, profileLength: profileLength)
        }
        let (values, valuesOverflow) = count.multipliedReportingOverflow(by: valueCount)
        let (profiles, profilesOverflow) = count.multipliedReportingOverflow(by: profileLength)
        guard !valuesOverflow, !profilesOverflow else { throw .truncated }
        try take(&evaluations.points, count: count, from: bytes)
        resize(&evaluations.outcomes, to: count, with: .pending)
        for row in 0..<count {
            let code = try take(Int8.self, from: bytes)
            guard let outcome = Outcome(rawValue: code) else { throw .unknownOutcome(code) }
            evaluations.outcomes[row] = outcome
        }
        try take(&evaluations.reasons, count: count, from: bytes)
        try take(&evaluations.exitCodes, count: count, from: bytes)
        try take(&evaluations.startedAt, count: count, from: bytes)
        try take(&evaluations.wallTimes, count: count, from: bytes)
        try take(&evaluations.values, count: values, from: bytes)
        try take(&evaluations.profiles, count: profiles, from: bytes)
        evaluations.solutions = try takeTexts(count: count, from: bytes)
        evaluations.logs = try takeTexts(count: count, from: bytes)
    }

    private mutating func takeTexts(count: Int, from bytes: RawSpan) throws(MessageError) -> [[UInt8]] {
        guard try take(UInt8.self, from: bytes) != 0 else { return [] }
        var column: [[UInt8]] = []
        for length in try take(column: UInt32.self, count: count, from: bytes) {
            column.append(try take(column: UInt8.self, count: Int(length), from: bytes))
        }
        return column
    }
}
