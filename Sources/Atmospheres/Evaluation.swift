/// A model's answer for one point.
public struct Evaluation: Sendable, Equatable {
    /// What became of the point.
    public var outcome: Outcome
    /// Why it has that outcome.
    public var reason: Reason

    /// One number for each quantity of the model's description, in its unit; NaN for no value.
    public var values: [Double]

    /// The model's profiles one after the other, each surface first; NaN for no value.
    public var profiles: [Float]

    /// Exit status of the model's process; 0 for a model without one.
    public var exitCode: Int16 = 0

    /// What the point's children may start from; empty if nothing. Only the model knows what the bytes mean.
    public var solution: [UInt8] = []

    /// The end of the model's messages about a point that failed, for people to read, UTF-8; empty otherwise.
    public var log: [UInt8] = []

    /// Creates an evaluation without a result, of a model's shape.
    public init(of description: ModelDescription) {
        outcome = .pending
        reason = .none
        values = Array(repeating: .nan, count: description.quantities.count)
        profiles = Array(repeating: .nan, count: description.profileLength)
    }

    /// Removes the result, for the next point.
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
