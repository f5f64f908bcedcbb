public import Atmospheres

/// What a worker says to the master.
public enum FromWorker: Equatable, Sendable {
    /// Who the worker is: first message of every worker.
    case hello(Hello)
    /// The model is ready.
    case ready
    /// The model cannot be made on this rank; why, in one line.
    case unable(String)
    /// Results, in the order of the assignments: the rows of the `Evaluations` that the message is encoded with.
    case finished
    /// The worker is alive; how far its model has come with the point in progress, if it says so.
    case alive(Progress?)
    /// The worker leaves: last message.
    case goodbye

    /// Who a worker is.
    public struct Hello: Equatable, Sendable {
        /// Version and commit of the worker's program.
        public var program: String
        /// The worker's host.
        public var host: String
        /// The worker's process on that host.
        public var processID: Int32

        /// Creates a hello.
        public init(program: String, host: String, processID: Int32) {
            self.program = program
            self.host = host
            self.processID = processID
        }
    }

    private enum Kind: UInt8 { case hello, ready, unable, finished, alive, goodbye }

    /// Replaces the content of `buffer` by a message without results.
    public func encode(into buffer: inout [UInt8]) {
        encode(with: Evaluations(valueCount: 0, profileLength: 0), into: &buffer)
    }

    /// Replaces the content of `buffer` by the message.
    ///
    /// - Parameters:
    ///   - results: the rows that ``finished`` sends; no other message looks at them.
    ///   - buffer: receives the bytes.
    public func encode(with results: borrowing Evaluations, into buffer: inout [UInt8]) {
        switch self {
        case .hello(let hello):
            ByteWriter.fill(&buffer, Kind.hello) {
                $0.put(MessageVersion.current)
                $0.put(hello.program)
                $0.put(hello.host)
                $0.put(hello.processID)
            }
        case .ready: ByteWriter.fill(&buffer, Kind.ready)
        case .unable(let why): ByteWriter.fill(&buffer, Kind.unable) { $0.put(why) }
        case .finished: ByteWriter.fill(&buffer, Kind.finished) { $0.put(results) }
        case .alive(let progress):
            ByteWriter.fill(&buffer, Kind.alive) {
                $0.put(UInt8(progress == nil ? 0 : 1))
                if let progress {
                    $0.put(progress.step)
                    $0.put(progress.modelTime)
                }
            }
        case .goodbye: ByteWriter.fill(&buffer, Kind.goodbye)
        }
    }

    /// Decodes a message.
    ///
    /// - Parameters:
    ///   - bytes: the whole message.
    ///   - results: gets the rows of ``finished`` appended, which must have its shape; unchanged by any other message.
    /// - Throws: if the bytes are not a message of this version; `results` is then unchanged.
    public init(from bytes: RawSpan, appendingResultsTo results: inout Evaluations) throws(MessageError) {
        var reader = ByteReader()
        let code = try reader.take(UInt8.self, from: bytes)
        switch Kind(rawValue: code) {
        case .hello: self = .hello(try Self.hello(&reader, bytes))
        case .ready: self = .ready
        case .unable: self = .unable(try reader.takeText(from: bytes))
        case .finished:
            try reader.take(appendingTo: &results, from: bytes)
            self = .finished
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

    private static func hello(_ reader: inout ByteReader, _ bytes: RawSpan) throws(MessageError) -> Hello {
        let version = try reader.take(UInt16.self, from: bytes)
        guard version == MessageVersion.current else {
            throw .otherProgram(
                theirs: "version \(version) of the messages", ours: "version \(MessageVersion.current)")
        }
        let program = try reader.takeText(from: bytes)
        let host = try reader.takeText(from: bytes)
        return Hello(program: program, host: host, processID: try reader.take(Int32.self, from: bytes))
    }
}
