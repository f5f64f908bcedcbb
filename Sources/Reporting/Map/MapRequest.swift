/// What a map shows of a results file.
public struct MapRequest: Sendable {
    /// How points that share a cell of the map are combined. They differ only on axes that the map does not show.
    public enum Projection: String, Sendable, CaseIterable {
        /// The cell is stable when any of its points is.
        case any
        /// The cell is stable when all of its explored points are.
        case all
    }

    /// A gas held at one value of its axis.
    public struct Slice: Sendable, Equatable {
        /// The formula of the gas, in any case.
        public var gas: String
        /// The surface volume mixing ratio; `nil` for the origin's.
        public var value: Double?

        /// Creates a slice.
        ///
        /// - Parameters:
        ///   - gas: the formula of the gas.
        ///   - value: the surface volume mixing ratio; `nil` for the origin's.
        public init(gas: String, value: Double?) {
            self.gas = gas
            self.value = value
        }
    }

    /// The gas on the horizontal axis; by default the first without a slice.
    public var x: String?
    /// The gas on the vertical axis; by default the next without a slice.
    public var y: String?
    /// The gases held at one value.
    public var slices: [Slice] = []
    /// How points that share a cell are combined.
    public var projection = Projection.any
    /// The variable that colours stable cells; `nil` colours them by outcome.
    public var color: String?

    /// Creates a request for the default map: the first two axes, the others projected, coloured by outcome.
    public init() {}
}

/// Why a map cannot be drawn, worded for the user.
public struct MapError: Error, Equatable, CustomStringConvertible {
    /// The message.
    public let description: String

    init(_ description: String) { self.description = description }
}
