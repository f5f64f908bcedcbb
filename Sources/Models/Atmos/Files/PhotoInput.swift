/// What the chemistry model is told to do: `input_photchem.dat`.
package struct PhotoInput: Sendable, Equatable {
    private var input: KeyedInput

    package init(_ bytes: [UInt8], file: String = "input_photchem.dat") throws(AtmosFileError) {
        input = try KeyedInput(bytes, file: file)
        _ = try input.number(of: "ICOUPLE")
    }

    /// The file, with the values set so far.
    package var bytes: [UInt8] { input.bytes }

    /// Whether it has the key that only the upstream variant reads.
    var isUpstream: Bool { input.keys.contains("USOLMIN") }

    /// Whether temperature and water vapour come from `COUPLE/fromClima2Photo.dat` (ICOUPLE 1) and not from `in.dist`.
    package func isCoupled() throws(AtmosFileError) -> Bool { try input.number(of: "ICOUPLE") == 1 }

    package mutating func setCoupled(_ coupled: Bool) throws(AtmosFileError) {
        try input.set("ICOUPLE", to: coupled ? "1" : "0")
    }
}
