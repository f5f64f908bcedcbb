import Foundation
import HDF5
import TestSupport
import Testing

/// What `schema` lists, against what is in files of every kind.
@Suite("The contents of a results file")
struct ContentsTests {
    private static let program = """
        import json, sys
        for line in sys.stdin:
            request = json.loads(line)
            number = "id" if "id" in request else "point"
            a, b = request["index"]
            open("s", "w").write("solution")
            print("working on", a, b, file=sys.stderr)
            answer = {number: request[number], "outcome": "stable", "outputs": {"x": a, "n": b},
                      "profiles": {"t": [a, b], "p": [2, 1]}, "solution": "s"}
            if a == 2: answer = {number: request[number], "outcome": "failed"}
            print(json.dumps(answer), flush=True)
        """

    /// An experiment of each kind.
    private enum Kind: String, CaseIterable {
        case flood, refine, program, atmos

        var text: String {
            switch self {
            case .flood, .refine:
                """
                title: A boundary
                origin: {CO2: 400 ppm, CH4: 1.63 ppm, O2: 0.21}
                filler: N2
                axes: {CO2: {log: {from: 1e-4, to: 0.9, per_decade: 4}}, CH4: {log: {from: 1e-7, to: 1e-4, per_decade: 4}}}
                search: \(rawValue)
                model: energy-balance
                """
            case .program:
                """
                title: A program with everything
                origin: {CO2: 0.1, CH4: 0.1}
                axes: {CO2: {values: [0, 0.1, 0.2]}, CH4: {values: [0.1, 0.2]}}
                attempts: 1
                model:
                  name: program
                  command: [python3, ./model.py]
                  warm_start: true
                  outputs: {x: K, n: {unit: "1", comment: A count.}}
                  profiles: {t: {unit: K, levels: 2}, p: {unit: Pa, levels: 2, standard_name: air_pressure}}
                """
            case .atmos:
                """
                title: A stand-in for Atmos
                origin: {O2: 0.21, H2O: 0.0123, CH4: 1.63e-6, CO2: 4e-4, H2: 8.13e-8}
                filler: N2
                axes: {CO2: {values: [4e-4, 5e-3]}, O2: {values: [0.2, 0.21]}}
                limits: {surface_temperature: {min: 100 K, max: 900 K}}
                model: atmos
                """
            }
        }
    }

    @Test("Everything in a closed file is listed, and everything listed is in it", arguments: Kind.allCases)
    private func listing(kind: Kind) throws {
        let scratch = try Scratch()
        try scratch.write("model.py", Self.program)
        let experiment = try scratch.write("\(kind).yaml", kind.text)
        var environment = ["ATMOS_FRONTIER_SCRATCH": scratch.folder.path]
        if kind == .atmos {
            let made = try run([Products.path("AtmosStandIn"), "make-tree", "tree", "--variant", "fdl"], in: scratch)
            try #require(made.status == 0, "\(made.errors)")
            environment["ATMOS_HOME"] = scratch.path("tree")
        }
        func program(_ words: String...) throws -> String {
            let ended = try Running([Products.program] + words, in: scratch, environment: environment).end()
            try #require(ended.status == 0, "\(words): \(ended.errors)")
            return ended.output
        }
        _ = try program("run", experiment, "-o", "a.h5")
        let listed = try program("schema", experiment, "--format", "markdown").split(separator: "\n").dropFirst(2).map {
            String($0.split(separator: "`")[1])
        }
        #expect(Set(listed).count == listed.count, "each name once")

        _ = try program("snapshot", "a.h5", "b.h5")
        for name in ["a.h5", "b.h5"] {
            let found = try Self.names(in: scratch.path(name))
            #expect(found.subtracting(listed) == [], "in \(name) of \(kind), and not listed")
            #expect(Set(listed).subtracting(found) == [], "listed for \(kind), and not in \(name)")
        }
        let paths = ["run/log", "run/solution", "run/model_identity"].filter(listed.contains)
        #expect(paths.count == (kind == .program || kind == .atmos ? 3 : 0))
        #expect(listed.contains("inferred/inferred_status") == (kind == .refine))
    }

    /// Returns the path of every group and variable of a file, and the attributes as `schema` writes them.
    private static func names(in path: String) throws -> Set<String> {
        let file = try File(opening: path, .read, try .fileAccess())
        var names = Set(try file.attributeNames.map { ":\($0)" })
        func visit(_ group: borrowing Group, _ prefix: String) throws {
            for name in try group.names {
                names.insert(prefix + name)
                if try group.isGroup(name) {
                    let member = try Group(opening: name, in: group)
                    names.formUnion(try member.attributeNames.map { "\(prefix + name):\($0)" })
                    try visit(member, prefix + name + "/")
                } else {
                    let attributes = try Dataset(opening: name, in: group).attributeNames
                    names.formUnion(attributes.filter { !Dataset.scaleAttributes.contains($0) }.map { "*:\($0)" })
                }
            }
        }
        try visit(try Group(opening: "/", in: file), "")
        return names
    }
}
