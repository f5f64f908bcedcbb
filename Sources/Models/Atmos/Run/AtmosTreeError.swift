/// The error of an Atmos tree that cannot be used, and what to do about it.
enum AtmosTreeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The path is not an Atmos tree.
    case noTree(path: String)
    /// An executable is missing.
    case notBuilt(executable: String)
    /// A program is not executable.
    case notExecutable(path: String)
    /// The tree has neither of the default templates, and none was named.
    case unknownVariant(path: String, templates: [String])
    /// The tree does not have the template.
    case noTemplate(name: String, path: String, templates: [String])
    /// A file of the tree is missing or empty.
    case missing(path: String)
    /// The program was compiled for other species or levels than those of the template.
    case builtForAnother(template: String, compiled: DistFile.Shape, needed: DistFile.Shape)
    /// The initial state of the template does not have the shape of its species.
    case wrongState(path: String, lines: Int, expected: Int)
    /// A file of the tree cannot be read.
    case unreadable(AtmosFileError)

    /// What is wrong, and what to do.
    var description: String {
        switch self {
        case .noTree(let path):
            "\(path) is not an Atmos tree: it has no folders PHOTOCHEM and CLIMA; give the folder that contains them"
        case .notBuilt(let executable):
            "\(executable) is missing; build the tree first as its README says (make -f PhotoMake, then ClimaMake)"
        case .notExecutable(let path): "\(path) is not executable; rebuild it, or set its mode with chmod +x"
        case .unknownVariant(let path, let templates):
            "\(path) has neither the template ModernEarth nor ModernEarthSimple; name the template that it was built for: "
                + Self.list(templates)
        case .noTemplate(let name, let path, let templates):
            "\(path) has no template '\(name)'; it has: " + Self.list(templates)
        case .missing(let path): "\(path) is missing or empty; restore it from the Atmos repository"
        case .builtForAnother(let template, let compiled, let needed):
            "Photo.run was built for \(compiled.species) long-lived species on \(compiled.levels) levels, but the "
                + "template \(template) has \(needed.species) on \(needed.levels); copy the template's files to "
                + "PHOTOCHEM/INPUTFILES and rebuild, or name the template that it was built for"
        case .wrongState(let path, let lines, let expected):
            "\(path) has \(lines) lines, but the template's species need \(expected); restore it from the Atmos "
                + "repository"
        case .unreadable(let error): error.description
        }
    }

    private static func list(_ templates: [String]) -> String {
        templates.isEmpty ? "none" : templates.joined(separator: ", ")
    }
}
