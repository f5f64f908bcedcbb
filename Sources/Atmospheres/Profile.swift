/// A vertical grid on which a model returns profiles; a dimension of the results file.
public struct VerticalGrid: Hashable, Sendable {
    /// Name of the dimension: "level", "layer".
    public let name: String

    /// Number of levels, surface first.
    public let count: Int

    /// What the grid is, in words.
    public let longName: String

    /// Creates a vertical grid.
    public init(_ name: String, count: Int, longName: String) {
        precondition(count > 0, "a vertical grid has levels")
        self.name = name
        self.count = count
        self.longName = longName
    }
}

/// A quantity that a model returns on every level of a vertical grid, surface first.
public struct Profile: Hashable, Sendable {
    /// What is returned.
    public let quantity: Quantity
    /// The levels.
    public let grid: VerticalGrid

    /// Creates a profile of `quantity` on `grid`.
    public init(_ quantity: Quantity, on grid: VerticalGrid) {
        self.quantity = quantity
        self.grid = grid
    }
}
