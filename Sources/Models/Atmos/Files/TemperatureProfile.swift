/// The climate model's state: `TempIn.dat` and `TempOut.dat`.
///
/// Levels run as in the file, from the top of the atmosphere to the surface. What is read and written again is the same
/// to the byte: the file has fifteen digits of each number.
package struct TemperatureProfile: Sendable, Equatable {
    /// K, one a level.
    package private(set) var temperature: [Double]
    /// Water vapour mixing ratio, one a level.
    package private(set) var waterVapour: [Double]

    // 3X, F16.12, 7X, E22.15
    private static let temperatureColumns = 3..<19
    private static let waterVapourColumns = 26..<48
    private static let lineLength = 48

    /// The temperatures that sixteen columns with twelve decimals hold, K.
    private static let range = 0.0..<1000.0

    /// - Throws: when the file has another number of levels, or a number that is not finite.
    package init(
        _ bytes: [UInt8], levels: Int = 101, file: String = "TempOut.dat"
    ) throws(AtmosFileError) {
        let text = FortranText(bytes, file: file)
        guard text.lineCount == levels, text.isComplete else {
            throw text.error("has \(text.lineCount) \(text.isComplete ? "" : "or fewer whole ")lines, not \(levels)")
        }
        temperature = []
        waterVapour = []
        for line in 0..<levels {
            guard text[line].count == Self.lineLength else {
                throw text.error(line, "has \(text[line].count) characters, not \(Self.lineLength)")
            }
            temperature.append(try text.number(line, Self.temperatureColumns))
            waterVapour.append(try text.number(line, Self.waterVapourColumns))
            guard let value = temperature.last, Self.range.contains(value), waterVapour[line].isFinite else {
                throw text.error(line, "holds a temperature or a mixing ratio that cannot be")
            }
        }
    }

    /// - Throws: when the file is missing or is no profile.
    package init(contentsOf path: String) throws(AtmosFileError) {
        try self.init(try FortranText.read(path), file: path)
    }

    /// K
    package var surfaceTemperature: Double { temperature[temperature.count - 1] }

    /// By how much the temperatures of the levels differ, on average, K.
    func distance(to other: TemperatureProfile) -> Double {
        zip(temperature, other.temperature).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(temperature.count)
    }

    /// The file.
    package var bytes: [UInt8] {
        var text = ""
        for (temperature, water) in zip(temperature, waterVapour) {
            let kelvin = FortranNumber.printed("%.12f", temperature)
            let ratio = FortranNumber.scientific(water, digits: 15)
            text += "   " + kelvin.padded(to: 16) + "       " + ratio.padded(to: 22) + "\n"
        }
        return Array(text.utf8)
    }

    /// The profile with other temperatures, each kept within what the file holds.
    ///
    /// - Parameter kelvin: one a level.
    package func withTemperature(_ kelvin: [Double]) -> TemperatureProfile {
        precondition(kelvin.count == temperature.count, "one temperature a level")
        var profile = self
        profile.temperature = kelvin.map { min(max($0, 1), Self.range.upperBound.nextDown) }
        return profile
    }

    /// The profile with another surface temperature, and the troposphere moved with it: less the colder a level is.
    ///
    /// Without its troposphere a surface falls back: at CO2 0.02 it ends a pass 0.1 K further from the answer.
    ///
    /// - Parameter kelvin: from 0 to below 1000 K.
    package func movingTroposphere(to kelvin: Double) -> TemperatureProfile {
        precondition(Self.range.contains(kelvin), "a temperature that the file holds")
        var profile = self
        // The tropopause: going up, the first level above which it is warmer.
        var tropopause = temperature.count - 1
        while tropopause > 0, temperature[tropopause - 1] < temperature[tropopause] { tropopause -= 1 }
        let (cold, change) = (temperature[tropopause], kelvin - surfaceTemperature)
        for level in tropopause..<temperature.count where surfaceTemperature > cold {
            let moved = temperature[level] + change * (temperature[level] - cold) / (surfaceTemperature - cold)
            profile.temperature[level] = min(max(moved, 1), Self.range.upperBound.nextDown)
        }
        profile.temperature[temperature.count - 1] = kelvin
        return profile
    }
}
