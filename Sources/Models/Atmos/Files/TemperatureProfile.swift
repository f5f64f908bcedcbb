/// The state of the climate model: `TempIn.dat` and `TempOut.dat`.
///
/// Levels are in the order of the file, from the top of the atmosphere to the surface. A file that is read and written
/// again is the same to the byte: it has fifteen digits of each number.
struct TemperatureProfile: Sendable, Equatable {
    /// The temperature of each level, K.
    private(set) var temperature: [Double]
    /// The water vapour mixing ratio of each level.
    private(set) var waterVapour: [Double]

    // Format 3X, F16.12, 7X, E22.15.
    private static let temperatureColumns = 3..<19
    private static let waterVapourColumns = 26..<48
    private static let lineLength = 48

    /// The temperatures that fit in sixteen columns with twelve decimals, K.
    private static let range = 0.0..<1000.0

    /// Reads a profile.
    ///
    /// - Throws: an error if the file has another number of levels, or a number that is not finite.
    init(
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
                throw text.error(line, "has an impossible temperature or mixing ratio")
            }
        }
    }

    /// The surface temperature, K.
    var surfaceTemperature: Double { temperature[temperature.count - 1] }

    /// Returns the mean absolute difference of the temperatures of the levels, K.
    func distance(to other: TemperatureProfile) -> Double {
        zip(temperature, other.temperature).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(temperature.count)
    }

    /// The contents of the file.
    var bytes: [UInt8] {
        var text = ""
        for (temperature, water) in zip(temperature, waterVapour) {
            let kelvin = FortranNumber.printed("%.12f", temperature)
            let ratio = FortranNumber.scientific(water, digits: 15)
            text += "   " + kelvin.padded(to: 16) + "       " + ratio.padded(to: 22) + "\n"
        }
        return Array(text.utf8)
    }

    /// Returns the profile with other temperatures, K, one per level, clamped to the range that fits in the file.
    func withTemperature(_ kelvin: [Double]) -> TemperatureProfile {
        precondition(kelvin.count == temperature.count, "one temperature per level")
        var profile = self
        profile.temperature = kelvin.map { min(max($0, 1), Self.range.upperBound.nextDown) }
        return profile
    }

    /// Returns the profile with another surface temperature, from 0 to below 1000 K, and the troposphere shifted with it:
    /// the colder a level, the less.
    ///
    /// A surface that is moved without its troposphere falls back: at CO2 0.02 it ends a pass 0.1 K further from the
    /// solution.
    func movingTroposphere(to kelvin: Double) -> TemperatureProfile {
        precondition(Self.range.contains(kelvin), "a temperature that fits in the file")
        var profile = self
        // Going up, the tropopause is the first level above which it is warmer.
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
