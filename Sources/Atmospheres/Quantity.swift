/// Something a model returns: its name, unit and meaning, declared once and read by the results file, the reports and
/// the documentation.
public struct Quantity: Hashable, Sendable {
    /// How values are kept in the results file. In memory they are `Double`.
    public enum Storage: Sendable {
        /// A type of the results file.
        case float64, float32, int32
    }

    /// Name of the variable: lower case, underscores.
    public let name: String

    /// UDUNITS text; "1" for ratios.
    public let unit: String

    /// What it is, in words, for axis labels.
    public let longName: String

    /// Name in the CF Standard Name Table, if it has one.
    public let standardName: String?

    /// What a reader of the file must know beyond the long name: a conversion, a convention, a source.
    public let comment: String?

    /// How values are kept in the results file.
    public let storage: Storage

    /// Creates a quantity.
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
    /// The temperature at the surface.
    public static let surfaceTemperature = Quantity(
        "surface_temperature", "K", "surface temperature", standardName: "surface_temperature")
}
