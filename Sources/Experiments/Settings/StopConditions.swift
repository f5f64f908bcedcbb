/// When a job ends in order before the frontier is exhausted. It can be continued with other conditions.
public struct StopConditions: Sendable, Equatable {
    /// Number of settled points, all launches together.
    public var points: Int?
    /// Steps from the origin: points of this generation are the last to be asked.
    public var generations: Int?
    /// Time that one launch may take.
    public var wallTime: Duration?

    public init(points: Int? = nil, generations: Int? = nil, wallTime: Duration? = nil) {
        self.points = points
        self.generations = generations
        self.wallTime = wallTime
    }

    init(_ setting: Setting) throws(ExperimentError) {
        let section = try Section(setting, keys: ["points", "generations", "wall_time"])
        points = try section["points"].map { (s) throws(ExperimentError) in try s.integer(in: 1...Int(UInt32.max)) }
        generations = try section["generations"].map { (s) throws(ExperimentError) in
            try s.integer(in: 0...Int(Int32.max))
        }
        wallTime = try section["wall_time"].map { (s) throws(ExperimentError) in
            try .seconds(s.quantity(.duration, over: 0, to: 3.2e9))
        }
    }

    /// The conditions in words; empty when there is none.
    public var list: [String] {
        [
            points.map { "\($0) points" }, generations.map { "generation \($0)" },
            wallTime.map { "\($0)" },
        ].compactMap(\.self)
    }
}
