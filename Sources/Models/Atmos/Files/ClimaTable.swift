/// The climate model's report: `clima_allout.tab`.
///
/// Levels run as in the file, from the top of the atmosphere to the surface.
struct ClimaTable: Sendable {
    /// The atmosphere on the climate levels: the table `J P ALT T ...`. Every array has one number a level.
    struct Atmosphere: Sendable, Equatable {
        /// bar
        var pressure: [Double] = []
        /// km
        var altitude: [Double] = []
        /// K
        var temperature: [Double] = []
        /// 1 in the convective layer, else 0.
        var convective: [Double] = []
        /// Change of temperature in the step, K.
        var temperatureChange: [Double] = []
        /// Temperature before the step, K.
        var earlierTemperature: [Double] = []
        /// Water vapour mixing ratio.
        var waterVapour: [Double] = []
        /// Water vapour mixing ratio at the start.
        var savedWaterVapour: [Double] = []
        /// Ozone mixing ratio.
        var ozone: [Double] = []
        /// Infrared cooling rate, K/day.
        var cooling: [Double] = []
        /// Solar heating rate, K/day.
        var heating: [Double] = []
        /// Carbon dioxide mixing ratio; empty when the block was not reached.
        var carbonDioxide: [Double] = []
        var fluxes = Fluxes()

        var isFinite: Bool {
            [
                pressure, altitude, temperature, convective, temperatureChange, earlierTemperature, waterVapour,
                savedWaterVapour, ozone, cooling, heating, carbonDioxide, fluxes.pressure, fluxes.altitude,
                fluxes.total,
                fluxes.infrared, fluxes.downwardInfrared, fluxes.upwardInfrared, fluxes.solar, fluxes.downwardSolar,
                fluxes.upwardSolar, fluxes.divergence,
            ].allSatisfy { $0.allSatisfy(\.isFinite) }
        }
    }

    /// The fluxes between the levels, erg/cm2/s: the table `J PF ...`. Empty when it was not reached.
    struct Fluxes: Sendable, Equatable {
        /// bar
        var pressure: [Double] = []
        /// km
        var altitude: [Double] = []
        var total: [Double] = []
        var infrared: [Double] = []
        var downwardInfrared: [Double] = []
        var upwardInfrared: [Double] = []
        var solar: [Double] = []
        var downwardSolar: [Double] = []
        var upwardSolar: [Double] = []
        /// Net flux over the upward infrared flux at the top.
        var divergence: [Double] = []
    }

    /// Levels of the climate model.
    static let levelCount = 101

    let steps: [ClimaStep]

    /// The atmosphere after the first step; `nil` when the run did not come so far.
    let first: Atmosphere?

    /// The atmosphere after the last step; `nil` when the run did not come so far.
    let last: Atmosphere?

    /// - Throws: when a row of a table is no row of numbers.
    init(_ text: FortranText) throws(AtmosFileError) {
        var steps: [ClimaStep] = []
        var tables: [(afterSteps: Int, table: Atmosphere)] = []
        var line = 0
        while line < text.lineCount {
            if let step = ClimaStep(text[line]) {
                steps.append(step)
            } else if Self.isHeader(text[line], of: "P"), line + Self.levelCount < text.lineCount {
                let table = try Self.atmosphere(text, from: line + 1)
                // The header is repeated below the first table.
                tables.append((steps.count, table))
                line += Self.levelCount + 1
            } else if text.begins(line, "FCO2"), !tables.isEmpty {
                tables[tables.count - 1].table.carbonDioxide = try Self.values(text, from: line + 1)
            } else if Self.isHeader(text[line], of: "PF"), !tables.isEmpty, line + Self.levelCount < text.lineCount {
                tables[tables.count - 1].table.fluxes = try Self.fluxes(text, from: line + 1)
                line += Self.levelCount
            }
            line += 1
        }
        self.steps = steps
        first = tables.first?.table
        last = tables.count > 1 ? tables.last?.table : nil
    }

    init(contentsOf path: String) throws(AtmosFileError) {
        try self.init(try FortranText(contentsOf: path))
    }

    /// Surface temperature after the last step, K, to five digits; `nil` without a last table.
    var surfaceTemperature: Double? { last?.temperature.last }

    /// Surface pressure, bar: that of the grid, which the surface temperature at the start decides.
    var surfacePressure: Double? { last?.pressure.last }

    private static func isHeader(_ line: ArraySlice<UInt8>, of column: StaticString) -> Bool {
        guard line.count < 160, let byte = line.trimmingBlanks.first, byte == UInt8(ascii: "J") else { return false }
        let words = line.words
        return words.count > 2 && words[0].text == "J" && words[1].text == column.description
    }

    // Ends of the columns, from the formats that the rows show: I3, 3E11.4, E10.2, E13.4, 6E12.4.
    private static let atmosphereColumns = columns([11, 11, 11, 10, 13, 12, 12, 12, 12, 12, 12])
    // I3, 2E11.4, 8E12.4.
    private static let fluxColumns = columns([11, 11, 12, 12, 12, 12, 12, 12, 12, 12])

    /// Columns side by side, behind the level's number.
    private static func columns(_ widths: [Int]) -> [Range<Int>] {
        var start = 3
        return widths.map { width in
            defer { start += width }
            return start..<start + width
        }
    }

    private static func atmosphere(_ text: FortranText, from line: Int) throws(AtmosFileError) -> Atmosphere {
        let columns = try table(text, from: line, atmosphereColumns)
        return Atmosphere(
            pressure: columns[0], altitude: columns[1], temperature: columns[2], convective: columns[3],
            temperatureChange: columns[4], earlierTemperature: columns[5], waterVapour: columns[6],
            savedWaterVapour: columns[7], ozone: columns[8], cooling: columns[9], heating: columns[10])
    }

    private static func fluxes(_ text: FortranText, from line: Int) throws(AtmosFileError) -> Fluxes {
        let columns = try table(text, from: line, fluxColumns)
        return Fluxes(
            pressure: columns[0], altitude: columns[1], total: columns[2], infrared: columns[3],
            downwardInfrared: columns[4], upwardInfrared: columns[5], solar: columns[6], downwardSolar: columns[7],
            upwardSolar: columns[8], divergence: columns[9])
    }

    /// The columns of the rows from `line` on, one for each level.
    private static func table(
        _ text: FortranText, from line: Int, _ columns: [Range<Int>]
    ) throws(AtmosFileError) -> [[Double]] {
        var table = columns.map { _ in [Double]() }
        for level in 0..<levelCount {
            guard FortranNumber.parse(text.field(line + level, 0..<3)) == Double(level + 1) else {
                throw text.error(line + level, "is not the row of level \(level + 1)")
            }
            for (column, range) in columns.enumerated() {
                table[column].append(try text.number(line + level, range))
            }
        }
        return table
    }

    /// One value for each level, ten a line of nine columns each.
    private static func values(_ text: FortranText, from line: Int) throws(AtmosFileError) -> [Double] {
        var values: [Double] = []
        for level in 0..<levelCount where line + level / 10 < text.lineCount {
            let start = 1 + level % 10 * 9
            values.append(try text.number(line + level / 10, start..<start + 9))
        }
        return values
    }
}
