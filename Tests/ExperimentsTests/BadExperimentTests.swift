import Experiments
import Foundation
import Models
import Testing

@Suite struct BadExperimentTests {
    @Test(
        "A mistake is reported with its line and what to do",
        arguments: [
            ("titel: A test", "title: A test", 1, ["unknown key 'titel'", "did you mean 'title'?"]),
            ("subject: A test", "title: A test", 1, ["unknown key 'subject'", "known keys: title, summary"]),
            ("title: [a, b]", "title: A test", 1, ["title is a list", "one line of text"]),
            ("title:", "title: A test", 1, ["title is empty"]),
            ("title: ''", "title: A test", 1, ["title is empty"]),
            ("title: \"a\\nb\"", "title: A test", 1, ["title has several lines"]),
            ("\"a\\e[31m\\nb\": A test", "title: A test", 1, ["unknown key 'a [31m b'"]),
            ("references: {a: b}", "references: [First 2020, Second 2021]", 6, ["references is a mapping"]),
            ("  C02: 400 ppm", "  CO2: 400 ppm", 10, ["unknown gas 'C02'", "did you mean 'CO2'?"]),
            ("  methane: 1.63 ppm", "  CH4: 1.63 ppm", 11, ["unknown gas 'methane'", "did you mean 'CH4'?"]),
            ("  unobtainium: 1.63 ppm", "  CH4: 1.63 ppm", 11, ["unknown gas 'unobtainium'", "known gases: N2, O2"]),
            ("  CO2: 1.63 ppm", "  CH4: 1.63 ppm", 10, ["key 'CO2' is given more than once"]),
            ("  'CO2': 1.63 ppm", "  CH4: 1.63 ppm", 10, ["key 'CO2' is given more than once"]),
            ("  N2: 0.7", "  CH4: 1.63 ppm", 11, ["origin.N2 sets the filler"]),
            ("  O2: 1.21", "  O2: 0.21", 9, ["origin.O2 is '1.21'", "between 0 and 1"]),
            ("  O2: 0.9999", "  O2: 0.21", 9, ["origin adds up to 1.0003", "more than 1"]),
            ("  O2: -0.1", "  O2: 0.21", 9, ["between 0 and 1"]),
            ("  O2: 0.21 bar", "  O2: 0.21", 9, ["unknown unit 'bar'", "ppm"]),
            ("  O2: a lot", "  O2: 0.21", 9, ["origin.O2 is 'a lot'", "400 ppm"]),
            ("  O2: ~", "  O2: 0.21", 9, ["origin.O2 is empty"]),
            ("  O2: 0.2100000000000000000000000000000001", "  O2: 0.21", 9, ["origin.O2 is '0.21000000"]),
            ("filler: CO2", "filler: N2", 10, ["origin.CO2 sets the filler"]),
            ("filler: Ni2", "filler: N2", 12, ["unknown gas 'Ni2'", "did you mean 'N2'?"]),
            ("  H2: {values: [0]}", "  CH4: {pyatmos: {step: 0.005, to: 0.1}}", 15, ["axes.H2 has no starting point"]),
            ("  N2: {values: [0]}", "  CH4: {pyatmos: {step: 0.005, to: 0.1}}", 15, ["gives the filler N2 an axis"]),
            ("neighbours: {shape: corners}", "neighbours: {shape: diagonals, reach: 2}", 16, ["sides, diagonals"]),
            ("neighbours: {shape: sides, reach: 0}", "neighbours: {shape: diagonals, reach: 2}", 16, ["from 1 to 100"]),
            ("neighbors: {reach: 1}", "neighbours: {shape: diagonals, reach: 2}", 16, ["did you mean 'neighbours'?"]),
            ("attempts: 0", "attempts: 3", 17, ["attempts is '0'", "from 1 to 100"]),
            ("attempts: 1.5", "attempts: 3", 17, ["attempts is '1.5'", "whole number"]),
            ("attempts: 3 h", "attempts: 3", 17, ["attempts is '3 h'"]),
            ("order: generation", "order: arrival", 18, ["did you mean 'generations'?"]),
            (
                "limits: [surface_temperature]", "limits:\n  surface_temperature: {min: 0 degC, max: 340 K}", 19,
                ["limits is not a mapping"]
            ),
            ("{min: 340 K, max: 0 degC}", "{min: 0 degC, max: 340 K}", 20, ["340.0", "273.15", "swap"]),
            ("{min: 0 degC, max: 340}", "{min: 0 degC, max: 340 K}", 20, ["same unit"]),
            ("{}", "{min: 0 degC, max: 340 K}", 20, ["neither 'min' nor 'max'"]),
            ("{min: warm}", "{min: 0 degC, max: 340 K}", 20, ["limits.surface_temperature.min is 'warm'"]),
            ("{minimum: 0 degC}", "{min: 0 degC, max: 340 K}", 20, ["unknown key 'minimum'", "min, max"]),
            ("model: {name: energy_balance,", "model: {name: energy-balance,", 21, ["did you mean 'energy-balance'?"]),
            ("model: {nam: energy-balance,", "model: {name: energy-balance,", 21, ["model has no 'name'"]),
            (
                "surface_pressure: 1.5,", "surface_pressure: 1.5 bar,", 21,
                ["without a unit", "Pa, hPa, kPa, mbar, bar, atm"]
            ),
            ("surface_pressure: 1.5 baar,", "surface_pressure: 1.5 bar,", 21, ["'baar'", "did you mean 'bar'?"]),
            ("surface_pressure: 0 bar,", "surface_pressure: 1.5 bar,", 21, ["more than 0.0 Pa"]),
            ("solar_constant: 1300,", "solar_constant: 1300 W m-2,", 21, ["without a unit", "W m-2"]),
            ("zenith_cosine: 1.1,", "zenith_cosine: 0.6,", 21, ["model.zenith_cosine is '1.1'", "0.0 to 1.0"]),
            ("zenith_angle: 0.6,", "zenith_cosine: 0.6,", 21, ["unknown key 'zenith_angle' in model"]),
            ("wall_time: 12}", "wall_time: 12 h}", 22, ["without a unit", "s, min, h, d"]),
            ("wall_time: 12 hours}", "wall_time: 12 h}", 22, ["unknown unit 'hours'"]),
            ("points: 1e400,", "points: 100000,", 22, ["too large"]),
            ("points: 1e10,", "points: 100000,", 22, ["from 1 to 4294967295"]),
            ("store: {profiles: some}", "store: {profiles: [temperature]}", 23, ["all, none, or a list"]),
            ("store: {profiles: [a, a]}", "store: {profiles: [temperature]}", 23, ["names 'a' twice"]),
            ("store: {profile: all}", "store: {profiles: [temperature]}", 23, ["did you mean 'profiles'?"]),
            ("store: {profiles: all", "store: {profiles: [temperature]}", 24, ["not YAML"]),
            ("order: \"arrival", "order: arrival", 23, ["not YAML"]),
            ("order: *nothing", "order: arrival", 18, ["undefined alias"]),
            ("order: arrival\n---\ntitle: b", "order: arrival", 19, ["expected a single YAML document"]),
            ("order: arr\u{1}ival", "order: arrival", 18, ["control characters"]),
            ("? [a]\n: b", "order: arrival", 18, ["a key must be a word"]),
        ])
    func mistakes(new: String, old: String, line: Int, parts: [String]) throws {
        let error = try #require(mistake(in: text.with(new, for: old)))
        #expect(error.line == line, "\(error)")
        for part in parts { #expect(error.description.contains(part), "\(part) in: \(error)") }
        #expect(error.description.hasPrefix("test.yaml:\(line): "))
        #expect(!error.description.contains("\n"))
    }

    @Test("A missing key is named", arguments: ["title", "origin", "axes", "model"])
    func missing(key: String) {
        let parts = [
            "title": "title: a", "origin": "origin: {CO2: 0}", "axes": "axes: {CO2: {values: [0, 1]}}",
            "model": "model: energy-balance",
        ]
        #expect(mistake(in: parts.values.joined(separator: "\n")) == nil)
        let rest = parts.filter { $0.key != key }.values.joined(separator: "\n")
        #expect(mistake(in: rest)?.message.contains("the experiment has no '\(key)'; add ") == true)
    }

    @Test(
        "A text without an experiment is refused",
        arguments: ["", "# only a comment\n", "---\n", "just words", "[1, 2]"])
    func noExperiment(text: String) throws {
        let error = try #require(mistake(in: text))
        #expect(error.message.contains("empty") || error.message.contains("the file is not a mapping"))
    }

    @Test("A lattice of 2^63 points is refused") func tooManyPoints() throws {
        let gases = ["O2", "H2O", "CO2", "CH4", "H2", "Ar", "He"]
        let error = try #require(
            mistake(
                in: "title: a\norigin: {\(gases.map { "\($0): 0.1" }.joined(separator: ", "))}\naxes:\n"
                    + gases.map { "  \($0): {linear: {from: 0, to: 1, step: 0.001}}\n" }.joined()
                    + "model: energy-balance"))
        #expect(error.message.contains("more than 2^63 points (O2 1001, H2O 1001"))
    }

    @Test("Millions of neighbours are refused") func tooManyNeighbours() throws {
        let text = text.with(
            "neighbours: {shape: diagonals, reach: 100}", for: "neighbours: {shape: diagonals, reach: 2}")
        #expect(mistake(in: text) == nil, "40,400 neighbours of a point are many, but possible")
        let third = text.with("  O2: {values: [0.2, 0.21]}\n  CO2: {log", for: "  CO2: {log")
        #expect(mistake(in: third)?.message.contains("more than a million neighbours") == true)
    }

    @Test("No prefix of an experiment, and no typing error, crashes the program") func parts() {
        for end in text.indices { check(String(text[..<end])) }
        for index in text.indices {
            for letter in "9:{" { check(text.replacingCharacters(in: index...index, with: String(letter))) }
        }
        check(String(repeating: "[", count: 100_000))
        check(String(repeating: "a: {", count: 100_000))

        func check(_ text: String) {
            guard let error = mistake(in: text) else { return }
            #expect(!error.description.contains("\n") && error.description.count < 1500)
        }
    }

    private static func load(_ path: String) throws -> Experiment {
        try Experiment(contentsOf: path, models: ModelCatalogue.models) { _ in false }
    }

    @Test("A file that cannot be read says why") func files() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "experiments-\(UUID())").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        func read(_ bytes: [UInt8]) throws -> Experiment {
            let path = directory + "/experiment.yaml"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            return try Self.load(path)
        }
        func message(_ body: () throws -> Experiment) -> String {
            #expect(throws: ExperimentError.self) { try body() }?.description ?? ""
        }
        #expect(
            message { try Self.load(directory + "/none.yaml") }.hasSuffix(
                "none.yaml: no such file; check the path"))
        #expect(message { try Self.load(directory) }.contains(": is a directory; "))
        #expect(message { try Self.load("/proc/self/mem") }.contains(": cannot be read ("))
        #expect(message { try Self.load("/dev/zero") }.contains("larger than 1 MiB"))
        #expect(
            message { try read(Array("title: a\nsummary: \u{fc}".utf8.dropLast())) }.contains(".yaml:2: is not UTF-8"))
        #expect(message { try read([0x74, 0, 0x69, 0]) }.contains("is not YAML"))
        #expect(message { try read([]) }.contains("the file is empty"))
        #expect(try read(Array(("\u{feff}" + text).utf8)).text.utf8.count == text.utf8.count + 3)
        #expect(try read(Array(text.replacing("\n", with: "\r\n").utf8)).title == "A test")
    }
}
