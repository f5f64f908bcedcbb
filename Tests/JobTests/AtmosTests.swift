import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

/// Whole jobs with a stand-in for Atmos that reads and writes its files: mpirun, scratch folders, warm starts, and every
/// way in which the programs are known to fail.
@Suite("Atmos, by a stand-in", .serialized)
struct AtmosTests {
    /// A fake tree and the folders of one test.
    private struct Site {
        let scratch: Scratch
        let tree: String

        init(variant: String = "fdl") throws {
            scratch = try Scratch()
            tree = scratch.path("tree")
            let standIn = Products.path("AtmosStandIn")
            let made = try run([standIn, "make-tree", tree, "--variant", variant], in: scratch)
            try #require(made.status == 0, "\(made.errors)")
            try FileManager.default.createDirectory(
                atPath: scratch.path("node"), withIntermediateDirectories: true)
        }

        var environment: [String: String] { ["ATMOS_HOME": tree, "ATMOS_FRONTIER_SCRATCH": scratch.path("node")] }

        func start(
            _ ranks: Int, _ words: [String], with more: [String: String] = [:]
        ) throws -> Running {
            try Running(
                Program.mpirun(ranks) + [Products.program, "run"] + words, in: scratch,
                environment: environment.merging(more) { $1 })
        }

        /// An experiment over CO2 and O2, all of it stable unless a fault is asked for.
        func experiment(
            _ name: String = "atmos", co2: [Double], o2: [Double], model: String = "atmos", more: String = ""
        ) throws -> String {
            try scratch.write(
                "\(name).yaml",
                """
                title: A stand-in for Atmos
                origin: {O2: 0.21, H2O: 0.0123, CH4: 1.63e-6, CO2: 4e-4, H2: 8.13e-8}
                filler: N2
                axes: {CO2: {values: \(co2)}, O2: {values: \(o2)}}
                limits: {surface_temperature: {min: 100 K, max: 900 K}}
                model: \(model)
                \(more)
                """)
        }

        /// Waits until nothing of the job is left, neither a process nor a folder.
        func expectNothingLeft(_ place: SourceLocation = #_sourceLocation) {
            for _ in 0..<500 where !isEmpty { Thread.sleep(forTimeInterval: 0.02) }
            #expect(Processes.with(tree) == [], "no process is left", sourceLocation: place)
            #expect(scratchFolders == [], "no scratch folder is left", sourceLocation: place)
        }

        private var isEmpty: Bool { Processes.with(tree).isEmpty && scratchFolders.isEmpty }

        private var scratchFolders: [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: scratch.path("node"))) ?? []
        }
    }

    private static let co2 = [4e-4] + (1...14).map { Double($0) / 200 }
    private static let o2 = (0..<9).map { Double(14 + $0) / 100 }

    /// The results and the parent of each point in a form that two runs can be compared in.
    private func answers(_ path: String) throws -> [UInt64: [UInt64]] {
        let reader = try ResultsReader(at: path)
        let points = try reader.points(on: try reader.lattice())
        let names = [
            "surface_temperature", "surface_pressure", "ozone_column", "co2_surface_flux", "photo_steps",
            "clima_passes",
            "air_temperature", "layer_o3_mixing_ratio",
        ]
        let columns = try names.map { try reader.values(of: $0) }
        let byRow = Dictionary(uniqueKeysWithValues: zip(reader.rows, points))
        let parents = try reader.parents()
        var answers: [UInt64: [UInt64]] = [:]
        for (i, point) in points.enumerated() {
            let values = columns.flatMap { column in
                let width = column.count / points.count
                return column[i * width..<(i + 1) * width].map(\.bitPattern)
            }
            let solution = try reader.bytes(ofRow: reader.rows[i], in: .solution)
            answers[point.key] =
                values + [byRow[parents[i]]?.key ?? .max, UInt64(bitPattern: Int64(solution.hashValue))]
        }
        return answers
    }

    @Test("Of 135 points on 4 ranks, some misbehave in every known way; each has its outcome and reason")
    func misbehaviour() throws {
        let site = try Site()
        let standIn = Products.path("AtmosStandIn")
        let listed = try run([standIn, "faults"], in: site.scratch).output.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(listed.count >= 20)
        // The faults are spread so that every point keeps stable neighbours; there is none at the origin.
        var expected: [[Int]: (fault: String, reason: String)] = [:]
        var rules = ""
        for (i, words) in listed.enumerated() {
            let index = [1 + 2 * (i % 7), 1 + 3 * (i / 7)]
            expected[index] = (words[0], words[1])
            rules += "\(words[0]) CO2=\(Self.co2[index[0]]) O2=\(Self.o2[index[1]])\n"
        }
        let experiment = try site.experiment(
            co2: Self.co2, o2: Self.o2,
            model: """
                {name: atmos, photo_time_limit: 8 s, clima_time_limit: 8 s, photo_patience: 60, most_passes: 4,
                  pass_steps: 50}
                """)
        let job = try site.start(
            4, [experiment, "-o", "a.h5", "--keep-failed", "kept"],
            with: ["ATMOS_STAND_IN_FAULTS": try site.scratch.write("faults", rules)])
        let ended = try job.end(within: 900)
        #expect(ended.status == 0, "\(ended.errors)")
        site.expectNothingLeft()

        let reader = try ResultsReader(at: site.scratch.path("a.h5"))
        let lattice = try reader.lattice()
        #expect(reader.rows.count == Self.co2.count * Self.o2.count)
        let (reasons, names) = (try reader.reasons(), try reader.reasonNames())
        let exits = try reader.exitCodes()
        for (i, point) in try reader.points(on: lattice).enumerated() {
            let index = lattice.indices(of: point)
            let (fault, reason) = expected[index] ?? ("none", "none")
            let outcome: Outcome =
                reason == "none"
                ? .stable : ["photo_nonconverged", "clima_unsettled"].contains(reason) ? .notConverged : .failed
            #expect(names[reasons[i]] == reason, "\(fault) at \(index)")
            #expect(reader.outcomes[i] == outcome, "\(fault) at \(index)")
            let log = String(decoding: try reader.bytes(ofRow: reader.rows[i], in: .log), as: UTF8.self)
            #expect(log.isEmpty == (outcome == .stable), "\(fault) leaves a log: \(log)")
            let solution = try reader.bytes(ofRow: reader.rows[i], in: .solution)
            #expect(solution.isEmpty == (outcome != .stable), "\(fault) has no solution to start from")
            if fault == "clima-crash" { #expect(exits[i] == 136) }
            if fault == "photo-runtime-error" {
                #expect(exits[i] == 2)
                #expect(log.contains("Fortran runtime error"))
            }
        }
        let kept = try FileManager.default.contentsOfDirectory(atPath: site.scratch.path("kept"))
        #expect(kept.count > 10)
        for name in kept {
            #expect(FileManager.default.fileExists(atPath: site.scratch.path("kept/\(name)/PHOTOCHEM/in.dist")))
        }
    }

    @Test("Any number of ranks gives the same answers and the same solutions, to the last bit")
    func independentOfRanks() throws {
        let site = try Site()
        let experiment = try site.experiment(co2: Array(Self.co2.prefix(5)), o2: Array(Self.o2[4..<9]))
        var reference: [UInt64: [UInt64]]?
        for ranks in [1, 2, 4] {
            let ended = try site.start(ranks, [experiment, "-o", "\(ranks).h5"]).end()
            #expect(ended.status == 0, "\(ended.errors)")
            let answers = try answers(site.scratch.path("\(ranks).h5"))
            #expect(answers.count > 15)
            reference = reference ?? answers
            #expect(answers == reference, "\(ranks) ranks")
        }
        site.expectNothingLeft()
    }

    @Test("A run that was stopped and resumed from stored solutions ends with the results of an undisturbed one")
    func resumed() throws {
        let site = try Site()
        let (co2, o2) = (Array(Self.co2.prefix(5)), [0.20, 0.21, 0.22])
        let whole = try site.experiment("whole", co2: co2, o2: o2)
        #expect(try site.start(3, [whole, "-o", "whole.h5"]).end().status == 0)
        let part = try site.experiment("part", co2: co2, o2: o2, more: "stop: {points: 6}")
        #expect(try site.start(3, [part, "-o", "part.h5"]).end().status == 0)
        #expect(try ResultsReader(at: site.scratch.path("part.h5")).rows.count == 6)
        let again = try site.start(3, [whole, "-o", "part.h5"]).end()
        #expect(again.status == 0, "\(again.errors)")
        #expect(try answers(site.scratch.path("part.h5")) == answers(site.scratch.path("whole.h5")))
    }

    @Test("A worker killed with -9 during the chemistry leaves neither a child process nor a folder behind")
    func killedWorker() throws {
        let site = try Site()
        let experiment = try site.experiment(co2: [4e-4, 0.01, 0.02], o2: [0.21, 0.22])
        let job = try Running(
            [
                Products.repository.appending(path: "jobs/launch").path, "--quiet", "--oversubscribe", "-n", "3",
                Products.program,
                "run", experiment, "-o", "a.h5", "--worker-timeout", "35",
            ],
            in: site.scratch, environment: site.environment.merging(["ATMOS_STAND_IN_PACE": "0.02"]) { $1 })
        try job.wait { !Processes.with(site.tree, "Photo.run").isEmpty }
        let child = try #require(Processes.with(site.tree, "Photo.run").first)
        let worker = try #require(Processes.parent(of: child))
        #expect(kill(worker, SIGKILL) == 0)
        try job.wait(within: 20) { !FileManager.default.fileExists(atPath: "/proc/\(child)") }
        let ended = try job.end()
        #expect(ended.status == 0, "\(ended.errors)")
        let reader = try ResultsReader(at: site.scratch.path("a.h5"))
        #expect(reader.rows.count == 6 && reader.outcomes.allSatisfy { $0 == .stable })
        site.expectNothingLeft()
    }

    @Test("A stop ends the running programs, also in a job of one process", arguments: [1, 3])
    func stopped(ranks: Int) throws {
        let site = try Site()
        let experiment = try site.experiment(co2: [4e-4, 0.01, 0.02], o2: [0.21, 0.22])
        let launcher = ranks == 1 ? [] : Program.mpirun(ranks)
        let job = try Running(
            launcher + [Products.program, "run", experiment, "-o", "a.h5", "--stop-grace", "1"], in: site.scratch,
            environment: site.environment.merging(["ATMOS_STAND_IN_PACE": "0.5"]) { $1 })
        try job.wait { !Processes.with(site.tree, "Photo.run").isEmpty }
        kill(job.process.processIdentifier, SIGUSR1)
        let ended = try job.end()
        #expect(ended.status == 75, "\(ended.errors)")
        site.expectNothingLeft()
    }

    @Test("Each of the three protocols does what it says, on both variants of the tree", arguments: ["fdl", "vpl"])
    func protocols(variant: String) throws {
        let site = try Site(variant: variant)
        for name in ["settled", "coupled", "pyatmos"] {
            let experiment = try site.experiment(
                name, co2: [4e-4, 0.01], o2: [0.21, 0.22], model: "{name: atmos, protocol: \(name)}",
                more: name == "pyatmos" ? "order: arrival" : "")
            let ended = try site.start(2, [experiment, "-o", "\(name).h5"]).end()
            #expect(ended.status == 0, "\(ended.errors)")
            let reader = try ResultsReader(at: site.scratch.path("\(name).h5"))
            #expect(reader.outcomes == Array(repeating: .stable, count: 4))
            let passes = try reader.values(of: "clima_passes")
            let rounds = try reader.values(of: "coupling_rounds")
            let change = try reader.values(of: "clima_pass_change")
            switch name {
            case "settled":
                // A neighbour may start so close to its solution that one pass is enough.
                #expect(passes[0] >= 2 && passes.allSatisfy { $0 >= 1 } && rounds.allSatisfy { $0 == 0 })
                #expect(change.allSatisfy { abs($0) < 0.2 })
            case "coupled":
                #expect(rounds[0] >= 2 && rounds.allSatisfy { $0 >= 1 })
            default:
                // The first point starts from the end of a run for the template.
                #expect(passes == [2, 1, 1, 1] && rounds.allSatisfy { $0 == 0 })
            }
        }
    }

    @Test("An unusable tree, and gases that Atmos ignores, are reported before anything runs")
    func checks() throws {
        let site = try Site()
        let experiment = try site.experiment(
            co2: [4e-4, 0.01], o2: [0.21, 0.22], more: "")
        func check(_ path: String, _ home: String?) throws -> Running.Ended {
            try Running(
                [Products.program, "check", path], in: site.scratch,
                environment: home.map { ["ATMOS_HOME": $0] } ?? ["ATMOS_HOME": ""]
            ).end()
        }
        let good = try check(experiment, site.tree)
        #expect(good.status == 0, "\(good.errors)")
        #expect(good.output.contains("variant fdl") && good.output.contains("Photo.run "), "\(good.output)")
        let none = try check(experiment, nil)
        #expect(none.status == 65 && none.errors.contains("atmos.yaml:6") && none.errors.contains("ATMOS_HOME"))
        let wrong = try check(experiment, "/usr")
        #expect(wrong.status == 65 && wrong.errors.contains("/usr is not an Atmos tree"), "\(wrong.errors)")
        let water = try site.scratch.write(
            "water.yaml",
            """
            title: Water
            origin: {O2: 0.21, H2O: 0.0123, CO2: 4e-4}
            filler: N2
            axes: {CO2: {values: [4e-4, 0.01]}, H2O: {values: [0.0123, 0.02]}}
            model: atmos
            """)
        let ignored = try check(water, site.tree)
        #expect(ignored.status == 0 && ignored.output.contains("H2O: without effect"), "\(ignored.output)")
        let helium = try site.scratch.write(
            "helium.yaml",
            """
            title: Helium
            origin: {He: 0.1, CO2: 4e-4}
            axes: {CO2: {values: [4e-4, 0.01]}}
            model: atmos
            """)
        let unknown = try check(helium, site.tree)
        #expect(
            unknown.status == 65 && unknown.errors.contains("helium.yaml:2: He is not a species"), "\(unknown.errors)")
    }

    @Test("A run is not resumed with another tree")
    func otherTree() throws {
        let site = try Site()
        let experiment = try site.experiment(co2: [4e-4, 0.01], o2: [0.21, 0.22], more: "stop: {points: 1}")
        #expect(try site.start(2, [experiment, "-o", "a.h5"]).end().status == 0)
        let table = site.tree + "/PHOTOCHEM/INPUTFILES/TEMPLATES/ModernEarth/reactions.rx"
        let handle = try FileHandle(forWritingTo: URL(filePath: table))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("\n".utf8))
        try handle.close()
        let ended = try site.start(2, [experiment, "-o", "a.h5"]).end()
        #expect(ended.status == 65, "\(ended.errors)")
        #expect(ended.errors.contains("reactions.rx"), "\(ended.errors)")
    }
}
