/// What the master says to a worker.
public enum ToWorker: Equatable, Sendable {
    /// The job, from which the worker makes its model: first message to every worker.
    case prepare(Job)
    /// Points to evaluate, in this order: the rows of the `Assignments` that the message is encoded with.
    case evaluate
    /// The master is alive. A worker that hears nothing for a long time leaves.
    case alive
    /// Leave now, and give up what is in progress.
    case stop

    /// What a worker needs to make its model.
    public struct Job: Equatable, Sendable {
        /// Text of the experiment file.
        public var experiment: String
        /// Name of the experiment file, for error messages.
        public var file: String
        /// Identity of the model on rank 0, which every rank must share: see `ModelDescription.identity`.
        public var modelIdentity: String
        /// Whether this worker has to check that the model's files on its host are those of rank 0; if not, another worker
        /// of the host has.
        public var checksModel: Bool

        /// Creates a job.
        public init(experiment: String, file: String, modelIdentity: String = "", checksModel: Bool = true) {
            self.experiment = experiment
            self.file = file
            self.modelIdentity = modelIdentity
            self.checksModel = checksModel
        }
    }

    private enum Kind: UInt8 { case prepare, evaluate, alive, stop }

    /// Replaces the content of `buffer` by a message without assignments.
    public func encode(into buffer: inout [UInt8]) { encode(with: Assignments(), into: &buffer) }

    /// Replaces the content of `buffer` by the message.
    ///
    /// - Parameters:
    ///   - assignments: the rows that ``evaluate`` sends; no other message looks at them.
    ///   - buffer: receives the bytes.
    public func encode(with assignments: borrowing Assignments, into buffer: inout [UInt8]) {
        switch self {
        case .prepare(let job):
            ByteWriter.fill(&buffer, Kind.prepare) {
                $0.put(job.experiment)
                $0.put(job.file)
                $0.put(job.modelIdentity)
                $0.put(UInt8(job.checksModel ? 1 : 0))
            }
        case .evaluate: ByteWriter.fill(&buffer, Kind.evaluate) { $0.put(assignments) }
        case .alive: ByteWriter.fill(&buffer, Kind.alive)
        case .stop: ByteWriter.fill(&buffer, Kind.stop)
        }
    }

    /// Decodes a message.
    ///
    /// - Parameters:
    ///   - bytes: the whole message.
    ///   - assignments: gets the rows of ``evaluate`` appended; unchanged by any other message.
    /// - Throws: if the bytes are not a message of this version; `assignments` may then have some of its rows.
    public init(from bytes: RawSpan, appendingAssignmentsTo assignments: inout Assignments) throws(MessageError) {
        var reader = ByteReader()
        let code = try reader.take(UInt8.self, from: bytes)
        switch Kind(rawValue: code) {
        case .prepare:
            let experiment = try reader.takeText(from: bytes)
            let file = try reader.takeText(from: bytes)
            let identity = try reader.takeText(from: bytes)
            let checksModel = try reader.take(UInt8.self, from: bytes) != 0
            self = .prepare(
                Job(experiment: experiment, file: file, modelIdentity: identity, checksModel: checksModel))
        case .evaluate:
            try reader.take(appendingTo: &assignments, from: bytes)
            self = .evaluate
        case .alive: self = .alive
        case .stop: self = .stop
        case nil: throw .unknownKind(code)
        }
        try reader.end(of: bytes)
    }
}
