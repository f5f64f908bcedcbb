/// When a job stops in an orderly way before the frontier is exhausted. It can be resumed with other conditions.
public struct StopConditions: Sendable, Equatable {
    /// Number of settled points in all launches together.
    public var points: Int?
    /// Steps from the origin: points of this generation are the last to be evaluated.
    public var generations: Int?
    /// Time that one launch may take.
    public var wallTime: Duration?

    /// Conditions; `nil` for none.
    public init(points: Int? = nil, generations: Int? = nil, wallTime: Duration? = nil) {
        self.points = points
        self.generations = generations
        self.wallTime = wallTime
    }

    init(_ setting: Setting) throws(ExperimentError) {
        let section = try Section(setting, keys: ["points", "generations", "wall_time"])
        points = try section.read("points") { (s) throws(ExperimentError) in try s.integer(in: 1...Int(UInt32.max)) }
        generations = try section.read("generations") { (s) throws(ExperimentError) in
            try s.integer(in: 0...Int(Int32.max))
        }
        wallTime = try section.read("wall_time") { (s) throws(ExperimentError) in
            try Duration.seconds(s.quantity(.duration, over: 0, to: 3.2e9))
        }
    }

    /// The conditions in words; empty when there are none.
    public var list: [String] {
        [
            points.map { "\($0) points" }, generations.map { "generation \($0)" },
            wallTime.map { "\($0)" },
        ].compactMap(\.self)
    }
}
