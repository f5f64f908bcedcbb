/// The limits of a quantity that the model answers with.
public struct ValueBound: Sendable, Equatable {
    /// Index of the quantity among the model's answers.
    public var row: Int
    /// Least value within the limits; -infinity for none.
    public var minimum: Double
    /// Greatest value within the limits; infinity for none.
    public var maximum: Double

    /// Creates the limits of the quantity with index `row`; `nil` for no limit.
    public init(row: Int, minimum: Double? = nil, maximum: Double? = nil) {
        self.row = row
        self.minimum = minimum ?? -.infinity
        self.maximum = maximum ?? .infinity
    }

    func contains(_ value: Double) -> Bool { value >= minimum && value <= maximum }
}

extension [ValueBound] {
    /// Returns the values if they agree with the outcome, else NaN: another reason decided.
    func agreeing(_ values: [Double], isStable: Bool) -> [Double] {
        let isWithin = zip(self, values).allSatisfy { $0.contains($1) }
        return isWithin == isStable && values.allSatisfy(\.isFinite) ? values : values.map { _ in .nan }
    }
}
