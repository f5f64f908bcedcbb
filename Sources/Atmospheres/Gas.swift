/// A gas of an atmosphere, by its chemical formula.
public struct Gas: Hashable, Sendable {
    /// Row of the gas in ``known``; comparing two gases compares this byte alone.
    let row: UInt8

    /// The gas with this formula, as chemists write it ("CO2"); `nil` for an unknown formula.
    public init?(_ formula: String) {
        guard let row = Self.table.firstIndex(where: { $0.formula == formula }) else { return nil }
        self.row = UInt8(row)
    }

    init(row: Int) { self.row = UInt8(row) }

    /// Chemical formula: "CO2".
    public var formula: String { Self.table[Int(row)].formula }

    /// Name in words: "carbon dioxide".
    public var name: String { Self.table[Int(row)].name }

    /// Name of the gas's variable in the results file: "co2_mixing_ratio".
    public var variableName: String { formula.lowercased() + "_mixing_ratio" }

    /// CF standard name of the mole fraction in air, where the CF table has one.
    ///
    /// Source: CF Standard Name Table, version 85, `mole_fraction_of_X_in_air`.
    public var standardName: String? {
        Self.table[Int(row)].cfSpecies.map { "mole_fraction_of_\($0)_in_air" }
    }

    /// Every gas that an experiment may name.
    public static let known: [Gas] = table.indices.map(Gas.init(row:))

    /// Nitrogen.
    public static let n2 = Gas("N2")!
    /// Oxygen.
    public static let o2 = Gas("O2")!
    /// Water vapour.
    public static let h2o = Gas("H2O")!
    /// Carbon dioxide.
    public static let co2 = Gas("CO2")!
    /// Methane.
    public static let ch4 = Gas("CH4")!
    /// Hydrogen.
    public static let h2 = Gas("H2")!

    private static let table: [(formula: String, name: String, cfSpecies: String?)] = [
        ("N2", "nitrogen", nil),
        ("O2", "oxygen", "molecular_oxygen"),
        ("H2O", "water vapour", "water_vapor"),
        ("CO2", "carbon dioxide", "carbon_dioxide"),
        ("CH4", "methane", "methane"),
        ("H2", "hydrogen", "molecular_hydrogen"),
        ("Ar", "argon", nil),
        ("He", "helium", nil),
        ("CO", "carbon monoxide", "carbon_monoxide"),
        ("O3", "ozone", "ozone"),
        ("N2O", "nitrous oxide", "nitrous_oxide"),
        ("NO", "nitric oxide", "nitrogen_monoxide"),
        ("NO2", "nitrogen dioxide", "nitrogen_dioxide"),
        ("NH3", "ammonia", "ammonia"),
        ("SO2", "sulphur dioxide", "sulfur_dioxide"),
        ("H2S", "hydrogen sulphide", "hydrogen_sulfide"),
        ("OCS", "carbonyl sulphide", "carbonyl_sulfide"),
        ("C2H6", "ethane", "ethane"),
        ("C2H4", "ethene", "ethene"),
        ("C2H2", "ethyne", "ethyne"),
        ("HCl", "hydrogen chloride", "hydrogen_chloride"),
        ("HCN", "hydrogen cyanide", "hydrogen_cyanide"),
        ("CH3Cl", "methyl chloride", "methyl_chloride"),
    ]
}

extension Gas: CustomStringConvertible {
    /// The formula.
    public var description: String { formula }
}
