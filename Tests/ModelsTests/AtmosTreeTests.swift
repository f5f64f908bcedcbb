import Atmospheres
import Foundation
import Testing

@testable import Models

@Suite struct AtmosTreeTests {
    @Test(
        "A tree is recognised, with its template, its shape and its gases",
        arguments: [("fdl", "ModernEarth", 21), ("vpl", "ModernEarthSimple", 13)])
    func recognised(variant: String, template: String, species: Int) throws {
        let atmos = try StandInAtmos(variant)
        defer { withExtendedLifetime(atmos) {} }
        let tree = atmos.tree
        #expect(tree.variant.rawValue == variant && tree.template == template)
        #expect(tree.shape == DistFile.Shape(species: species, levels: 200))
        #expect(tree.argon == 0.01)
        for gas in [Gas.o2, .h2o, .ch4, .co2, .h2, .n2] { #expect(tree.gases.contains(gas)) }
        #expect(AtmosTree.ignoredGases == [.n2, .h2o])
        #expect(tree.links.map(\.name).contains("PHOTOCHEM/DATA") && tree.links.count == 8)
        let digests = try tree.digests()
        #expect(digests.map(\.name).prefix(3) == ["Photo.run", "Clima.run", "species.dat"])
        #expect(digests[0].sha256 == digests[1].sha256, "one program with two names")
        #expect(digests.allSatisfy { $0.sha256.count == 64 })
        #expect(tree.photoInput.isUpstream == (variant == "vpl"))
    }

    @Test("Digests change only with files that decide a result") func identity() throws {
        let atmos = try StandInAtmos()
        let before = try atmos.tree.digests()
        try "new".write(toFile: atmos.tree.path + "/README", atomically: true, encoding: .utf8)
        #expect(try AtmosTree(at: atmos.tree.path + "/").digests() == before)
        let planet = atmos.tree.path + "/PHOTOCHEM/INPUTFILES/TEMPLATES/ModernEarth/PLANET.dat"
        let text = try String(contentsOfFile: planet, encoding: .utf8).replacing("980.7", with: "981.0")
        try text.write(toFile: planet, atomically: true, encoding: .utf8)
        let after = try AtmosTree(at: atmos.tree.path).digests()
        #expect(zip(before, after).filter { $0 != $1 }.map(\.0.name) == ["PLANET.dat"])
    }

    /// What is damaged in a tree, and what the error must mention.
    struct Broken: Sendable, CustomTestStringConvertible {
        var name: String
        var words: [String]
        var damage: @Sendable (String) throws -> Void
        var testDescription: String { name }

        init(_ name: String, _ words: [String], _ damage: @escaping @Sendable (String) throws -> Void) {
            self.name = name
            self.words = words
            self.damage = damage
        }

        static func remove(_ file: String, _ words: [String]) -> Broken {
            Broken("without \(file)", words) { try FileManager.default.removeItem(atPath: $0 + "/" + file) }
        }

        static func edit(_ file: String, _ old: String, _ new: String, _ words: [String]) -> Broken {
            Broken("with '\(new)' in \(file)", words) { tree in
                let path = tree + "/" + file
                let text = try String(contentsOfFile: path, encoding: .utf8)
                try #require(text.contains(old))
                try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
            }
        }
    }

    private static let templateFolder: String = "PHOTOCHEM/INPUTFILES/TEMPLATES/ModernEarth"

    private static let broken: [Broken] = [
        .remove("CLIMA", ["not an Atmos tree", "PHOTOCHEM and CLIMA"]),
        .remove("Photo.run", ["Photo.run is missing", "build"]),
        .remove("Clima.run", ["Clima.run is missing", "build"]),
        Broken("not executable", ["Clima.run is not executable", "chmod"]) { tree in
            try FileManager.default.removeItem(atPath: tree + "/Clima.run")
            try "".write(toFile: tree + "/Clima.run", atomically: true, encoding: .utf8)
        },
        .remove(templateFolder, ["neither the template ModernEarth", "Other"]),
        .remove(templateFolder + "/in.dist", ["in.dist is missing"]),
        .remove(templateFolder + "/reactions.rx", ["reactions.rx is missing"]),
        .remove("CLIMA/DATA", ["CLIMA/DATA is missing"]),
        .remove("CLIMA/IO/hcaer_nohaze.out", ["hcaer_nohaze.out is missing"]),
        .edit(templateFolder + "/species.dat", "OCS ", "*OCS ", ["built for 21", "has 20", "rebuild"]),
        .edit("PHOTOCHEM/INPUTFILES/parameters.inc", "NQ=21", "NQ=61", ["built for 61", "has 21"]),
        .edit(templateFolder + "/in.dist", "0.28", "  NaN", ["not finite"]),
        .edit(templateFolder + "/PLANET.dat", "0.01 ", "none ", ["PLANET.dat:5", "argon"]),
        .edit("CLIMA/IO/TEMPLATES/ModernEarth/input_clima.dat", "IUP=       1", "IUP=1", ["input_clima.dat", "IUP"]),
        Broken("with a shorter state", ["in.dist has 900 lines", "need 1000"]) { tree in
            let path = tree + "/" + templateFolder + "/in.dist"
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
            try (lines.prefix(900).joined(separator: "\n") + "\n").write(
                toFile: path, atomically: true, encoding: .utf8)
        },
    ]

    @Test("The error of an unusable tree says what is missing and what to do", arguments: broken)
    func refused(tree broken: Broken) throws {
        let atmos = try StandInAtmos()
        try FileManager.default.createDirectory(
            atPath: atmos.tree.path + "/PHOTOCHEM/INPUTFILES/TEMPLATES/Other", withIntermediateDirectories: true)
        try broken.damage(atmos.tree.path)
        let error = #expect(throws: AtmosTreeError.self) { _ = try AtmosTree(at: atmos.tree.path) }
        for words in broken.words { #expect("\(try #require(error))".contains(words), "\(error!)") }
    }

    @Test("The error of an unknown template lists the known ones") func template() throws {
        let atmos = try StandInAtmos()
        let error = #expect(throws: AtmosTreeError.self) { _ = try AtmosTree(at: atmos.tree.path, template: "Mars") }
        #expect("\(try #require(error))".contains("no template 'Mars'; it has: ModernEarth"))
    }

    static let home = ProcessInfo.processInfo.environment["ATMOS_HOME"]

    @Test(
        "A built tree of Atmos is recognised",
        .enabled(if: home != nil, "ATMOS_HOME does not name a built Atmos tree; only that of the stand-in is tested"))
    func real() throws {
        let tree = try AtmosTree(at: try #require(Self.home))
        #expect(tree.template == tree.variant.defaultTemplate)
        #expect(tree.shape.species == (tree.variant == .fdl ? 61 : 40))
        for gas in [Gas.o2, .h2o, .ch4, .co2, .h2, .n2] { #expect(tree.gases.contains(gas)) }
        #expect(try tree.digests().count == 9)
    }
}
