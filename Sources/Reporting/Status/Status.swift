internal import Atmospheres
public import Exploration
public import Results

/// Where a job stands, from its results file alone.
public struct Status: Sendable, Codable, Equatable {
    /// How the file was left.
    public enum State: String, Sendable, Codable {
        /// A writer has it open.
        case running
        /// Its writer ended without closing it.
        case interrupted
        /// Closed in order, nothing left to evaluate.
        case complete
        /// Closed in order with work left.
        case partial
    }

    public struct Count: Sendable, Codable, Equatable {
        public var name: String
        public var count: Int
        /// Of an outcome: the reasons, the most frequent first.
        public var reasons: [Count]?
    }

    public struct Point: Sendable, Codable, Equatable {
        public struct Amount: Sendable, Codable, Equatable {
            public var gas: String
            /// Surface volume mixing ratio, dimensionless.
            public var mixingRatio: Double
        }

        public var row: Int
        /// The explored gases, in the order of the axes.
        public var composition: [Amount]
        public var outcome: String
        public var reason: String
        /// K; `nil` where the model gave none.
        public var surfaceTemperature: Double?
        /// When the evaluation ended, seconds since 1970-01-01T00:00:00Z.
        public var finishedAt: Double
        public var worker: Int
    }

    public var file: String
    public var bytes: Int
    public var state: State
    /// Who writes it.
    public var writer: String?
    public var experiment: String
    public var source: String
    /// Points with a result.
    public var points: Int
    public var outcomes: [Count]
    /// Which points were chosen: "flood"; `nil` when the file's experiment is not understood.
    public var search: String?
    /// Of a refinement that was closed: points without a result of their own whose kind the others tell.
    public var inferred: Int?
    /// Of a refinement that was closed: points of which nothing is known.
    public var open: Int?
    /// Points opened and not settled; `nil` for a refinement, and when the file's experiment is not understood.
    public var frontier: Int?
    /// Least and greatest surface temperature of the stable points, K.
    public var surfaceTemperature: [Double]?
    public var activity: Activity
    /// The last points, the newest first.
    public var lastPoints: [Point]
    /// When the file was last written, seconds since 1970-01-01T00:00:00Z.
    public var lastCommitAt: Double?
    /// Seconds from then to the moment of looking.
    public var secondsSinceLastCommit: Double?
    /// The moment of looking, seconds since 1970-01-01T00:00:00Z.
    public var lookedAt: Double

    /// - Parameters:
    ///   - neighbourhood: what a stable point of the experiment opens; `nil` when it is not known.
    ///   - search: which points were chosen; `nil` when it is not known.
    ///   - lastPoints: how many of the last points to tell.
    ///   - time: the moment of looking, seconds since 1970-01-01T00:00:00Z.
    public init(
        of reader: borrowing ResultsReader, _ neighbourhood: Neighbourhood?, search: String? = nil,
        lastPoints: Int = 3, at time: Double
    ) throws {
        let isRunning: Bool
        switch reader.condition {
        case .beingWritten(let holder):
            (state, writer, isRunning) = (.running, holder.description, true)
        case .interrupted: (state, writer, isRunning) = (.interrupted, nil, false)
        case .closed(let completion):
            (state, writer, isRunning) = (completion == .complete ? .complete : .partial, nil, false)
        }
        file = reader.path
        bytes = reader.byteCount
        lastCommitAt = reader.modifiedAt
        secondsSinceLastCommit = lastCommitAt.map { max(0, time - $0) }
        lookedAt = time
        experiment = try reader.text("title") ?? ""
        source = try reader.text("source") ?? ""
        points = reader.rows.count
        self.search = search
        let kinds = try isRunning ? nil : reader.inferredKinds()
        inferred = kinds?.count { $0.inferredStable != nil }
        open = kinds?.count { $0 == .open }
        let lattice = try reader.lattice()
        let indices = try reader.gridIndices()
        outcomes = try Self.outcomes(reader)
        frontier = neighbourhood.map {
            Rim(indices, isStable: reader.outcomes.map { $0 == .stable }, $0, on: lattice).count
        }
        surfaceTemperature = try Self.surface(reader).flatMap { values in
            zip(values, reader.outcomes).lazy.filter { $1 == .stable && $0.isFinite }.map(\.0).bounds
        }
        activity = try Activity(of: reader, isRunning: isRunning, at: time)
        self.lastPoints = try Self.last(lastPoints, reader, lattice, indices)
    }

    private static func outcomes(_ reader: borrowing ResultsReader) throws -> [Count] {
        var counts = [Int](repeating: 0, count: Outcome.allCases.count * 256)
        for (outcome, reason) in zip(reader.outcomes, try reader.reasons()) {
            counts[Int(outcome.rawValue) << 8 | Int(reason)] += 1
        }
        let names = try reader.reasonNames()
        return Outcome.allCases.filter { $0 != .pending }.map { outcome in
            let ofOutcome = counts[Int(outcome.rawValue) << 8..<(Int(outcome.rawValue) + 1) << 8]
            let reasons = ofOutcome.enumerated().filter { $0.offset > 0 && $0.element > 0 }
                .map { Count(name: names[UInt8($0.offset)] ?? "code_\($0.offset)", count: $0.element) }
            return Count(
                name: outcome.name, count: ofOutcome.reduce(0, +),
                reasons: reasons.sorted { ($1.count, $0.name) < ($0.count, $1.name) })
        }
    }

    private static func surface(_ reader: borrowing ResultsReader) throws -> [Double]? {
        do {
            return try reader.values(of: Quantity.surfaceTemperature.name)
        } catch ResultsError.noSuchVariable {
            return nil
        }
    }

    private static func last(
        _ count: Int, _ reader: borrowing ResultsReader, _ lattice: Lattice, _ indices: [Int32]
    ) throws -> [Point] {
        let places = (max(0, reader.rows.count - count)..<reader.rows.count).reversed()
        guard !places.isEmpty else { return [] }
        let (reasons, names) = (try reader.reasons(), try reader.reasonNames())
        let (finished, workers) = (try reader.finishedAt(), try reader.workers())
        let temperatures = try surface(reader)
        return places.map { i in
            Point(
                row: reader.rows[i],
                composition: lattice.axes.enumerated().map { axis, values in
                    let index = Int(indices[i * lattice.dimensions + axis])
                    let isThere = values.values.indices.contains(index)
                    return .init(gas: values.gas.formula, mixingRatio: isThere ? values.values[index] : .nan)
                },
                outcome: reader.outcomes[i].name, reason: names[reasons[i]] ?? "code_\(reasons[i])",
                surfaceTemperature: temperatures.flatMap { $0[i].isFinite ? $0[i] : nil }, finishedAt: finished[i],
                worker: Int(workers[i]))
        }
    }
}

extension Sequence<Double> {
    /// The least and the greatest; `nil` when there is none.
    var bounds: [Double]? {
        var bounds: (Double, Double)?
        for value in self {
            bounds = bounds.map { (Swift.min($0.0, value), Swift.max($0.1, value)) } ?? (value, value)
        }
        return bounds.map { [$0.0, $0.1] }
    }
}
