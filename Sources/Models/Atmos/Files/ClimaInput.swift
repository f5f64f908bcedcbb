/// The settings of the climate model: `input_clima.dat`.
struct ClimaInput: Sendable, Equatable {
    /// The settings that decide how a point is run.
    enum Key: String, Sendable, CaseIterable {
        /// The number of steps, all of which are taken.
        case steps = "NSTEPS"
        /// 1 starts from TG0, 0 from `TempIn.dat`.
        case coldStart = "IUP"
        /// The surface temperature of a cold start, K.
        case startTemperature = "TG0"
        /// 1 reads the chemistry's files in `COUPLE`.
        case coupled = "ICOUPLE"
        /// 1 includes the absorption by methane; otherwise methane is ignored, however much there is.
        case methane = "IMET"
    }

    private var input: KeyedInput

    /// Reads the settings.
    ///
    /// - Throws: an error if one of the keys is missing or has no number.
    init(_ bytes: [UInt8], file: String = "input_clima.dat") throws(AtmosFileError) {
        input = try KeyedInput(bytes, file: file)
        for key in Key.allCases { _ = try input.number(of: key.rawValue) }
    }

    /// The contents of the file, with the values set so far.
    var bytes: [UInt8] { input.bytes }

    /// Returns the value of a key.
    func number(_ key: Key) throws(AtmosFileError) -> Double { try input.number(of: key.rawValue) }

    /// Replaces the value of a key.
    mutating func set(_ key: Key, to value: Int) throws(AtmosFileError) {
        try input.set(key.rawValue, to: "\(value)")
    }
}
