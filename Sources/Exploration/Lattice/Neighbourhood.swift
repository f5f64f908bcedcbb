/// Which positions a stable point opens.
public struct Neighbourhood: Sendable, Equatable {
    /// Along how many axes a neighbour may differ.
    public enum Shape: String, CaseIterable, Sendable {
        /// Along one axis at a time: 2 x reach x axes neighbours.
        case sides
        /// Along any axes together: (2 x reach + 1)^axes - 1 neighbours.
        case diagonals
    }

    /// Along how many axes a neighbour may differ.
    public let shape: Shape

    /// Steps along an axis, 1 or more.
    public let reach: Int

    /// Creates a neighbourhood.
    ///
    /// - Precondition: `reach` is at least 1.
    public init(_ shape: Shape = .sides, reach: Int = 1) {
        precondition(reach >= 1, "a neighbour is at least one step away")
        self.shape = shape
        self.reach = reach
    }

    /// Returns the steps to every neighbour of a position on `dimensions` axes, always in the same order.
    public func offsets(dimensions: Int) -> [[Int]] {
        let steps = (-reach...reach).filter { $0 != 0 }
        switch shape {
        case .sides:
            return (0..<dimensions).flatMap { axis in
                steps.map { step in (0..<dimensions).map { $0 == axis ? step : 0 } }
            }
        case .diagonals:
            var offsets: [[Int]] = [[]]
            for _ in 0..<dimensions {
                offsets = offsets.flatMap { prefix in (-reach...reach).map { prefix + [$0] } }
            }
            return offsets.filter { $0.contains { $0 != 0 } }
        }
    }
}
