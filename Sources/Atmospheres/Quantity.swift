/// Something a model returns: its name, unit and meaning, declared once and read by the results file, the reports and
/// the documentation.
public struct Quantity: Hashable, Sendable {
    /// How values are kept in the results file. In memory they are `Double`.
    public enum Storage: Sendable {
        case float64, float32, int32
    }

    /// Name of the variable: lower case, underscores.
    public let name: String

    /// UDUNITS text; "1" for ratios.
    public let unit: String

    /// What it is, in words, for an axis label.
    public let longName: String

    /// Name in the CF Standard Name Table, where it has one.
    public let standardName: String?

    /// What a reader of the file must know beyond the long name: a conversion, a convention, a source.
    public let comment: String?

    public let storage: Storage

    public init(
        _ name: String, _ unit: String, _ longName: String, standardName: String? = nil, comment: String? = nil,
        storage: Storage = .float64
    ) {
        self.name = name
        self.unit = unit
        self.longName = longName
        self.standardName = standardName
        self.comment = comment
        self.storage = storage
    }
}

extension Quantity {
    public static let surfaceTemperature = Quantity(
        "surface_temperature", "K", "surface temperature", standardName: "surface_temperature")
}
