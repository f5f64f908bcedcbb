/// Writes the `clima_allout.tab` of the made-up climate.
struct ClimaReportPage {
    private(set) var page = Page()

    private static let header =
        "  J     P         ALT         T        CONVEC       DT          TOLD        FH20       FSAVE        FO3"
        + "        TCOOL       THEAT"
    private static let fluxHeader =
        "  J    PF         ALT       FTOTAL       FTIR       FDNIR       FUPIR       FTSOL       FDNSOL       FUPSOL"
        + "       DIVF"

    mutating func begin(_ gases: [String: Double], isWarmStart: Bool) {
        page.line("\n    OUTPUT OF A STAND-IN\n")
        page.text(" Solar Constant= 1.000")
        for (name, gas) in [("CH4", "CH4"), ("CO2", "CO2"), ("O2", "O2"), ("N2", "N2"), ("H2", "H2"), ("AR", "Ar")] {
            page.text("   F_\(name)= ")
            page.e(gases[gas] ?? 0, 10, 4)
        }
        page.line("  IO3 =  1   IUP=  \(isWarmStart ? 0 : 1)")
        page.line(" ICONSERV= 0  FAC= 4.0  ND=101  SRFALB= 0.316  G= 980.7  IMW= 2  INVERSE= 0\n\n FNO2 = 2.519E-71\n")
    }

    mutating func row(_ step: Int, temperature: Double, change: Double) {
        let imbalance = change / (0.1 * temperature)
        page.text(" NST=")
        page.right("\(step)", 6)
        page.text(" JCONV= 74 CHG=")
        page.e(abs(change) / temperature, 8, 2)
        page.text(" dt0=1.00E+04 DIVF(1)=")
        page.e(imbalance, 9, 2)
        page.text(" DIVFrms=")
        page.e(abs(imbalance) + 1e-3, 9, 2)
        page.text(" DT(ND)=")
        page.e(change, 9, 2)
        page.text(" T(ND)=")
        page.e(temperature, 10, 4)
        page.endLine()
    }

    mutating func tables(_ result: ClimaResult, change: Double, notFinite: Bool = false) {
        page.line("\n TIME= 5.000E+03  TIME IN DAYS = 5.787E-02\n\n PLANETARY ALBEDO:  ALBP = 0.2588\n")
        page.line(Self.header)
        let levels = 0..<ClimaStandIn.levels
        for level in levels {
            page.right("\(level + 1)", 3)
            let temperature = notFinite && level == 50 ? .nan : result.temperature[level]
            for value in [result.pressure[level], result.altitude[level], temperature] { page.e(value, 11, 4) }
            page.e(level > 73 ? 1 : 0, 10, 2)
            page.e(change, 13, 4)
            let water = result.waterVapour[level]
            for value in [result.temperature[level] - change, water, water, 2e-8, -2.0, level == 100 ? 0 : 0.8] {
                page.e(value, 12, 4)
            }
            page.endLine()
        }
        page.line(Self.header)
        page.line("\n FCO2")
        for level in levels {
            if level % 10 == 0 { page.text(level == 0 ? " " : "\n ") }
            page.e(result.carbonDioxide, 9, 2)
        }
        page.line("\n\n" + Self.fluxHeader)
        for level in levels {
            page.right("\(level + 1)", 3)
            page.e(result.pressure[level], 11, 4)
            page.e(result.altitude[level], 11, 4)
            for value in [1e2, -2.5e5, 1e5, 3.5e5, 2.5e5, 3.4e5, 9e4, 1e-4] { page.e(value, 12, 4) }
            page.endLine()
        }
        page.line()
    }

    mutating func cut(to count: Int) { page.cut(to: count) }
}
