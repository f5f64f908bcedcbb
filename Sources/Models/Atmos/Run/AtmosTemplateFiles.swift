/// The files of a template that points are made from, each where the variant of the tree keeps it.
struct AtmosTemplateFiles: Sendable {
    /// The absolute path of the tree.
    private let root: String

    /// The species table.
    let species: String
    /// The reactions of the chemistry.
    let reactions: String
    /// The planet.
    let planet: String
    /// Further parameters of the chemistry.
    let parameters: String
    /// The settings of the chemistry.
    let photoInput: String
    /// The settings of the climate model.
    let climaInput: String
    /// The initial state of the chemistry.
    let initialState: String
    /// The numbers of species and levels that the chemistry has to be compiled for.
    let compiledShape: String

    /// Finds the files of a template.
    ///
    /// - Throws: an error with the path of the first file that is missing or empty; that of the initial state is
    ///   reported by ``AtmosTree``.
    init(_ template: String, in root: String) throws(AtmosTreeError) {
        self.root = root
        let inputs = root + "/PHOTOCHEM/INPUTFILES"
        let folder = inputs + "/TEMPLATES/" + template
        planet = try Self.find("PLANET.dat", in: [folder, inputs])
        reactions = try Self.find("reactions.rx", in: [folder])
        // Upstream has this file only outside the templates.
        parameters = try Self.find("params.dat", in: [folder, inputs])
        climaInput = try Self.find(
            "input_clima.dat", in: [root + "/CLIMA/IO/TEMPLATES/" + template, root + "/CLIMA/IO"])
        photoInput = try Self.find("input_photchem.dat", in: [folder])
        species = try Self.find("species.dat", in: [folder])
        initialState = folder + "/in.dist"
        compiledShape = folder + "/parameters.inc"
    }

    /// The programs and every file that decides their results, by name.
    var deciding: [(name: String, path: String)] {
        [
            ("Photo.run", root + "/Photo.run"), ("Clima.run", root + "/Clima.run"), ("species.dat", species),
            ("reactions.rx", reactions), ("PLANET.dat", planet), ("params.dat", parameters),
            ("input_photchem.dat", photoInput), ("input_clima.dat", climaInput), ("in.dist", initialState),
        ]
    }

    /// Returns the links that a scratch folder needs.
    ///
    /// - Throws: an error if a file or folder of the tree is missing.
    func links() throws(AtmosTreeError) -> [AtmosTree.Link] {
        var links = [
            AtmosTree.Link(name: "PHOTOCHEM/INPUTFILES/PLANET.dat", target: planet),
            AtmosTree.Link(name: "PHOTOCHEM/INPUTFILES/reactions.rx", target: reactions),
            AtmosTree.Link(name: "PHOTOCHEM/INPUTFILES/params.dat", target: parameters),
        ]
        for folder in ["PHOTOCHEM/DATA", "CLIMA/DATA"] {
            guard PathType.isFolder(root + "/" + folder) else { throw .missing(path: root + "/" + folder) }
            links.append(AtmosTree.Link(name: folder, target: root + "/" + folder))
        }
        for file in ["weight_factors.txt", "hcaer_nohaze.out", "hcaer.out"] {
            let target = try Self.find(file, in: [root + "/CLIMA/IO"])
            links.append(AtmosTree.Link(name: "CLIMA/IO/" + file, target: target))
        }
        return links
    }

    /// Returns the path of `name` in the first of `folders` that has such a file with contents.
    private static func find(_ name: String, in folders: [String]) throws(AtmosTreeError) -> String {
        let paths = folders.map { $0 + "/" + name }
        guard let path = paths.first(where: PathType.isNonEmptyFile) else { throw .missing(path: paths[0]) }
        return path
    }
}
