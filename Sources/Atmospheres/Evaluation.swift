/// What a model gave for one point.
public struct Evaluation: Sendable, Equatable {
    public var outcome: Outcome
    public var reason: Reason

    /// One number for each quantity of the model's description, in its unit; NaN where the model has none.
    public var values: [Double]

    /// The model's profiles one after the other, each surface first; NaN where the model has none.
    public var profiles: [Float]

    /// Exit status of the model's process; 0 for a model without one.
    public var exitCode: Int16 = 0

    /// What a neighbour may start from; empty where there is nothing. The model alone knows what it means.
    public var solution: [UInt8] = []

    /// What a person wants to read of a point that failed: the end of the model's own messages, UTF-8; else empty.
    public var log: [UInt8] = []

    /// An evaluation without a result, of the shape that `description` says.
    public init(of description: ModelDescription) {
        outcome = .pending
        reason = .none
        values = Array(repeating: .nan, count: description.quantities.count)
        profiles = Array(repeating: .nan, count: description.profileLength)
    }

    /// Makes it as new, for the next point.
    public mutating func clear() {
        outcome = .pending
        reason = .none
        exitCode = 0
        solution.removeAll()
        log.removeAll()
        for i in values.indices { values[i] = .nan }
        for i in profiles.indices { profiles[i] = .nan }
    }
}
