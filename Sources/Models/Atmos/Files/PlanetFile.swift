/// The planet of a template: `PLANET.dat`, one value at the start of each line, in a fixed order.
struct PlanetFile: Sendable, Equatable {
    /// The mixing ratio of argon, which counts towards the sum of all gases.
    let argon: Double

    /// Reads a file.
    ///
    /// - Throws: an error if the gravity, the argon or the surface pressure is missing: the file is of another kind.
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
        _ = try value(0, "the gravity")
        argon = try value(4, "the mixing ratio of argon")
        _ = try value(6, "the surface pressure")
    }
}
