/// Why an Atmos tree cannot be used, and what to do about it.
package enum AtmosTreeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The path is no Atmos tree.
    case noTree(path: String)
    /// An executable is missing.
    case notBuilt(executable: String)
    /// A file that should be an executable is none.
    case notExecutable(path: String)
    /// The tree has none of the templates that a variant is known by, and none was named.
    case unknownVariant(path: String, templates: [String])
    case noTemplate(name: String, path: String, templates: [String])
    /// A file of the tree is missing or empty.
    case missing(path: String)
    /// The executable was compiled for other species or levels than the template's.
    case builtForAnother(template: String, compiled: DistFile.Shape, needed: DistFile.Shape)
    /// The template's initial state has not the shape of its species.
    case wrongState(path: String, lines: Int, expected: Int)
    case unreadable(AtmosFileError)

    package var description: String {
        switch self {
        case .noTree(let path):
            "\(path) is no Atmos tree: it has no folders PHOTOCHEM and CLIMA; give the folder that holds them"
        case .notBuilt(let executable):
            "\(executable) is missing: build the tree first, as Atmos's README says (make -f PhotoMake, then ClimaMake)"
        case .notExecutable(let path): "\(path) may not be executed; build it again, or chmod +x it"
        case .unknownVariant(let path, let templates):
            "\(path) has neither the template ModernEarth nor ModernEarthSimple; name the one that it was built for: "
                + Self.list(templates)
        case .noTemplate(let name, let path, let templates):
            "\(path) has no template '\(name)'; it has: " + Self.list(templates)
        case .missing(let path): "\(path) is missing or empty; restore it from the Atmos repository"
        case .builtForAnother(let template, let compiled, let needed):
            "Photo.run was built for \(compiled.species) long-lived species on \(compiled.levels) levels, and the "
                + "template \(template) has \(needed.species) on \(needed.levels): copy the template's files to "
                + "PHOTOCHEM/INPUTFILES and build again, or name the template that it was built for"
        case .wrongState(let path, let lines, let expected):
            "\(path) has \(lines) lines, and the template's species need \(expected); restore it from the Atmos "
                + "repository"
        case .unreadable(let error): error.description
        }
    }

    private static func list(_ templates: [String]) -> String {
        templates.isEmpty ? "none" : templates.joined(separator: ", ")
    }
}
