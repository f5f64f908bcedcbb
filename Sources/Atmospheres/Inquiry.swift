/// A point as a model is asked to evaluate it.
public struct Inquiry: Sendable {
    /// The search's number of the point: for names and logs, not for its value.
    public var number: UInt32

    /// Place of the point on the lattice: an index for each axis.
    public var indices: [Int]

    /// Surface volume mixing ratios; the same gases in the same order at every call.
    public var composition: Composition

    /// A solved neighbour to start from; `nil` at the origin, and for a model that needs none.
    public var start: Start?

    public init(number: UInt32, indices: [Int], composition: Composition, start: Start? = nil) {
        self.number = number
        self.indices = indices
        self.composition = composition
        self.start = start
    }
}

/// The parent of a point, as far as a model can start from it.
public struct Start: Sendable, Equatable {
    public var composition: Composition

    /// What the model kept of the parent in ``Evaluation/solution``, to the byte.
    public var solution: [UInt8]

    public init(composition: Composition, solution: [UInt8]) {
        self.composition = composition
        self.solution = solution
    }
}

/// How far a model has come with a point: what a slow one says while it works.
public struct Progress: Sendable, Equatable {
    /// Steps that the model has made.
    public var step: UInt32

    /// Time that has passed in the model, in seconds; NaN for a model without a clock.
    public var modelTime: Double

    public init(step: UInt32 = 0, modelTime: Double = .nan) {
        self.step = step
        self.modelTime = modelTime
    }
}
