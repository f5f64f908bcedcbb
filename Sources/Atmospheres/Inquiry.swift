/// A point as a model is asked to evaluate it.
public struct Inquiry: Sendable {
    /// The search's running number of the point, unique within a job. It matches answers to questions and has no
    /// meaning outside the process.
    public var id: UInt32

    /// The point's position on the lattice: an index for each axis.
    public var indices: [Int]

    /// Surface volume mixing ratios; the same gases in the same order at every call.
    public var composition: Composition

    /// A solved neighbour to start from; `nil` at the origin, and for a model that needs none.
    public var parent: Parent?

    /// A question about one point.
    public init(id: UInt32, indices: [Int], composition: Composition, parent: Parent? = nil) {
        self.id = id
        self.indices = indices
        self.composition = composition
        self.parent = parent
    }
}

/// The parent of a point, as far as a model can start from it.
public struct Parent: Sendable, Equatable {
    /// The parent's composition.
    public var composition: Composition

    /// What the model kept of the parent in ``Evaluation/solution``, byte for byte.
    public var solution: [UInt8]

    /// A parent with its composition and solution.
    public init(composition: Composition, solution: [UInt8]) {
        self.composition = composition
        self.solution = solution
    }
}

/// How far a slow model has come with a point, as it reports while it works.
public struct Progress: Sendable, Equatable {
    /// Steps that the model has made.
    public var step: UInt32

    /// Simulated time that has passed in the model, in seconds; NaN for a model without a clock.
    public var modelTime: Double

    /// Progress of `step` steps and `modelTime` seconds.
    public init(step: UInt32 = 0, modelTime: Double = .nan) {
        self.step = step
        self.modelTime = modelTime
    }
}
