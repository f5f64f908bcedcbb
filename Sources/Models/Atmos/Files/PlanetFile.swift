/// What a point takes of the planet: `PLANET.dat`, one value at the start of each line, in a fixed order.
struct PlanetFile: Sendable, Equatable {
    /// Surface gravity, cm/s2.
    let gravity: Double
    /// Mixing ratio of argon, which takes part in the sum of all gases.
    let argon: Double
    /// Dry surface pressure, bar.
    let dryPressure: Double

    init(_ bytes: [UInt8], file: String = "PLANET.dat") throws(AtmosFileError) {
        let text = FortranText(bytes, file: file)
        func value(_ line: Int, _ name: String) throws(AtmosFileError) -> Double {
            guard line < text.lineCount, let word = text[line].words.first,
                let number = FortranNumber.parse(word.prefix { $0 != UInt8(ascii: "=") })
            else {
                throw AtmosFileError(file, line: line + 1, "does not begin with \(name)")
            }
            return number
        }
        gravity = try value(0, "the gravity")
        argon = try value(4, "the mixing ratio of argon")
        dryPressure = try value(6, "the surface pressure")
    }
}
