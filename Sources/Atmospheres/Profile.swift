/// A vertical grid that profiles of a model are given on; a dimension of the results file.
public struct VerticalGrid: Hashable, Sendable {
    /// Name of the dimension: "level", "layer".
    public let name: String

    /// Number of levels, surface first.
    public let count: Int

    /// What the grid is, in words.
    public let longName: String

    public init(_ name: String, count: Int, longName: String) {
        precondition(count > 0, "a vertical grid has levels")
        self.name = name
        self.count = count
        self.longName = longName
    }
}

/// A quantity that a model returns on every level of a vertical grid, surface first.
public struct Profile: Hashable, Sendable {
    public let quantity: Quantity
    public let grid: VerticalGrid

    public init(_ quantity: Quantity, on grid: VerticalGrid) {
        self.quantity = quantity
        self.grid = grid
    }
}
