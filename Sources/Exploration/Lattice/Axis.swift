public import Atmospheres

/// The values that one gas takes: finite, ascending, one of them the origin's.
public struct Axis: Sendable, Equatable {
    /// The gas.
    public let gas: Gas

    /// Surface volume mixing ratios, dimensionless, strictly ascending.
    public let values: [Double]

    /// Index of the origin in ``values``.
    public let origin: Int

    /// Creates the axis of a gas.
    ///
    /// - Precondition: `values` is strictly ascending and `origin` is one of its indices.
    public init(_ gas: Gas, values: [Double], origin: Int) {
        precondition(values.indices.contains(origin), "the origin is on its axis")
        precondition(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "values ascend")
        self.gas = gas
        self.values = values
        self.origin = origin
    }

    /// Number of values.
    public var count: Int { values.count }
}
