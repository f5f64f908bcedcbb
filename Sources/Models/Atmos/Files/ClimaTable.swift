/// The report of the climate model: `clima_allout.tab`.
///
/// Levels are in the order of the file, from the top of the atmosphere to the surface.
struct ClimaTable: Sendable {
    /// The atmosphere on the climate levels: the table `J P ALT T ...`. Each array has one number per level.
    struct Atmosphere: Sendable, Equatable {
        /// Pressure, bar.
        var pressure: [Double] = []
        /// Altitude, km.
        var altitude: [Double] = []
        /// Temperature, K.
        var temperature: [Double] = []
        /// 1 in the convective layer, 0 elsewhere.
        var convective: [Double] = []
        /// Temperature change in the step, K.
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
        /// Carbon dioxide mixing ratio; empty if the report ends before it.
        var carbonDioxide: [Double] = []
        /// The fluxes between the levels.
        var fluxes = Fluxes()

        /// Whether every number is finite.
        var isFinite: Bool {
            [
                pressure, altitude, temperature, convective, temperatureChange, earlierTemperature, waterVapour,
                savedWaterVapour, ozone, cooling, heating, carbonDioxide, fluxes.pressure, fluxes.altitude,
                fluxes.total, fluxes.infrared, fluxes.downwardInfrared, fluxes.upwardInfrared, fluxes.solar,
                fluxes.downwardSolar,
                fluxes.upwardSolar, fluxes.divergence,
            ].allSatisfy { $0.allSatisfy(\.isFinite) }
        }
    }

    /// The fluxes between the levels, erg/cm2/s: the table `J PF ...`. Empty if the report ends before it.
    struct Fluxes: Sendable, Equatable {
        /// Pressure, bar.
        var pressure: [Double] = []
        /// Altitude, km.
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

    /// The number of levels of the climate model.
    static let levelCount = 101

    /// The steps of the run, in order.
    let steps: [ClimaStep]

    /// The atmosphere after the last step; `nil` if the run ended before it.
    let last: Atmosphere?

    /// Reads a report.
    ///
    /// - Throws: an error if a row of a table does not consist of numbers.
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
        // The first table is that after the first step.
        last = tables.count > 1 ? tables.last?.table : nil
    }

    private static func isHeader(_ line: ArraySlice<UInt8>, of column: StaticString) -> Bool {
        guard line.count < 160, let byte = line.trimmingBlanks.first, byte == UInt8(ascii: "J") else { return false }
        let words = line.words
        return words.count > 2 && words[0].text == "J" && words[1].text == column.description
    }

    // The columns of the formats I3, 3E11.4, E10.2, E13.4, 6E12.4.
    private static let atmosphereColumns = columns([11, 11, 11, 10, 13, 12, 12, 12, 12, 12, 12])
    // The columns of the format I3, 2E11.4, 8E12.4.
    private static let fluxColumns = columns([11, 11, 12, 12, 12, 12, 12, 12, 12, 12])

    /// Returns adjacent columns of these widths, after the three of the level number.
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

    /// Reads the rows from `line` on, one for each level; returns one array for each column.
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

    /// Reads one value for each level, ten per line, each of nine columns.
    private static func values(_ text: FortranText, from line: Int) throws(AtmosFileError) -> [Double] {
        var values: [Double] = []
        for level in 0..<levelCount where line + level / 10 < text.lineCount {
            let start = 1 + level % 10 * 9
            values.append(try text.number(line + level / 10, start..<start + 9))
        }
        return values
    }
}
