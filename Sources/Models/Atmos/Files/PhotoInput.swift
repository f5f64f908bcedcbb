/// The settings of the chemistry model: `input_photchem.dat`.
struct PhotoInput: Sendable, Equatable {
    private var input: KeyedInput

    /// Reads the settings.
    ///
    /// - Throws: an error if the key ICOUPLE is missing or has no number.
    init(_ bytes: [UInt8], file: String = "input_photchem.dat") throws(AtmosFileError) {
        input = try KeyedInput(bytes, file: file)
        _ = try input.number(of: "ICOUPLE")
    }

    /// The contents of the file, with the values set so far.
    var bytes: [UInt8] { input.bytes }

    /// Whether the file has the key that only the upstream variant reads.
    var isUpstream: Bool { input.keys.contains("USOLMIN") }

    /// Sets whether temperature and water vapour are read from `COUPLE/fromClima2Photo.dat` (ICOUPLE 1) instead of
    /// `in.dist`.
    mutating func setCoupled(_ coupled: Bool) throws(AtmosFileError) {
        try input.set("ICOUPLE", to: coupled ? "1" : "0")
    }
}
