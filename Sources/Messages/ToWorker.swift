public import Exploration

/// What the master says to a worker.
public enum ToWorker: Equatable, Sendable {
    /// The job: the worker makes its model from it. First message to every worker.
    case prepare(Job)
    /// Points to evaluate, in this order.
    case evaluate([Assignment])
    /// The master lives. A worker that hears nothing for long leaves by itself.
    case alive
    /// Leave now, with what is under way given up.
    case stop

    public struct Job: Equatable, Sendable {
        /// The experiment file's text.
        public var experiment: String
        /// The experiment file's name, for error messages.
        public var file: String

        public init(experiment: String, file: String) {
            self.experiment = experiment
            self.file = file
        }
    }

    private enum Kind: UInt8 { case prepare, evaluate, alive, stop }

    /// The message's bytes, appended to `buffer`.
    public func encode(into buffer: inout [UInt8]) {
        var writer = ByteWriter(bytes: buffer)
        buffer = []
        defer { buffer = writer.bytes }
        switch self {
        case .prepare(let job):
            writer.put(Kind.prepare.rawValue)
            writer.put(job.experiment)
            writer.put(job.file)
        case .evaluate(let assignments):
            writer.put(Kind.evaluate.rawValue)
            writer.put(UInt32(assignments.count))
            for assignment in assignments {
                writer.put(assignment.id.number)
                writer.put(assignment.point.key)
            }
        case .alive: writer.put(Kind.alive.rawValue)
        case .stop: writer.put(Kind.stop.rawValue)
        }
    }

    public init(from bytes: RawSpan) throws(MessageError) {
        var reader = ByteReader()
        let code = try reader.take(UInt8.self, from: bytes)
        switch Kind(rawValue: code) {
        case .prepare:
            let experiment = try reader.takeText(from: bytes)
            self = .prepare(Job(experiment: experiment, file: try reader.takeText(from: bytes)))
        case .evaluate:
            let count = Int(try reader.take(UInt32.self, from: bytes))
            var assignments: [Assignment] = []
            assignments.reserveCapacity(min(count, bytes.byteCount / Assignment.byteCount))
            for _ in 0..<count {
                let number = try reader.take(UInt32.self, from: bytes)
                let key = try reader.take(UInt64.self, from: bytes)
                assignments.append(Assignment(PointID(number), GridPoint(key: key)))
            }
            self = .evaluate(assignments)
        case .alive: self = .alive
        case .stop: self = .stop
        case nil: throw .unknownKind(code)
        }
        try reader.end(of: bytes)
    }
}

/// A point for a worker to evaluate.
public struct Assignment: Equatable, Sendable {
    static let byteCount = 12

    /// The number under which the master waits for the result.
    public let id: PointID
    /// The place on the lattice, which gives the composition.
    public let point: GridPoint

    public init(_ id: PointID, _ point: GridPoint) {
        self.id = id
        self.point = point
    }
}
