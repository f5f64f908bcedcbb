/// What the climate model is told to do: `input_clima.dat`.
package struct ClimaInput: Sendable, Equatable {
    /// The keys that decide how a point is run.
    package enum Key: String, Sendable {
        /// Number of steps, all of which are taken.
        case steps = "NSTEPS"
        /// 1 starts from TG0 and TSTRAT, 0 from `TempIn.dat`.
        case coldStart = "IUP"
        /// Surface temperature of a cold start, K.
        case startTemperature = "TG0"
        /// Stratospheric temperature of a cold start, K.
        case stratosphericTemperature = "TSTRAT"
        /// 1 reads the chemistry's files in `COUPLE`.
        case coupled = "ICOUPLE"
        /// 1 lets methane absorb; otherwise it is ignored however much there is.
        case methane = "IMET"
        /// 1 lets methane and ethane absorb.
        case methaneAndEthane = "IMETETH"
        case surfaceAlbedo = "SRFALB"
        case surfaceRelativeHumidity = "RSURF"
        /// Longest time step, s.
        case longestStep = "dtmax"
        case zenithAngles = "nga"
    }

    private var input: KeyedInput

    package init(_ bytes: [UInt8], file: String = "input_clima.dat") throws(AtmosFileError) {
        input = try KeyedInput(bytes, file: file)
        for key in [Key.steps, .coldStart, .startTemperature, .coupled, .methane] {
            _ = try input.number(of: key.rawValue)
        }
    }

    /// The file, with the values set so far.
    package var bytes: [UInt8] { input.bytes }

    /// - Throws: when the template has no such key.
    package func number(_ key: Key) throws(AtmosFileError) -> Double { try input.number(of: key.rawValue) }

    package mutating func set(_ key: Key, to value: Int) throws(AtmosFileError) {
        try input.set(key.rawValue, to: "\(value)")
    }

    package mutating func set(_ key: Key, to value: Double) throws(AtmosFileError) {
        try input.set(key.rawValue, to: "\(value)")
    }
}
