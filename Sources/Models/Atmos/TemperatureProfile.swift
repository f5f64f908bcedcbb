internal import Glibc

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

    /// The profile with another surface temperature, which decides the pressure grid; the levels above stay.
    ///
    /// - Parameter kelvin: from 0 to below 1000 K.
    package func settingSurface(to kelvin: Double) -> TemperatureProfile {
        precondition(Self.range.contains(kelvin), "a temperature that the file holds")
        var profile = self
        profile.temperature[temperature.count - 1] = kelvin
        return profile
    }

    /// The profile warmer by as many kelvins at every level.
    package func shifted(by kelvins: Double) -> TemperatureProfile {
        var profile = self
        for level in temperature.indices {
            profile.temperature[level] = min(max(temperature[level] + kelvins, 1), Self.range.upperBound.nextDown)
        }
        return profile
    }

    /// The way from this profile to another: 0 this one, 1 the other, beyond 1 further on. Water vapour, which spans
    /// decades, goes that way in its logarithm.
    package func moved(towards other: TemperatureProfile, by fraction: Double) -> TemperatureProfile {
        precondition(other.temperature.count == temperature.count, "profiles on the same levels")
        var profile = self
        for level in temperature.indices {
            let kelvin = temperature[level] + fraction * (other.temperature[level] - temperature[level])
            profile.temperature[level] = min(max(kelvin, 1), Self.range.upperBound.nextDown)
            let (from, to) = (waterVapour[level], other.waterVapour[level])
            guard from > 0, to > 0 else { continue }
            profile.waterVapour[level] = min(1, from * pow(to / from, fraction))
        }
        return profile
    }
}
