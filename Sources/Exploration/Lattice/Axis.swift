public import Atmospheres

/// The values that one gas takes: finite, ascending, with the origin's place among them.
public struct Axis: Sendable, Equatable {
    public let gas: Gas

    /// Surface volume mixing ratios, dimensionless, strictly ascending.
    public let values: [Double]

    /// Index of the origin in ``values``.
    public let origin: Int

    /// - Precondition: `values` is strictly ascending and `origin` is one of its indices.
    public init(_ gas: Gas, values: [Double], origin: Int) {
        precondition(values.indices.contains(origin), "the origin is on its axis")
        precondition(zip(values, values.dropFirst()).allSatisfy { $0 < $1 }, "values ascend")
        self.gas = gas
        self.values = values
        self.origin = origin
    }

    public var count: Int { values.count }
}
