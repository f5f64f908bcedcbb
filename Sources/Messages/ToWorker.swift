import Atmospheres
import Exploration

/// What the master says to a worker.
public enum ToWorker: Equatable, Sendable {
    /// The job: the worker makes its model from it. First message to every worker.
    case prepare(Job)
    /// Points to evaluate, in this order.
    case evaluate(Assignments)
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
        /// Whether the worker is to find out that the model's files on its host are those of rank 0; else another worker
        /// of the host has.
        public var checksModel: Bool

        public init(experiment: String, file: String, modelIdentity: String = "", checksModel: Bool = true) {
            self.experiment = experiment
            self.file = file
            self.modelIdentity = modelIdentity
            self.checksModel = checksModel
        }
    }

    private enum Kind: UInt8 { case prepare, evaluate, alive, stop }

    /// Makes `buffer` hold the message.
    public func encode(into buffer: inout [UInt8]) { ByteWriter.fill(&buffer) { encode(into: &$0) } }

    private func encode(into writer: inout ByteWriter) {
        switch self {
        case .prepare(let job):
            writer.put(Kind.prepare.rawValue)
            writer.put(job.experiment)
            writer.put(job.file)
            writer.put(job.modelIdentity)
            writer.put(UInt8(job.checksModel ? 1 : 0))
        case .evaluate(let assignments):
            writer.put(Kind.evaluate.rawValue)
            writer.put(assignments)
        case .alive: writer.put(Kind.alive.rawValue)
        case .stop: writer.put(Kind.stop.rawValue)
        }
    }

    /// Makes `buffer` hold the message `evaluate`, without making one.
    package static func encode(evaluate assignments: borrowing Assignments, into buffer: inout [UInt8]) {
        ByteWriter.fill(&buffer) {
            $0.put(Kind.evaluate.rawValue)
            $0.put(assignments)
        }
    }

    /// Appends the rows of the message `evaluate`.
    ///
    /// - Returns: `false`, and nothing is done, when it is another message.
    package static func read(evaluate assignments: inout Assignments, from bytes: RawSpan) throws(MessageError) -> Bool
    {
        var reader = ByteReader()
        guard try reader.take(UInt8.self, from: bytes) == Kind.evaluate.rawValue else { return false }
        try reader.take(appending: &assignments, from: bytes)
        try reader.end(of: bytes)
        return true
    }

    public init(from bytes: RawSpan) throws(MessageError) {
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
            var assignments = Assignments()
            try reader.take(appending: &assignments, from: bytes)
            self = .evaluate(assignments)
        case .alive: self = .alive
        case .stop: self = .stop
        case nil: throw .unknownKind(code)
        }
        try reader.end(of: bytes)
    }
}

extension ByteWriter {
    @inline(__always)
    fileprivate mutating func put(_ assignments: borrowing Assignments) {
        put(UInt32(assignments.count))
        put(column: assignments.rows)
        put(UInt8(assignments.parents.isEmpty ? 0 : 1))
        if !assignments.parents.isEmpty { put(parents: assignments.parents) }
    }

    private mutating func put(parents: [Assignments.ParentSolution?]) {
        for parent in parents {
            put(UInt8(parent == nil ? 0 : 1))
            guard let parent else { continue }
            put(parent.position.key)
            put(UInt32(parent.solution.count))
            put(column: parent.solution)
        }
    }
}

extension ByteReader {
    @inline(__always)
    fileprivate mutating func take(appending assignments: inout Assignments, from bytes: RawSpan) throws(MessageError) {
        let rows = assignments.count
        let count = Int(try take(UInt32.self, from: bytes))
        try take(appending: &assignments.rows, count: count, from: bytes)
        let areThere = try take(UInt8.self, from: bytes) != 0
        if areThere || !assignments.parents.isEmpty {
            try takeParents(appending: &assignments.parents, after: rows, count: count, areThere: areThere, from: bytes)
        }
    }

    private mutating func takeParents(
        appending parents: inout [Assignments.ParentSolution?], after rows: Int, count: Int, areThere: Bool, from bytes: RawSpan
    ) throws(MessageError) {
        if parents.isEmpty { parents = Array(repeating: nil, count: rows) }
        guard areThere else { return parents.append(contentsOf: repeatElement(nil, count: count)) }
        for _ in 0..<count {
            guard try take(UInt8.self, from: bytes) != 0 else {
                parents.append(nil)
                continue
            }
            let position = Position(key: try take(UInt64.self, from: bytes))
            let length = Int(try take(UInt32.self, from: bytes))
            let solution = try take(column: UInt8.self, count: length, from: bytes)
            parents.append(.init(position: position, solution: solution))
        }
    }
}
