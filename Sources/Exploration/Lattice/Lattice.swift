public import Atmospheres

/// The positions that an experiment can visit: the product of its axes, without those whose filler gas would be negative.
public struct Lattice: Sendable, Equatable {
    /// Why a lattice cannot be made.
    public enum Problem: Error, Equatable {
        /// The product of the axes' lengths does not fit in 63 bits.
        case tooManyPoints
    }

    /// A gas with the same mixing ratio everywhere.
    public struct HeldGas: Sendable, Equatable {
        /// The gas.
        public let gas: Gas
        /// Surface volume mixing ratio, dimensionless.
        public let mixingRatio: Double

        /// Creates a held gas with its surface volume mixing ratio.
        public init(_ gas: Gas, _ mixingRatio: Double) {
            self.gas = gas
            self.mixingRatio = mixingRatio
        }
    }

    /// The gases that vary, in the order of the experiment.
    public let axes: [Axis]
    /// The gases that do not vary.
    public let held: [HeldGas]

    /// The gas that makes up the rest to 1, if any.
    public let filler: Gas?

    /// The lengths of the axes, and the arithmetic of keys.
    public let shape: LatticeShape

    private let heldSum: Double
    /// Whether every position of the product is feasible.
    let isFeasibleEverywhere: Bool

    /// How far below 0 a filler may be and still count as 0: PyATMOS rounds N2 to 10 decimals.
    static let fillerTolerance = 5e-11

    /// Creates the lattice of these axes.
    public init(axes: [Axis], held: [HeldGas] = [], filler: Gas? = nil) throws(Problem) {
        precondition(!axes.isEmpty, "a lattice has axes")
        guard let shape = LatticeShape(axes.map(\.count)) else { throw .tooManyPoints }
        self.axes = axes
        self.held = held
        self.filler = filler
        self.shape = shape
        heldSum = held.reduce(0) { $0 + $1.mixingRatio }
        let largestSum = axes.reduce(heldSum) { $0 + $1.values[$1.count - 1] }
        isFeasibleEverywhere = Self.filler(leftBy: largestSum) >= 0
    }

    /// Number of axes.
    public var dimensions: Int { axes.count }

    /// Number of positions in the whole product, feasible or not.
    public var count: UInt64 { UInt64(shape.count) }

    /// Every gas in the order of a composition: axes, held gases, filler.
    public var gases: [Gas] { axes.map(\.gas) + held.map(\.gas) + (filler.map { [$0] } ?? []) }

    /// The position where the search starts.
    public var origin: Position { self[axes.map(\.origin)] }

    /// The position with these indices, one for each axis.
    public subscript(indices: [Int]) -> Position {
        precondition(indices.count == axes.count && shape.contains(indices), "each index is on its axis")
        return Position(key: UInt64(shape.key(of: indices)))
    }

    /// Returns the indices of `position`, one for each axis.
    public func indices(of position: Position) -> [Int] {
        var indices: [Int] = []
        decompose(position, into: &indices)
        return indices
    }

    /// Replaces `indices` by those of `position`, one for each axis.
    @inline(__always)
    public func decompose(_ position: Position, into indices: inout [Int]) {
        if indices.count != axes.count { indices = Array(repeating: 0, count: axes.count) }
        shape.decompose(Int(truncatingIfNeeded: position.key), into: &indices)
    }

    /// Returns a composition of the right shape, for ``compose(_:into:)`` to fill.
    public func blankComposition() -> Composition {
        Composition(gases: gases, mixingRatios: gases.map { _ in .nan })
    }

    /// Returns the composition at `position`.
    public func composition(of position: Position) -> Composition {
        var composition = blankComposition()
        compose(indices(of: position), into: &composition)
        return composition
    }

    /// Sets the mixing ratios of `composition`, which ``blankComposition()`` made, to those at these indices.
    public func compose(_ indices: [Int], into composition: inout Composition) {
        var sum = heldSum
        composition.mixingRatios.withUnsafeMutableBufferPointer { ratios in
            for i in axes.indices {
                let value = axes[i].values[indices[i]]
                ratios[i] = value
                sum += value
            }
            for i in held.indices { ratios[axes.count + i] = held[i].mixingRatio }
            if filler != nil { ratios[axes.count + held.count] = Self.filler(leftBy: sum) }
        }
    }

    /// Returns whether the gases leave the filler at 0 or more; without a filler, whether they sum to at most 1.
    public func isFeasible(_ position: Position) -> Bool {
        isFeasible(indices(of: position))
    }

    /// Returns whether the position with these indices is feasible.
    func isFeasible(_ indices: [Int]) -> Bool { isFeasible { indices[$0] } }

    /// Returns whether the position whose index on each axis is `index(axis)` is feasible; asks in the order of the axes.
    func isFeasible(_ index: (_ axis: Int) -> Int) -> Bool {
        if isFeasibleEverywhere { return true }
        var sum = heldSum
        for axis in axes.indices { sum += axes[axis].values[index(axis)] }
        return Self.filler(leftBy: sum) >= 0
    }

    private static func filler(leftBy sum: Double) -> Double {
        let rest = 1 - sum
        return rest < 0 && rest > -fillerTolerance ? 0 : rest
    }
}
