package import Atmospheres
internal import Foundation
internal import Glibc
internal import Hashing

/// A built Atmos tree and the template of it that points are made from.
///
/// It is read only: every point runs in a scratch folder of its own, with ``links`` to the tree.
package struct AtmosTree: Sendable {
    /// The public trees that the program knows.
    package enum Variant: String, Sendable, CaseIterable {
        /// Of 2018, behind the PyATMOS data set.
        case fdl
        /// The current upstream of the Virtual Planetary Laboratory.
        case vpl

        /// The template that points start from when none is named.
        package var defaultTemplate: String { self == .fdl ? "ModernEarth" : "ModernEarthSimple" }

        /// Steps after which the chemistry stops, converged or not.
        package var photoStepLimit: Int { self == .fdl ? 10_001 : 10_000 }
    }

    /// A name in a scratch folder and what it stands for in the tree.
    package struct Link: Sendable, Equatable {
        /// Path in the scratch folder.
        package let name: String
        /// Absolute path in the tree.
        package let target: String
    }

    /// A file's name and SHA-256, in 64 hexadecimal digits.
    package struct Digest: Sendable, Equatable {
        package let name: String
        package let sha256: String
    }

    /// Folders that a scratch folder has of its own.
    package static let scratchFolders = ["PHOTOCHEM/INPUTFILES", "PHOTOCHEM/OUTPUT", "CLIMA/IO", "COUPLE"]

    /// Absolute path, without a slash at the end.
    package let path: String
    package let variant: Variant
    package let template: String

    /// The template's species table: what every point's is made from.
    package let species: SpeciesTable
    /// The template's `input_clima.dat`.
    package let climaInput: ClimaInput
    /// The template's `input_photchem.dat`.
    package let photoInput: PhotoInput
    /// The shape of `in.dist` and `out.dist`.
    package let shape: DistFile.Shape
    /// The template's initial state of the chemistry.
    package let initialState: String
    /// Mixing ratio of argon, which no gas's axis has and which takes part in their sum.
    package let argon: Double
    /// Dry surface pressure, bar.
    package let dryPressure: Double
    /// What a scratch folder links to.
    package let links: [Link]

    private let planet: String
    private let inputs: [(name: String, path: String)]

    /// Looks at the tree, once for a run.
    ///
    /// - Parameter template: a folder of `PHOTOCHEM/INPUTFILES/TEMPLATES`; `nil` for the variant's own.
    /// - Throws: what is missing or does not fit, and what to do.
    package init(at path: String, template: String? = nil) throws(AtmosTreeError) {
        let root = URL(filePath: path).standardizedFileURL.path.droppingSlash
        guard Self.isFolder(root + "/PHOTOCHEM"), Self.isFolder(root + "/CLIMA") else {
            throw .noTree(path: path)
        }
        let inputFiles = root + "/PHOTOCHEM/INPUTFILES"
        let templates = Self.folders(inputFiles + "/TEMPLATES")
        let usual = Variant.allCases.first { templates.contains($0.defaultTemplate) }
        guard let name = template ?? usual?.defaultTemplate else {
            throw .unknownVariant(path: root, templates: templates)
        }
        guard templates.contains(name) else { throw .noTemplate(name: name, path: root, templates: templates) }
        for executable in ["Photo.run", "Clima.run"] {
            let path = root + "/" + executable
            guard access(path, F_OK) == 0 else { throw .notBuilt(executable: path) }
            guard access(path, X_OK) == 0, !Self.isFolder(path) else { throw .notExecutable(path: path) }
        }
        let folder = inputFiles + "/TEMPLATES/" + name
        let files = Files(root: root, template: name)
        initialState = folder + "/in.dist"
        planet = try Self.file("PLANET.dat", in: [folder, inputFiles])
        let reactions = try Self.file("reactions.rx", in: [folder])
        // Upstream keeps it beside the templates only.
        let parameters = try Self.file("params.dat", in: [folder, inputFiles])
        let clima = try Self.file("input_clima.dat", in: [files.climaTemplate, root + "/CLIMA/IO"])
        let photo = try Self.file("input_photchem.dat", in: [folder])
        let table = try Self.file("species.dat", in: [folder])
        do {
            species = try SpeciesTable(try FortranText.read(table), file: table)
            climaInput = try ClimaInput(try FortranText.read(clima), file: clima)
            photoInput = try PhotoInput(try FortranText.read(photo), file: photo)
            let planet = try PlanetFile(try FortranText.read(planet), file: planet)
            argon = planet.argon
            dryPressure = planet.dryPressure
        } catch {
            throw .unreadable(error)
        }
        variant = usual ?? (photoInput.isUpstream ? .vpl : .fdl)
        self.path = root
        self.template = name
        inputs = [
            ("Photo.run", root + "/Photo.run"), ("Clima.run", root + "/Clima.run"), ("species.dat", table),
            ("reactions.rx", reactions), ("PLANET.dat", planet), ("params.dat", parameters),
            ("input_photchem.dat", photo), ("input_clima.dat", clima), ("in.dist", initialState),
        ]
        links = try files.links(planet: planet, reactions: reactions, parameters: parameters)
        let levels = Self.compiledShape(folder + "/parameters.inc")?.levels ?? 200
        shape = DistFile.Shape(species: species.longLived.count, levels: levels)
        if let compiled = Self.compiledShape(inputFiles + "/parameters.inc"), compiled != shape {
            throw .builtForAnother(template: name, compiled: compiled, needed: shape)
        }
        try checkInitialState()
    }

    package var photo: String { path + "/Photo.run" }
    package var clima: String { path + "/Clima.run" }

    /// The gases whose surface mixing ratio the template lets one choose.
    package var gases: [Gas] { species.gases }

    /// Of ``gases``, those that change nothing in the answer.
    ///
    /// The program never uses the number of N2: N2 is what is left. Below the tropopause it overwrites H2O by relative
    /// humidity, from the temperatures of `in.dist` or of the climate model.
    package static let ignoredGases: [Gas] = [.n2, .h2o]

    /// SHA-256 of the executables and of everything in the template that decides an answer.
    ///
    /// - Throws: when one of them can no longer be read.
    package func digests() throws(AtmosTreeError) -> [Digest] {
        var digests: [Digest] = []
        for (name, path) in inputs {
            do {
                digests.append(Digest(name: name, sha256: SHA256.hexDigest(of: try FortranText.read(path))))
            } catch {
                throw .unreadable(error)
            }
        }
        return digests
    }

    private func checkInitialState() throws(AtmosTreeError) {
        guard Self.isFull(initialState) else { throw .missing(path: initialState) }
        do {
            let bytes = try FortranText.read(initialState)
            switch DistFile.condition(of: bytes, shape: shape) {
            case .good: break
            case .incomplete(let lines, let expected):
                throw AtmosTreeError.wrongState(path: initialState, lines: lines, expected: expected)
            case .notFinite(let line):
                throw AtmosFileError(initialState, line: line, "holds a number that is not finite")
            case .missing, .stale: throw AtmosTreeError.missing(path: initialState)
            }
        } catch let error as AtmosFileError {
            throw .unreadable(error)
        } catch let error as AtmosTreeError {
            throw error
        } catch {
            throw .missing(path: initialState)
        }
    }

    /// NQ and NZ of a `parameters.inc`, by which an executable was compiled; `nil` when it does not tell.
    static func compiledShape(_ path: String) -> DistFile.Shape? {
        guard let text = try? FortranText(contentsOf: path) else { return nil }
        for line in 0..<text.lineCount {
            // A letter or a star in the first column makes it a comment.
            guard text[line].first.map({ $0.isBlank }) ?? false, text[line].contains("PARAMETER") else { continue }
            func value(_ label: StaticString) -> Int? {
                guard let start = text[line].index(of: label) else { return nil }
                return Int(text[line][(start + label.utf8CodeUnitCount)...].prefix { $0 >= 48 && $0 < 58 }.text)
            }
            if let levels = value("(NZ="), let species = value(" NQ=") {
                return DistFile.Shape(species: species, levels: levels)
            }
        }
        return nil
    }

    /// The first of `folders` that has a file `name` with something in it.
    static func file(_ name: String, in folders: [String]) throws(AtmosTreeError) -> String {
        let paths = folders.map { $0 + "/" + name }
        guard let path = paths.first(where: isFull) else { throw .missing(path: paths[0]) }
        return path
    }

    private static func isFull(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG && info.st_size > 0
    }

    private static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    private static func folders(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter { isFolder(path + "/" + $0) }
            .sorted()
    }

    /// Where a tree keeps what a scratch folder links to.
    private struct Files {
        let root: String
        let template: String

        var climaTemplate: String { root + "/CLIMA/IO/TEMPLATES/" + template }

        func links(planet: String, reactions: String, parameters: String) throws(AtmosTreeError) -> [Link] {
            var links = [
                Link(name: "PHOTOCHEM/INPUTFILES/PLANET.dat", target: planet),
                Link(name: "PHOTOCHEM/INPUTFILES/reactions.rx", target: reactions),
                Link(name: "PHOTOCHEM/INPUTFILES/params.dat", target: parameters),
            ]
            for folder in ["PHOTOCHEM/DATA", "CLIMA/DATA"] {
                guard AtmosTree.isFolder(root + "/" + folder) else { throw .missing(path: root + "/" + folder) }
                links.append(Link(name: folder, target: root + "/" + folder))
            }
            for file in ["weight_factors.txt", "hcaer_nohaze.out", "hcaer.out"] {
                let target = try AtmosTree.file(file, in: [root + "/CLIMA/IO"])
                links.append(Link(name: "CLIMA/IO/" + file, target: target))
            }
            return links
        }
    }
}

extension String {
    fileprivate var droppingSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
