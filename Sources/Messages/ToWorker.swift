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
        /// The model's identity on rank 0, which has to be that on every rank: see `ModelDescription.identity`.
        public var modelIdentity: String

        public init(experiment: String, file: String, modelIdentity: String = "") {
            self.experiment = experiment
            self.file = file
            self.modelIdentity = modelIdentity
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
            writer.put(job.modelIdentity)
        case .evaluate(let assignments):
            writer.put(Kind.evaluate.rawValue)
            writer.put(UInt32(assignments.count))
            writer.reserve(Assignment.byteCount * assignments.count)
            for assignment in assignments {
                writer.put(
                    Assignment.Head(
                        key: assignment.point.key, number: assignment.id.number,
                        hasStart: assignment.start == nil ? 0 : 1))
                guard let start = assignment.start else { continue }
                writer.put(start.parent.key)
                writer.put(UInt32(start.solution.count))
                writer.put(column: start.solution)
            }
        case .alive: writer.put(Kind.alive.rawValue)
        case .stop: writer.put(Kind.stop.rawValue)
        }
    }

    public init(from bytes: RawSpan) throws(MessageError) { try self.init(from: bytes, reusing: []) }

    /// - Parameter spare: its memory is used for the assignments.
    package init(from bytes: RawSpan, reusing spare: consuming [Assignment]) throws(MessageError) {
        var reader = ByteReader()
        let code = try reader.take(UInt8.self, from: bytes)
        switch Kind(rawValue: code) {
        case .prepare:
            let experiment = try reader.takeText(from: bytes)
            let file = try reader.takeText(from: bytes)
            self = .prepare(
                Job(experiment: experiment, file: file, modelIdentity: try reader.takeText(from: bytes)))
        case .evaluate:
            let count = Int(try reader.take(UInt32.self, from: bytes))
            var assignments = spare
            assignments.removeAll(keepingCapacity: true)
            assignments.reserveCapacity(min(count, bytes.byteCount / Assignment.byteCount))
            for _ in 0..<count {
                let head = try reader.take(Assignment.Head.self, from: bytes)
                var assignment = Assignment(PointID(head.number), GridPoint(key: head.key))
                if head.hasStart != 0 {
                    let parent = GridPoint(key: try reader.take(UInt64.self, from: bytes))
                    let length = Int(try reader.take(UInt32.self, from: bytes))
                    let solution = try reader.take(column: UInt8.self, count: length, from: bytes)
                    assignment.start = .init(parent: parent, solution: solution)
                }
                assignments.append(assignment)
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
    /// What stands of every assignment in a message; its start comes behind it.
    struct Head: BitwiseCopyable {
        var key: UInt64
        var number: UInt32
        var hasStart: UInt32
    }

    /// Bytes of one without a start.
    static let byteCount = MemoryLayout<Head>.size

    /// A solved neighbour to start from.
    public struct Start: Equatable, Sendable {
        public var parent: GridPoint
        /// What the model kept of the parent.
        public var solution: [UInt8]

        public init(parent: GridPoint, solution: [UInt8]) {
            self.parent = parent
            self.solution = solution
        }
    }

    /// The number under which the master waits for the result.
    public let id: PointID
    /// The place on the lattice, which gives the composition.
    public let point: GridPoint
    /// `nil` for a model that needs none, and at the origin.
    public var start: Start?

    public init(_ id: PointID, _ point: GridPoint, start: Start? = nil) {
        self.id = id
        self.point = point
        self.start = start
    }
}
