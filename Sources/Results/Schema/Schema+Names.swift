// The names that the file itself needs. Every path, the names refused to models and what the reader looks for come from
// here.
extension Schema {
    /// What every results file has, or may have, in its root group, whatever the model and the lattice.
    public enum RootName: String, Sendable, CaseIterable {
        /// The unlimited dimension, and its scale.
        case point
        case status
        case reason
        case gridIndex = "grid_index"
        /// The dimension that counts the explored gases.
        case gas
        case gasName = "gas_name"
        case gasNameLength = "gas_name_strlen"
        /// The group of how each row was made.
        case run
        /// The group of the lattice.
        case axes
        /// The group of what a refinement infers.
        case inferred
    }

    /// The ending of the variable with the surface mixing ratio of a gas: a lattice may give such a variable to any gas.
    public static let mixingRatioSuffix = "_mixing_ratio"

    /// The names that no output, profile or vertical grid of a model may have, since the file needs them itself.
    public static let reservedNames = Set(RootName.allCases.map(\.rawValue))

    /// Returns whether `name` is not an outside program's to give to an output, a profile or a vertical grid.
    ///
    /// - Parameter name: a name in the root group, without a slash.
    public static func isReserved(_ name: String) -> Bool {
        reservedNames.contains(name) || name.hasSuffix(mixingRatioSuffix)
    }
}
