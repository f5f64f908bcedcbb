internal import Children
internal import Foundation
internal import Glibc

/// The folder that a worker runs Atmos in: its own inputs and outputs, and links to the tree.
struct AtmosScratch {
    /// Logs of the chemistry and the climate model: standard output, and standard error beside it.
    static let photoLog = "Photo_log.txt"
    static let climaLog = "Clima_log.txt"

    /// What both models read of a point.
    private static let inputs: Set = [
        "PHOTOCHEM/INPUTFILES/species.dat", "PHOTOCHEM/INPUTFILES/input_photchem.dat", "PHOTOCHEM/in.dist",
        "CLIMA/IO/input_clima.dat", "CLIMA/IO/TempIn.dat",
    ]

    /// What the chemistry leaves for the climate model, and the climate model for the chemistry.
    private static let coupling = "COUPLE/fromClima2Photo.dat"

    private let scratch: Scratch
    /// Files that were there before any run: they stay.
    private let links: Set<String>

    /// Makes the folder with its links.
    ///
    /// - Throws: when it cannot be made, or lies in a tree.
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

    var folder: String { scratch.path }

    func path(_ name: String) -> String { scratch.path + "/" + name }

    /// Makes it as new, for the next point: nothing that a run has read or written is left.
    func clear() throws(ChildError) { try remove { !links.contains($0) } }

    /// Takes away what an earlier run of the chemistry has written.
    func clearChemistry() throws(ChildError) {
        try remove { name in
            name.hasPrefix("PHOTOCHEM/") && !Self.inputs.contains(name) && !links.contains(name)
                || name.hasPrefix("COUPLE/") && name != Self.coupling || name.hasPrefix("fort.")
                || name == Self.photoLog
        }
    }

    /// Takes away what an earlier run of the climate model has written.
    func clearClimate() throws(ChildError) {
        try remove { name in
            name.hasPrefix("CLIMA/") && !Self.inputs.contains(name) && !links.contains(name) || name == Self.coupling
                || name.hasPrefix("fort.") || name == Self.climaLog
        }
    }

    func put(_ bytes: [UInt8], at name: String) throws(ChildError) { try FileContents.write(bytes, to: path(name)) }

    /// The bytes of a file; `nil` when it is missing.
    func get(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: path(name)).map(Array.init) }

    /// The last 4 kB of a log and what was written to standard error, for a person.
    func tail(_ log: String) -> String {
        let end = { (name: String) in
            (self.get(name) ?? []).suffix(4096).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
                .map { String(decoding: $0, as: UTF8.self) }
        }
        return (end(log).suffix(25) + end(Self.errors(log)).suffix(25)).joined(separator: "\n")
    }

    static func errors(_ log: String) -> String { log + ".errors" }

    func keep(at destination: String) throws(ChildError) { try scratch.keep(at: destination) }

    /// Removes every file for whose path in the folder `condition` holds. Folders and links to them stay.
    private func remove(_ condition: (String) -> Bool) throws(ChildError) {
        for folder in [""] + AtmosTree.scratchFolders + ["PHOTOCHEM", "CLIMA"] {
            guard let listing = opendir(path(folder)) else { continue }
            defer { closedir(listing) }
            while let entry = readdir(listing) {
                // Most storage tells what a name is without being asked for each of them.
                let type = Int(entry.pointee.d_type)
                guard type == DT_REG || type == DT_UNKNOWN else { continue }
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(cString: $0.assumingMemoryBound(to: CChar.self).baseAddress!)
                }
                let place = folder.isEmpty ? name : folder + "/" + name
                guard condition(place), type == DT_REG || isFile(place) else { continue }
                guard unlinkat(dirfd(listing), name, 0) == 0 else { throw Self.error("removing", path(place)) }
            }
        }
    }

    private func isFile(_ name: String) -> Bool {
        var info = stat()
        return lstat(path(name), &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }

    private static func error(_ action: String, _ path: String) -> ChildError {
        ChildError("\(action) \(path): \(String(cString: strerror(errno)))")
    }
}
