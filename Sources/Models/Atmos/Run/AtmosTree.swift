internal import Atmospheres
internal import Foundation
internal import Hashing

/// A built Atmos tree and the template of it that points are made from.
///
/// The tree is only read: every point runs in a scratch folder with ``links`` to the tree.
struct AtmosTree: Sendable {
    /// The public trees that are supported.
    enum Variant: String, Sendable, CaseIterable {
        /// The tree of 2018, which the PyATMOS data set was computed with.
        case fdl
        /// The current upstream of the Virtual Planetary Laboratory.
        case vpl

        /// The template that is used if none is named.
        var defaultTemplate: String { self == .fdl ? "ModernEarth" : "ModernEarthSimple" }
    }

    /// A symbolic link of a scratch folder into the tree.
    struct Link: Sendable, Equatable {
        /// The path in the scratch folder.
        let name: String
        /// The absolute path in the tree.
        let target: String
    }

    /// The name of a file and its SHA-256 in 64 hexadecimal digits.
    struct Digest: Sendable, Equatable {
        /// The name, without folders.
        let name: String
        /// The hash of the contents.
        let sha256: String
    }

    /// The folders of a scratch folder that are not links.
    static let scratchFolders = ["PHOTOCHEM/INPUTFILES", "PHOTOCHEM/OUTPUT", "CLIMA/IO", "COUPLE"]

    /// The absolute path, without a slash at its end.
    let path: String
    /// Which of the public trees it is.
    let variant: Variant
    /// The name of the template.
    let template: String

    /// The template's species table, from which those of points are made.
    let species: SpeciesTable
    /// The template's `input_clima.dat`.
    let climaInput: ClimaInput
    /// The template's `input_photchem.dat`.
    let photoInput: PhotoInput
    /// The shape of `in.dist` and `out.dist`.
    let shape: DistFile.Shape
    /// The mixing ratio of argon, which is not a parameter but counts towards the sum of all gases.
    let argon: Double
    /// The links that a scratch folder needs.
    let links: [Link]

    private let files: AtmosTemplateFiles

    /// Reads and checks a tree.
    ///
    /// - Parameters:
    ///   - path: the folder that contains `Photo.run` and `Clima.run`.
    ///   - template: a folder of `PHOTOCHEM/INPUTFILES/TEMPLATES`; `nil` for the default of the variant.
    /// - Throws: what is missing or does not fit, and what to do.
    init(at path: String, template: String? = nil) throws(AtmosTreeError) {
        let root = try Self.root(at: path)
        let (name, usualVariant) = try Self.choose(template, in: root)
        try Self.checkPrograms(in: root)
        let files = try AtmosTemplateFiles(name, in: root)
        do throws(AtmosFileError) {
            species = try SpeciesTable(try FortranText.read(files.species), file: files.species)
            climaInput = try ClimaInput(try FortranText.read(files.climaInput), file: files.climaInput)
            photoInput = try PhotoInput(try FortranText.read(files.photoInput), file: files.photoInput)
            argon = try PlanetFile(try FortranText.read(files.planet), file: files.planet).argon
        } catch {
            throw .unreadable(error)
        }
        self.path = root
        self.template = name
        self.files = files
        variant = usualVariant ?? (photoInput.isUpstream ? .vpl : .fdl)
        links = try files.links()
        shape = DistFile.Shape(
            species: species.longLived.count, levels: Self.shape(inParameters: files.compiledShape)?.levels ?? 200)
        try checkCompiledShape()
        try checkInitialState()
    }

    /// The path of the chemistry program.
    var photo: String { path + "/Photo.run" }
    /// The path of the climate program.
    var clima: String { path + "/Clima.run" }

    /// The gases whose surface mixing ratio can be set in the template.
    var gases: [Gas] { species.gases }

    /// Those of ``gases`` that do not change the result.
    ///
    /// The chemistry does not use the mixing ratio of N2, which fills up the atmosphere. Below the tropopause it replaces
    /// that of H2O by the relative humidity, at the temperatures of `in.dist` or of the climate model.
    static let ignoredGases: [Gas] = [.n2, .h2o]

    /// Returns the SHA-256 of the programs and of every file of the template that decides a result.
    ///
    /// - Throws: an error if one of them can no longer be read.
    func digests() throws(AtmosTreeError) -> [Digest] {
        var digests: [Digest] = []
        for (name, path) in files.deciding {
            do throws(AtmosFileError) {
                digests.append(Digest(name: name, sha256: SHA256.hexDigest(of: try FortranText.read(path))))
            } catch {
                throw .unreadable(error)
            }
        }
        return digests
    }

    /// Returns the contents of the template's `in.dist`.
    func initialState() throws(AtmosFileError) -> [UInt8] { try FortranText.read(files.initialState) }

    // MARK: Steps of the initialiser

    /// Returns the absolute path of a tree.
    private static func root(at path: String) throws(AtmosTreeError) -> String {
        let root = URL(filePath: path).standardizedFileURL.path
        let withoutSlash = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
        guard PathType.isFolder(withoutSlash + "/PHOTOCHEM"), PathType.isFolder(withoutSlash + "/CLIMA") else {
            throw .noTree(path: path)
        }
        return withoutSlash
    }

    /// Returns the template to use, and the variant whose default template the tree has; `nil` if it has none.
    private static func choose(
        _ template: String?, in root: String
    ) throws(AtmosTreeError) -> (template: String, variant: Variant?) {
        let folder = root + "/PHOTOCHEM/INPUTFILES/TEMPLATES"
        let templates = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { PathType.isFolder(folder + "/" + $0) }.sorted()
        let variant = Variant.allCases.first { templates.contains($0.defaultTemplate) }
        guard let name = template ?? variant?.defaultTemplate else {
            throw .unknownVariant(path: root, templates: templates)
        }
        guard templates.contains(name) else { throw .noTemplate(name: name, path: root, templates: templates) }
        return (name, variant)
    }

    private static func checkPrograms(in root: String) throws(AtmosTreeError) {
        for program in ["Photo.run", "Clima.run"] {
            let path = root + "/" + program
            guard FileManager.default.fileExists(atPath: path) else { throw .notBuilt(executable: path) }
            guard FileManager.default.isExecutableFile(atPath: path), !PathType.isFolder(path) else {
                throw .notExecutable(path: path)
            }
        }
    }

    /// Checks that the chemistry was compiled for the species and levels of the template.
    private func checkCompiledShape() throws(AtmosTreeError) {
        guard let compiled = Self.shape(inParameters: path + "/PHOTOCHEM/INPUTFILES/parameters.inc") else { return }
        guard compiled == shape else {
            throw .builtForAnother(template: template, compiled: compiled, needed: shape)
        }
    }

    private func checkInitialState() throws(AtmosTreeError) {
        let path = files.initialState
        guard PathType.isNonEmptyFile(path) else { throw .missing(path: path) }
        let bytes: [UInt8]
        do throws(AtmosFileError) { bytes = try initialState() } catch { throw .unreadable(error) }
        switch DistFile.condition(of: bytes, shape: shape) {
        case .good: break
        case .missing: throw .missing(path: path)
        case .incomplete(let lines, let expected):
            throw .wrongState(path: path, lines: lines, expected: expected)
        case .notFinite(let line):
            throw .unreadable(AtmosFileError(path, line: line, "has a number that is not finite"))
        }
    }

    /// Returns NQ and NZ of a `parameters.inc`, for which the chemistry is compiled; `nil` if it does not define them.
    private static func shape(inParameters path: String) -> DistFile.Shape? {
        guard let text = try? FortranText(contentsOf: path) else { return nil }
        for line in 0..<text.lineCount {
            // A letter or a star in the first column makes the line a comment.
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
}
