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
    public static let protocolVersion: UInt16 = 5

    private enum Kind: UInt8 { case hello, ready, unable, finished, alive, goodbye }

    /// Makes `buffer` hold the message.
    public func encode(into buffer: inout [UInt8]) { ByteWriter.fill(&buffer) { encode(into: &$0) } }

    private func encode(into writer: inout ByteWriter) {
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

    /// Makes `buffer` hold the message `finished`, without making one.
    package static func encode(finished evaluations: borrowing Evaluations, into buffer: inout [UInt8]) {
        ByteWriter.fill(&buffer) {
            $0.put(Kind.finished.rawValue)
            $0.put(evaluations)
        }
    }

    /// Appends the rows of the message `finished`.
    ///
    /// - Returns: `false`, and nothing is done, when it is another message.
    package static func read(finished evaluations: inout Evaluations, from bytes: RawSpan) throws(MessageError) -> Bool
    {
        var reader = ByteReader()
        guard try reader.take(UInt8.self, from: bytes) == Kind.finished.rawValue else { return false }
        let count = evaluations.count
        do throws(MessageError) {
            guard try reader.takeShape(from: bytes) == (evaluations.valueCount, evaluations.profileLength) else {
                throw .otherShape
            }
            try reader.take(appending: &evaluations, from: bytes)
            try reader.end(of: bytes)
        } catch {
            evaluations.truncate(to: count)
            throw error
        }
        return true
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
            let (valueCount, profileLength) = try reader.takeShape(from: bytes)
            var evaluations = Evaluations(valueCount: valueCount, profileLength: profileLength)
            try reader.take(appending: &evaluations, from: bytes)
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
    @inline(__always)
    fileprivate mutating func put(_ evaluations: borrowing Evaluations) {
        put(UInt32(evaluations.valueCount))
        put(UInt32(evaluations.profileLength))
        put(UInt32(evaluations.count))
        put(column: evaluations.rows)
        put(column: evaluations.values)
        put(column: evaluations.profiles)
        put(texts: evaluations.solutions)
        put(texts: evaluations.logs)
    }

    /// A column of bytes of any length, or a column without elements.
    @inline(__always)
    private mutating func put(texts column: [[UInt8]]) {
        put(UInt8(column.isEmpty ? 0 : 1))
        if !column.isEmpty { put(allTexts: column) }
    }

    private mutating func put(allTexts column: [[UInt8]]) {
        put(column: column.map { UInt32($0.count) })
        for bytes in column { put(column: bytes) }
    }
}

extension ByteReader {
    @inline(__always)
    fileprivate mutating func takeShape(
        from bytes: RawSpan
    ) throws(MessageError) -> (valueCount: Int, profileLength: Int) {
        (Int(try take(UInt32.self, from: bytes)), Int(try take(UInt32.self, from: bytes)))
    }

    /// Takes rows of the shape that `evaluations` has. When it throws, some of them may have been appended.
    @inline(__always)
    fileprivate mutating func take(
        appending evaluations: inout Evaluations, from bytes: RawSpan
    ) throws(MessageError) {
        let count = Int(try take(UInt32.self, from: bytes))
        let (values, valuesOverflow) = count.multipliedReportingOverflow(by: evaluations.valueCount)
        let (profiles, profilesOverflow) = count.multipliedReportingOverflow(by: evaluations.profileLength)
        guard !valuesOverflow, !profilesOverflow else { throw .truncated }
        try checkOutcomes(count: count, from: bytes)
        let rows = evaluations.count
        try take(appending: &evaluations.rows, count: count, from: bytes)
        try take(appending: &evaluations.values, count: values, from: bytes)
        try take(appending: &evaluations.profiles, count: profiles, from: bytes)
        try takeTexts(appending: &evaluations.solutions, after: rows, count: count, from: bytes)
        try takeTexts(appending: &evaluations.logs, after: rows, count: count, from: bytes)
    }

    /// - Throws: `unknownOutcome` when one of the rows that come next has an outcome that this version does not know.
    @inline(__always)
    private func checkOutcomes(count: Int, from bytes: RawSpan) throws(MessageError) {
        _ = try size(of: Evaluations.Row.self, count: count, in: bytes)
        for row in 0..<count {
            let place = offset + row * MemoryLayout<Evaluations.Row>.stride + Evaluations.Row.outcomeOffset
            let code = bytes.unsafeLoad(fromByteOffset: place, as: Int8.self)
            guard Outcome(rawValue: code) != nil else { throw .unknownOutcome(code) }
        }
    }

    /// Takes a column of texts after those of `rows` rows.
    @inline(__always)
    private mutating func takeTexts(
        appending column: inout [[UInt8]], after rows: Int, count: Int, from bytes: RawSpan
    ) throws(MessageError) {
        let hasTexts = try take(UInt8.self, from: bytes) != 0
        if hasTexts || !column.isEmpty {
            try takeTexts(appending: &column, after: rows, count: count, areThere: hasTexts, from: bytes)
        }
    }

    private mutating func takeTexts(
        appending column: inout [[UInt8]], after rows: Int, count: Int, areThere: Bool, from bytes: RawSpan
    ) throws(MessageError) {
        if column.isEmpty { column = Array(repeating: [], count: rows) }
        guard areThere else { return column.append(contentsOf: repeatElement([], count: count)) }
        for length in try take(column: UInt32.self, count: count, from: bytes) {
            column.append(try take(column: UInt8.self, count: Int(length), from: bytes))
        }
    }
}
