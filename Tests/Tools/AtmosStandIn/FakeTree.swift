internal import Foundation

/// A small tree in the layout of Atmos, with made-up contents.
struct FakeTree {
    enum Variant: String, CaseIterable {
        case fdl, vpl

        var template: String { self == .fdl ? "ModernEarth" : "ModernEarthSimple" }
        var species: [FakeSpecies] { self == .fdl ? FakeSpecies.all : FakeSpecies.all.filter(\.isInBoth) }
        var albedo: String { self == .fdl ? "0.316" : "0.24" }
        var climaSteps: Int { self == .fdl ? 200 : 400 }
    }

    /// The number of levels of the chemistry.
    static let levels = 200

    let variant: Variant

    func write(to folder: String, copyingExecutables: Bool) throws {
        let manager = FileManager.default
        let template = "PHOTOCHEM/INPUTFILES/TEMPLATES/" + variant.template
        let climaTemplate = "CLIMA/IO/TEMPLATES/" + variant.template
        for name in [
            template, climaTemplate, "PHOTOCHEM/DATA", "PHOTOCHEM/OUTPUT", "CLIMA/DATA", "COUPLE",
        ] {
            try manager.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
        }
        for name in ["Photo.run", "Clima.run"] {
            let path = folder + "/" + name
            if copyingExecutables {
                try manager.copyItem(atPath: AtmosStandIn.executable(), toPath: path)
            } else {
                try manager.createSymbolicLink(atPath: path, withDestinationPath: AtmosStandIn.executable())
            }
        }
        let state = inDist
        // The template, and the copies with which the tree was built.
        for destination in [template, "PHOTOCHEM/INPUTFILES"] {
            try write(speciesTable, folder, destination + "/species.dat")
            try write(photoInput, folder, destination + "/input_photchem.dat")
            try write(planet, folder, destination + "/PLANET.dat")
            try write(reactions, folder, destination + "/reactions.rx")
            try write(parameters, folder, destination + "/parameters.inc")
        }
        try Files.write(state, to: folder + "/" + template + "/in.dist")
        try Files.write(state, to: folder + "/PHOTOCHEM/in.dist")
        try write("made up\n", folder, "PHOTOCHEM/INPUTFILES/params.dat")
        for destination in [climaTemplate, "CLIMA/IO"] {
            try write(climaInput, folder, destination + "/input_clima.dat")
        }
        for name in [
            "PHOTOCHEM/DATA/photo.dat", "CLIMA/DATA/ir.dat", "CLIMA/IO/weight_factors.txt", "CLIMA/IO/hcaer.out",
            "CLIMA/IO/hcaer_nohaze.out",
        ] {
            try write("made up\n", folder, name)
        }
    }

    private func write(_ text: String, _ folder: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: folder + "/" + name))
    }

    /// The number of long-lived species: NQ.
    private var longLived: Int { variant.species.count { $0.kind == "LL" } }

    private var speciesTable: String {
        var text = """
            *** made-up species of a stand-in
            * name  kind  O H C S N CL  LBOUND VDEP0 FIXEDMR SGFLUX DISTH MBOUND SMFLUX VEFF0

            """
        for species in variant.species {
            text +=
                species.name.padding(toLength: 11, withPad: " ", startingAt: 0) + species.kind + "  " + species.atoms
            if !species.rest.isEmpty { text += "    " + species.rest }
            text += "\n"
        }
        return text
    }

    private var photoInput: String {
        var text = "* settings of a stand-in's chemistry\n* values are read by position\n*\n\n"
        let values = [
            ("AGL", "0.5"), ("ISEASON", "1"), ("IZYO2", "0"), ("LGRID", "2"), ("IO2", "3"), ("INO", "3"),
            ("EPSJ", "1.E-9"), ("PRONO", "1.E9"), ("frak", "0"), ("HCDENS", "0.63"), ("ICOUPLE", "0"),
            (variant == .fdl ? "monsize" : "ihztype", "0"), ("ZY", "60."),
        ]
        for (key, value) in values + (variant == .vpl ? [("USOLMIN", "1.E-20"), ("KIDA", "0")] : []) {
            text += (key + "=").padding(toLength: 11, withPad: " ", startingAt: 0) + value + "\n"
        }
        return text + "\nnot read\n"
    }

    private var climaInput: String {
        var text = "* settings of a stand-in's climate\n* values are read by position\n*\n*\n\n"
        let values = [
            ("NSTEPS", "\(variant.climaSteps)           !steps, all of which are taken"), ("IMW", "2"),
            ("RSURF", "0.8"), ("ZY", "60."), ("DTAU0", "0.5"), ("ZCON", "20"), ("P0", "7.e-6"), ("PGO", "1."),
            ("G", "980."), ("FAC", "4.0"), ("IO3", "1"), ("IUP", "1        !1: a cold start"),
            ("TG0", "288."), ("TSTRAT", "200."), ("STARR", "\"Sun\""), ("ICONSERV", "0"), ("ICOUPLE", "1"),
            ("SRFALB", variant.albedo), ("SOLCON", "1.0"), ("dtmax", "1.e4"), ("CO2MAX", "3.55e-2"), ("IMET", "0"),
            ("IMETETH", "0"), ("nga", "6"), ("IHAZE", "0"), ("monsize", "0"), ("icealbedo", "0"), ("INVERSE", "0"),
            ("FRAK", "1"),
        ]
        for (key, value) in values {
            text += (key + "=").padding(toLength: 11, withPad: " ", startingAt: 0) + value + "\n"
        }
        return text + "\nnot read\n"
    }

    private var planet: String {
        """
        980.7    = gravity
        1.00     = stellar flux
        0.250    = surface albedo
        1.40E6   = tropopause
        0.01     = argon
        6.371E8  = radius
        1.013    = dry surface pressure
        EARTH    = planet
        0.0      = time
        0        = reset
        13       = star
        0        = height scaling
        1.0      = ultraviolet

        """
    }

    /// The species, in the order for which the program was compiled.
    private var reactions: String {
        variant.species.filter { $0.kind == "LL" || $0.kind == "SL" }.map { $0.name + "\n" }.joined()
    }

    private var parameters: String {
        "C made-up numbers of a stand-in\n      PARAMETER(NZ=\(Self.levels), NQ=\(longLived), NP=2, NQ1=NQ)\n"
    }

    /// The initial state: a made-up Earth.
    private var inDist: Page {
        let rows = variant.species.filter { $0.kind == "LL" }
        return StateFile.page(
            mixingRatios: rows.map { row in
                (0..<Self.levels).map { row.start * StateFile.shape(of: row.name, level: $0) }
            },
            temperature: (0..<Self.levels).map(StateFile.temperature),
            eddyDiffusion: (0..<Self.levels).map { 1e5 * (1 + Double($0) / 100) },
            numberDensity: (0..<Self.levels).map(StateFile.density))
    }
}

/// A line of the made-up species table.
struct FakeSpecies {
    let name: String
    let kind: String
    let atoms: String
    let rest: String
    /// Surface mixing ratio of the initial state.
    let start: Double
    /// Whether the smaller template has the species, too.
    let isInBoth: Bool

    private init(
        _ name: String, _ kind: String, _ atoms: String, _ rest: String = "", start: Double = 0, both: Bool = true
    ) {
        self.name = name
        self.kind = kind
        self.atoms = atoms
        self.rest = rest
        self.start = start
        isInBoth = both
    }

    // More than 18 are long-lived, so that tables are split. They include the gases that an experiment can vary.
    static let all: [FakeSpecies] = [
        FakeSpecies("O", "LL", "1 0 0 0 0 0", "0     1.0E+00 0.      0.        0.   0  0.  0.", start: 1e-16),
        FakeSpecies("O2", "LL", "2 0 0 0 0 0", "1     0.      2.1E-01 0.        0.   0  0.  0.", start: 0.21),
        FakeSpecies("H2O", "LL", "1 2 0 0 0 0", "0     0.      0.      0.        0.   0  0.  0.", start: 1.2e-2),
        FakeSpecies("OH", "LL", "1 1 0 0 0 0", "0     1.0E+00 0.      0.        0.   0  0.  0.", start: 5e-14),
        FakeSpecies("HO2", "LL", "2 1 0 0 0 0", "0     1.0E+00 0.      0.        0.   0  0.  0.", start: 1e-11),
        FakeSpecies("H2O2", "LL", "2 2 0 0 0 0", "0     2.0E-01 0.      0.        0.   0  0.  0.", start: 2e-9),
        FakeSpecies("H2", "LL", "0 2 0 0 0 0", "0     2.4E-04 5.3E-07 0.        0.   0  0.  0.", start: 5.3e-7),
        FakeSpecies(
            "CO", "LL", "1 0 1 0 0 0", "2     3.0E-02 1.1E-07 3.70E+11  10.  0  0.  0.   ! made up", start: 1.5e-7),
        FakeSpecies("CH4", "LL", "0 4 1 0 0 0", "2     0.      1.8E-06 1.60E+11  0.   0  0.  0.", start: 1.7e-6),
        FakeSpecies("C2H6", "LL", "0 6 2 0 0 0", "0     0.      0.      0.        0.   0  0.  0.", start: 2e-27),
        FakeSpecies(
            "NO", "LL", "1 0 0 0 1 0", "2     1.6E-02 0.      1.0E+09   0.   0  0.  0.", start: 8e-12, both: false),
        FakeSpecies(
            "NO2", "LL", "2 0 0 0 1 0", "0     3.0E-03 0.      0.        0.   0  0.  0.", start: 3e-11, both: false),
        FakeSpecies(
            "HNO3", "LL", "3 1 0 0 1 0", "0     2.0E-01 0.      0.        0.   0  0.  0.", start: 9e-11, both: false),
        FakeSpecies(
            "N2O", "LL", "1 0 0 0 2 0", "2     0.      3.0E-07 1.53E+09  0.   0  0.  0.", start: 3e-7, both: false),
        FakeSpecies(
            "N", "LL", "0 0 0 0 1 0", "0     0.      0.      0.        0.   0  0.  0.", start: 2e-230, both: false),
        FakeSpecies(
            "SO2", "LL", "2 0 0 1 0 0", "3     1.0E+00 2.6E-10 9.0E+09   14.  0  0.  0.", start: 1.5e-10, both: false),
        FakeSpecies(
            "OCS", "LL", "1 0 1 1 0 0", "2     1.0E-02 5.1E-10 1.5E+07   0.   0  0.  0.", start: 5e-10, both: false),
        FakeSpecies(
            "NH3", "LL", "0 3 0 0 1 0", "0     0.      0.      1.50e+10  0.   0  0.  0.", start: 0, both: false),
        FakeSpecies("O3", "LL", "3 0 0 0 0 0", "0     0.      0.      0.        0.   0  0.  0.", start: 2e-8),
        FakeSpecies("CO2", "LL", "2 0 1 0 0 0", "3     5.0E-05 4.0E-4  6.875E+08 14.  0  0.  0.", start: 4e-4),
        FakeSpecies("SO4AER", "LL", "4 2 0 1 0 0", "0     1.0E-02 0.      0.        0.   0  0.  0.", start: 4e-10),
        FakeSpecies("O1D", "SL", "1 0 0 0 0 0"),
        FakeSpecies("N2", "IN", "0 0 0 0 2 0", "0.78      !what is left"),
        FakeSpecies("HV", "HV", "0 0 0 0 0 0"),
        FakeSpecies("M", "M", "0 0 0 0 0 0"),
    ]
}
