internal import Children
internal import Foundation
internal import Glibc
internal import SystemPackage

/// The folder in which a worker runs Atmos, with its own inputs and outputs and links to the tree.
struct AtmosScratch {
    /// The standard output of the chemistry; standard error goes to a file next to it.
    static let photoLog = "Photo_log.txt"
    /// The standard output of the climate model; standard error goes to a file next to it.
    static let climaLog = "Clima_log.txt"

    /// The input files of a point.
    private static let inputs: Set = [
        "PHOTOCHEM/INPUTFILES/species.dat", "PHOTOCHEM/INPUTFILES/input_photchem.dat", "PHOTOCHEM/in.dist",
        "CLIMA/IO/input_clima.dat", "CLIMA/IO/TempIn.dat",
    ]

    /// What the climate model writes for the chemistry.
    private static let coupling = "COUPLE/fromClima2Photo.dat"

    private let scratch: Scratch
    /// The links to the tree, which are never removed.
    private let links: Set<String>

    /// Creates the folder with its links.
    ///
    /// - Throws: an error if it cannot be created.
    init(of tree: AtmosTree, under guardian: Guardian) throws(ChildError) {
        scratch = try Scratch(under: guardian)
        links = Set(tree.links.map(\.name))
        do {
            for folder in AtmosTree.scratchFolders {
                try FileManager.default.createDirectory(
                    atPath: path(folder), withIntermediateDirectories: true)
            }
            for link in tree.links {
                try FileManager.default.createSymbolicLink(atPath: path(link.name), withDestinationPath: link.target)
            }
        } catch {
            throw ChildError("cannot prepare \(scratch.path) for Atmos: \(error.localizedDescription)")
        }
    }

    /// The absolute path of the folder.
    var folder: String { scratch.path }

    /// Returns the absolute path of a file of the folder.
    func path(_ name: String) -> String { scratch.path + "/" + name }

    /// Removes everything that a run has read or written, for the next point.
    func clear() throws(ChildError) { try remove { !links.contains($0) } }

    /// Removes the outputs of an earlier run of the chemistry.
    func clearChemistry() throws(ChildError) {
        try remove { name in
            name.hasPrefix("PHOTOCHEM/") && !Self.inputs.contains(name) && !links.contains(name)
                || name.hasPrefix("COUPLE/") && name != Self.coupling || name.hasPrefix("fort.")
                || name == Self.photoLog
        }
    }

    /// Removes the outputs of an earlier run of the climate model.
    func clearClimate() throws(ChildError) {
        try remove { name in
            name.hasPrefix("CLIMA/") && !Self.inputs.contains(name) && !links.contains(name) || name == Self.coupling
                || name.hasPrefix("fort.") || name == Self.climaLog
        }
    }

    /// Creates or replaces a file.
    func put(_ bytes: [UInt8], at name: String) throws(ChildError) { try FileContents.write(bytes, to: path(name)) }

    /// Returns the contents of a file; `nil` if it is missing.
    func get(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: path(name)).map(Array.init) }

    /// Returns the last lines of a log and of the standard error next to it: up to 25 lines, and 4 kB, of each.
    func tail(_ log: String) -> String {
        let end = { (name: String) in
            (self.get(name) ?? []).suffix(4096).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        return (end(log).suffix(25) + end(Self.errors(log)).suffix(25)).joined(separator: "\n")
    }

    /// Returns the name of the file for standard error, given that for standard output.
    static func errors(_ log: String) -> String { log + ".errors" }

    /// Copies the folder to `destination`, for inspection.
    func keep(at destination: String) throws(ChildError) { try scratch.keep(at: destination) }

    /// Removes every regular file whose path in the folder satisfies `condition`; folders and links stay.
    private func remove(_ condition: (String) -> Bool) throws(ChildError) {
        for folder in [""] + AtmosTree.scratchFolders + ["PHOTOCHEM", "CLIMA"] {
            guard let listing = opendir(self.path(folder)) else { continue }
            defer { closedir(listing) }
            while let entry = readdir(listing) {
                // Most file systems report the type here, which saves a call of `lstat` for each entry.
                let type = Int(entry.pointee.d_type)
                guard type == DT_REG || type == DT_UNKNOWN else { continue }
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(cString: $0.assumingMemoryBound(to: CChar.self).baseAddress!)
                }
                let path = folder.isEmpty ? name : folder + "/" + name
                guard condition(path), type == DT_REG || isFile(path) else { continue }
                guard unlinkat(dirfd(listing), name, 0) == 0 else {
                    throw ChildError("cannot remove \(self.path(path)): \(Errno(rawValue: errno))")
                }
            }
        }
    }

    private func isFile(_ name: String) -> Bool {
        (try? FilePath(path(name)).stat(followTargetSymlink: false).type) == .regular
    }
}
