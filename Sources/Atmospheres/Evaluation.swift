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
        for i in values.indices { values[i] = .nan }
        for i in profiles.indices { profiles[i] = .nan }
    }
}
