/// What of a results file a map is to show.
public struct MapRequest: Sendable {
    /// What stands for the points that lie behind one another.
    public enum Projection: String, Sendable, CaseIterable {
        /// Stable where any of them is.
        case any
        /// Stable where all that were explored are.
        case all
    }

    /// A gas held at one value of its axis.
    public struct Slice: Sendable, Equatable {
        public var gas: String
        /// Surface volume mixing ratio; `nil` for the origin's.
        public var value: Double?

        public init(gas: String, value: Double?) {
            self.gas = gas
            self.value = value
        }
    }

    /// Gas of the horizontal axis; by default the first that is not sliced.
    public var x: String?
    /// Gas of the vertical axis; by default the next.
    public var y: String?
    public var slices: [Slice] = []
    public var projection = Projection.any
    /// The variable that colours stable points; `nil` for the status.
    public var color: String?

    public init() {}
}

/// Why a map cannot be drawn, in words for the person who asked for it.
public struct MapError: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
