/// Surface volume mixing ratios of the gases of one atmosphere.
public struct Composition: Sendable, Equatable {
    /// The gases, each once, in the order of the experiment: axes, held gases, filler.
    public let gases: [Gas]

    /// Surface volume mixing ratio of each gas, dimensionless, in the order of ``gases``.
    public var mixingRatios: [Double]

    /// Creates a composition with one mixing ratio for each gas.
    public init(gases: [Gas], mixingRatios: [Double]) {
        precondition(gases.count == mixingRatios.count, "one mixing ratio for each gas")
        self.gases = gases
        self.mixingRatios = mixingRatios
    }

    /// The mixing ratio that stands for 0 in logarithms: a ten-thousandth of a part per billion, below what any of the
    /// models resolves.
    public static let logFloor = 1e-13

    /// Mixing ratio of `gas`, dimensionless; `nil` when the experiment does not name the gas.
    public subscript(gas: Gas) -> Double? {
        gases.firstIndex(of: gas).map { mixingRatios[$0] }
    }
}
