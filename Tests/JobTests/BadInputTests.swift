import Foundation
import Results
import TestSupport
import Testing

/// One mistake in an otherwise correct launch.
struct BadInput: Sendable, CustomTestStringConvertible {
    let name: String
    let status: Int32
    /// Texts that the message must contain.
    let says: [String]
    var experiment: String = BadInput.good
    var words: [String] = ["run", "bad.yaml", "-o", "out.h5"]
    /// Prepares the folder before the launch.
    var prepare: @Sendable (Scratch) throws -> Void = { _ in }

    var testDescription: String { name }

    static let good = """
        title: A good one
        origin:
          CO2: 400 ppm
          CH4: 1 ppm
        filler: N2
        axes:
          CO2: {values: [300 ppm, 400 ppm, 500 ppm]}
        limits:
          surface_temperature: {min: 273.15 K, max: 340 K}
        model: energy-balance
        """

    static func changed(_ old: String, _ new: String) -> String { good.replacingOccurrences(of: old, with: new) }

    static let all: [BadInput] = [
        BadInput(
            name: "no such file", status: 66, says: ["nothere.yaml"], words: ["run", "nothere.yaml", "-o", "out.h5"]),
        BadInput(name: "a folder", status: 66, says: ["/tmp"], words: ["run", "/tmp", "-o", "out.h5"]),
        BadInput(
            name: "not YAML", status: 65, says: ["bad.yaml:2", "not YAML"], experiment: "title: [unclosed\n  - : :"),
        BadInput(name: "empty file", status: 65, says: ["bad.yaml", "empty"], experiment: ""),
        BadInput(
            name: "unknown key", status: 65, says: ["bad.yaml:6", "axis", "axes"], experiment: changed("axes:", "axis:")
        ),
        BadInput(
            name: "duplicate key", status: 65, says: ["bad.yaml:", "filler"],
            experiment: good + "\nfiller: O2"),
        BadInput(name: "unknown gas", status: 65, says: ["bad.yaml:4", "CH5"], experiment: changed("CH4:", "CH5:")),
        BadInput(
            name: "gas twice", status: 65, says: ["bad.yaml:", "CO2"], experiment: changed("CH4: 1 ppm", "CO2: 1 ppm")),
        BadInput(
            name: "origin off its axis", status: 65, says: ["bad.yaml:7", "origin"],
            experiment: changed("300 ppm, 400 ppm", "300 ppm, 450 ppm")),
        BadInput(
            name: "infeasible origin", status: 65, says: ["bad.yaml:", "1"],
            experiment: changed("CH4: 1 ppm", "CH4: 1.5")),
        BadInput(
            name: "origin sums above 1", status: 65, says: ["bad.yaml:"],
            experiment: changed("CH4: 1 ppm", "CH4: 0.7\n  O2: 0.6")),
        BadInput(
            name: "step zero", status: 65, says: ["bad.yaml:7", "step"],
            experiment: changed("{values: [300 ppm, 400 ppm, 500 ppm]}", "{linear: {from: 0, to: 1, step: 0}}")),
        BadInput(
            name: "step negative", status: 65, says: ["bad.yaml:7", "step"],
            experiment: changed("{values: [300 ppm, 400 ppm, 500 ppm]}", "{linear: {from: 0, to: 1, step: -0.1}}")),
        BadInput(
            name: "step NaN", status: 65, says: ["bad.yaml:7", "step"],
            experiment: changed("{values: [300 ppm, 400 ppm, 500 ppm]}", "{linear: {from: 0, to: 1, step: .nan}}")),
        BadInput(
            name: "empty axis", status: 65, says: ["bad.yaml:7", "CO2"],
            experiment: changed("[300 ppm, 400 ppm, 500 ppm]", "[]")),
        BadInput(
            name: "lattice beyond 2^63", status: 65, says: ["bad.yaml:", "2^63"],
            experiment: """
                title: Too many
                origin: {CO2: 0.01, CH4: 0.01, O2: 0.01, H2: 0.01, H2O: 0.01}
                axes:
                """
                    + ["CO2", "CH4", "O2", "H2", "H2O"].map { "\n  \($0): {linear: {from: 0, to: 1, step: 0.0001}}" }
                    .joined()
                    + "\nmodel: energy-balance"),
        BadInput(
            name: "limits the wrong way round", status: 65, says: ["bad.yaml:9", "minimum"],
            experiment: changed("min: 273.15 K, max: 340 K", "min: 340 K, max: 273.15 K")),
        BadInput(
            name: "limit without a unit", status: 65, says: ["bad.yaml:9", "unit"],
            experiment: changed("min: 273.15 K", "min: 273.15")),
        BadInput(
            name: "limit on an unknown quantity", status: 65,
            says: ["bad.yaml:9", "surface_temperatur", "surface_temperature"],
            experiment: changed("surface_temperature", "surface_temperatur")),
        BadInput(
            name: "unknown model", status: 65, says: ["bad.yaml:10", "energy-balanced", "energy-balance"],
            experiment: changed("model: energy-balance", "model: energy-balanced")),
        BadInput(
            name: "output directory missing", status: 64, says: ["nodir", "does not exist"],
            words: ["run", "bad.yaml", "-o", "nodir/out.h5"]),
        BadInput(
            name: "output directory read-only", status: 64, says: ["cannot be written"],
            words: ["run", "bad.yaml", "-o", "/proc/out.h5"]),
        BadInput(
            name: "output is a folder", status: 64, says: ["directory"], words: ["run", "bad.yaml", "-o", "."]),
        BadInput(
            name: "output is another file", status: 64, says: ["out.h5", "HDF5"],
            prepare: { scratch in _ = try scratch.write("out.h5", "precious") }),
        BadInput(name: "no output", status: 64, says: ["--output"], words: ["run", "bad.yaml"]),
        BadInput(
            name: "unknown option", status: 64, says: ["--speed"],
            words: ["run", "bad.yaml", "-o", "out.h5", "--speed"]),
        BadInput(name: "unknown command", status: 64, says: ["fly"], words: ["fly"]),
    ]
}

@Suite("Bad input", .serialized)
struct BadInputTests {
    @Test(
        "Bad input gets one clear message from rank 0 and its exit code, and nothing is overwritten", arguments: [1, 3])
    func table(ranks: Int) throws {
        var lines: [String] = []
        for bad in BadInput.all {
            let scratch = try Scratch()
            _ = try scratch.write("bad.yaml", bad.experiment)
            try bad.prepare(scratch)
            let before = try Self.contents(of: scratch)
            let launcher = ranks == 1 ? [] : Program.mpirun(ranks)
            let ended = try run(launcher + [Products.program] + bad.words, in: scratch)
            let message = ended.errors.trimmingCharacters(in: .whitespacesAndNewlines)
            #expect(ended.status == bad.status, "\(bad.name): \(message)")
            for text in bad.says { #expect(message.contains(text), "\(bad.name) says '\(text)': \(message)") }
            let errors = message.split(separator: "\n").count { $0.lowercased().contains("error: ") }
            #expect(errors == 1, "\(bad.name): one message: \(message)")
            #expect(ended.output.isEmpty, "\(bad.name): \(ended.output)")
            #expect(try Self.contents(of: scratch) == before, "\(bad.name): nothing is written")
            lines.append("| \(bad.name) | \(ended.status) | \(message.split(separator: "\n").first ?? "") |")
        }
        print(
            (["", "| bad input, \(ranks) ranks | exit | message |", "| --- | --- | --- |"] + lines).joined(
                separator: "\n"))
    }

    @Test("Without the mistakes of the table, the experiment runs")
    func good() throws {
        let scratch = try Scratch()
        _ = try scratch.write("bad.yaml", BadInput.good)
        let ended = try run([Products.program, "run", "bad.yaml", "-o", "out.h5"], in: scratch)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try findings(in: scratch.path("out.h5")).count == 3)
    }

    @Test("Ranks of different builds refuse to work together, and the message names the rank and both builds")
    func otherBuild() throws {
        let scratch = try Scratch()
        _ = try scratch.write("good.yaml", BadInput.good)
        // A different build: the same program with another version number.
        var bytes = try Data(contentsOf: URL(filePath: Products.program))
        let ours = try run([Products.program, "--version"], in: scratch).output.split(separator: " ")[1]
        let theirs = ours.map { $0.isNumber ? "9" : $0 }
        var place = bytes.startIndex
        while let range = bytes.range(of: Data(ours.utf8), in: place..<bytes.endIndex) {
            bytes.replaceSubrange(range, with: Data(String(theirs).utf8))
            place = range.upperBound
        }
        try bytes.write(to: scratch.folder.appending(path: "other"))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.path("other"))
        let words = ["run", "good.yaml", "-o", "out.h5"]
        let ended = try run(
            Program.mpirun(2) + [Products.program] + words + [":", "-n", "1", scratch.path("other")] + words,
            in: scratch)
        #expect(ended.status == 64, "\(ended.errors)")
        for text in ["rank 2", String(theirs), String(ours)] { #expect(ended.errors.contains(text), "\(ended.errors)") }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.h5")))
    }

    private static func contents(of scratch: Scratch) throws -> [String: Data?] {
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.folder.path)
            .filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") }
        return Dictionary(
            uniqueKeysWithValues: names.map { ($0, FileManager.default.contents(atPath: scratch.path($0))) })
    }

    @Test(
        "An output with a name that the results file needs is refused with its line",
        arguments: Schema.RootName.allCases.map(\.rawValue) + ["co2_mixing_ratio", "unknown_mixing_ratio", "run/log"])
    func reservedName(name: String) throws {
        let scratch = try Scratch()
        for declaration in ["outputs: {x: K,", "profiles: {p: {unit: K, levels: 2},"] {
            let experiment = try scratch.write(
                "a.yaml",
                """
                title: A
                origin: {CO2: 0.1}
                axes: {CO2: {values: [0.1, 0.2]}}
                model:
                  name: program
                  command: [./model.py]
                  outputs: {y: K}
                  \(declaration)
                    \(name): {unit: K\(declaration.contains("levels") ? ", levels: 2" : "")}}
                """.replacing("  outputs: {y: K}\n  outputs", with: "  outputs"))
            let ended = try run([Products.program, "check", experiment], in: scratch)
            let line = declaration.contains("levels") ? 9 : 8
            #expect(ended.status == 65, "\(ended.errors)")
            let key = declaration.prefix { $0 != ":" }
            #expect(
                ended.errors.contains("a.yaml:\(line): model.\(key).\(name) has the name '\(name)'"), "\(ended.errors)")
        }
    }
}
