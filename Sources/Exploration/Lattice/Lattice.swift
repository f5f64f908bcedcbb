public import Atmospheres

/// The points that an experiment can visit: the product of its axes, less those whose filler gas is negative.
public struct Lattice: Sendable, Equatable {
    public enum Problem: Error, Equatable {
        /// The product of the axes' lengths does not fit in 63 bits.
        case tooManyPoints
    }

    /// A gas at one mixing ratio everywhere.
    public struct HeldGas: Sendable, Equatable {
        public let gas: Gas
        /// Surface volume mixing ratio, dimensionless.
        public let mixingRatio: Double

        public init(_ gas: Gas, _ mixingRatio: Double) {
            self.gas = gas
            self.mixingRatio = mixingRatio
        }
    }

    public let axes: [Axis]
    public let held: [HeldGas]

    /// The gas that makes up the rest to 1, if any.
    public let filler: Gas?

    /// Points of the whole product, feasible or not.
    public let count: UInt64

    /// What one step on each axis adds to a key.
    let strides: [UInt64]
    private let heldSum: Double
    /// Whether no point of the product is infeasible.
    let isFeasibleEverywhere: Bool

    /// How far below 0 a filler may be and still count as 0: PyATMOS rounds N2 to 10 decimals.
    static let fillerTolerance = 5e-11

    public init(axes: [Axis], held: [HeldGas] = [], filler: Gas? = nil) throws(Problem) {
        precondition(!axes.isEmpty, "a lattice has axes")
        self.axes = axes
        self.held = held
        self.filler = filler
        heldSum = held.reduce(0) { $0 + $1.mixingRatio }
        var count: UInt64 = 1
        var strides = [UInt64](repeating: 0, count: axes.count)
        for i in axes.indices.reversed() {
            strides[i] = count
            let (product, overflow) = count.multipliedReportingOverflow(by: UInt64(axes[i].count))
            guard !overflow, product < 1 << 63 else { throw .tooManyPoints }
            count = product
        }
        self.count = count
        self.strides = strides
        let largestSum = axes.reduce(heldSum) { $0 + $1.values[$1.count - 1] }
        isFeasibleEverywhere = Self.filler(leftBy: largestSum) >= 0
    }

    public var dimensions: Int { axes.count }

    /// Every gas in the order of a point's composition: axes, held gases, filler.
    public var gases: [Gas] { axes.map(\.gas) + held.map(\.gas) + (filler.map { [$0] } ?? []) }

    public var origin: Position { self[axes.map(\.origin)] }

    /// The point at these indices, one for each axis.
    public subscript(indices: [Int]) -> Position {
        precondition(indices.count == axes.count)
        var key: UInt64 = 0
        for (i, index) in indices.enumerated() {
            precondition(axes[i].values.indices.contains(index), "the index is on its axis")
            key += UInt64(index) * strides[i]
        }
        return Position(key: key)
    }

    /// The indices of `point`, one for each axis.
    public func indices(of point: Position) -> [Int] {
        var indices: [Int] = []
        decompose(point, into: &indices)
        return indices
    }

    /// Makes `indices` those of `point`, one for each axis.
    @inline(__always)
    public func decompose(_ point: Position, into indices: inout [Int]) {
        if indices.count != strides.count { indices = Array(repeating: 0, count: strides.count) }
        var rest = point.key
        let last = strides.count - 1
        for i in 0..<last {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: strides[i])
            indices[i] = Int(quotient)
            rest = remainder
        }
        indices[last] = Int(rest)
    }

    /// A composition of the right shape, to be filled by ``compose(_:into:)``.
    public func blankComposition() -> Composition {
        Composition(gases: gases, mixingRatios: gases.map { _ in .nan })
    }

    /// The composition at `point`.
    public func composition(of point: Position) -> Composition {
        var composition = blankComposition()
        compose(indices(of: point), into: &composition)
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

    /// Whether the gases of `point` leave the filler at 0 or more; without a filler, whether they sum to at most 1.
    public func isFeasible(_ point: Position) -> Bool {
        isFeasible(indices(of: point))
    }

    func isFeasible(_ indices: [Int]) -> Bool { isFeasible { indices[$0] } }

    /// - Parameter index: the point's index on each axis; asked for in the order of the axes.
    func isFeasible(_ index: (Int) -> Int) -> Bool {
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
