internal import Atmospheres
public import Exploration
public import Results

/// The state of a job, derived from its results file alone.
public struct Status: Sendable, Codable, Equatable {
    /// The state of a results file.
    public enum FileState: String, Sendable, Codable {
        /// A job is writing it.
        case running
        /// Its writer ended without closing it.
        case interrupted
        /// Closed; nothing is left to evaluate.
        case complete
        /// Closed with points left to evaluate.
        case partial
    }

    /// A named number.
    public struct Count: Sendable, Codable, Equatable {
        /// The name of an outcome or of a reason.
        public var name: String
        /// The number of points.
        public var count: Int
        /// For an outcome, its reasons, the most frequent first; `nil` for a reason.
        public var reasons: [Count]?
    }

    /// An evaluated point.
    public struct Point: Sendable, Codable, Equatable {
        /// A gas and its mixing ratio.
        public struct Amount: Sendable, Codable, Equatable {
            /// The chemical formula.
            public var gas: String
            /// The surface volume mixing ratio, dimensionless; NaN where the index is not on its axis.
            public var mixingRatio: Double
        }

        /// Its row in the results file.
        public var row: Int
        /// The explored gases, in the order of the axes.
        public var composition: [Amount]
        /// The name of its outcome.
        public var outcome: String
        /// The name of the reason; "none" for a stable point.
        public var reason: String
        /// The surface temperature in K; `nil` where the model returned none.
        public var surfaceTemperature: Double?
        /// When the evaluation ended, in seconds since 1970-01-01T00:00:00Z.
        public var finishedAt: Double
        /// The rank that evaluated it.
        public var worker: Int
    }

    /// The path of the results file.
    public var file: String
    /// The size of the file in bytes.
    public var bytes: Int
    /// The state of the file.
    public var state: FileState
    /// The process that writes the file; `nil` when none does.
    public var writer: String?
    /// The title of the experiment.
    public var experiment: String
    /// The program and the model that made the file.
    public var source: String
    /// The number of evaluated points.
    public var points: Int
    /// The number of points of each outcome.
    public var outcomes: [Count]
    /// The search that chose the points, such as "flood"; `nil` when this program cannot read the experiment.
    public var search: String?
    /// The number of points whose outcome is inferred from evaluated ones; `nil` unless a refinement is closed.
    public var inferred: Int?
    /// The number of points about which nothing is known; `nil` unless a refinement is closed.
    public var open: Int?
    /// The number of points opened and not settled; `nil` for a refinement, and when this program cannot read the
    /// experiment.
    public var frontier: Int?
    /// The lowest and the highest surface temperature of the stable points, in K; `nil` when there is none.
    public var surfaceTemperature: [Double]?
    /// The rate and the workers.
    public var activity: Activity
    /// The last points to finish, the newest first.
    public var lastPoints: [Point]
    /// When the file was last written, in seconds since 1970-01-01T00:00:00Z.
    public var lastCommitAt: Double?
    /// Seconds from the last commit to `lookedAt`.
    public var secondsSinceLastCommit: Double?
    /// When the file was read, in seconds since 1970-01-01T00:00:00Z.
    public var lookedAt: Double

    /// Reads the state of a job from its results file.
    ///
    /// - Parameters:
    ///   - reader: the file.
    ///   - neighbourhood: the neighbours that a stable point of the experiment opens; `nil` when they are not known.
    ///   - search: the search that chose the points; `nil` when it is not known.
    ///   - lastPoints: how many of the last points to report.
    ///   - time: now, in seconds since 1970-01-01T00:00:00Z.
    /// - Throws: an error of reading the file.
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
        experiment = try reader.text(.title) ?? ""
        source = try reader.text(.source) ?? ""
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
        surfaceTemperature = try reader.stableSurfaceTemperatures().map { [$0.lowerBound, $0.upperBound] }
        activity = try Activity(of: reader, isRunning: isRunning, at: time)
        self.lastPoints = try Self.points(last: lastPoints, reader, lattice, indices)
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

    private static func points(
        last count: Int, _ reader: borrowing ResultsReader, _ lattice: Lattice, _ indices: [Int32]
    ) throws -> [Point] {
        let last = (max(0, reader.rows.count - count)..<reader.rows.count).reversed()
        guard !last.isEmpty else { return [] }
        let (reasons, names) = (try reader.reasons(), try reader.reasonNames())
        let (finished, workers) = (try reader.finishedAt(), try reader.workers())
        let temperatures = try reader.surfaceTemperatures()
        return last.map { i in
            Point(
                row: reader.rows[i],
                composition: lattice.axes.enumerated().map { number, axis in
                    let index = Int(indices[i * lattice.dimensions + number])
                    let isOnAxis = axis.values.indices.contains(index)
                    return .init(gas: axis.gas.formula, mixingRatio: isOnAxis ? axis.values[index] : .nan)
                },
                outcome: reader.outcomes[i].name, reason: names[reasons[i]] ?? "code_\(reasons[i])",
                surfaceTemperature: temperatures.flatMap { $0[i].isFinite ? $0[i] : nil }, finishedAt: finished[i],
                worker: Int(workers[i]))
        }
    }
}

extension ResultsReader {
    /// The surface temperature of every row in K, NaN where it has none; `nil` when the model returns none.
    func surfaceTemperatures() throws -> [Double]? {
        do {
            return try values(of: Quantity.surfaceTemperature.name)
        } catch ResultsError.noSuchVariable {
            return nil
        }
    }

    /// The range of the surface temperature of the stable points, in K; `nil` when no stable point has one.
    func stableSurfaceTemperatures() throws -> ClosedRange<Double>? {
        do {
            return try range(of: Quantity.surfaceTemperature.name, among: .stable)
        } catch ResultsError.noSuchVariable {
            return nil
        }
    }
}
