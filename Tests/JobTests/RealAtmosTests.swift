import Atmospheres
import Foundation
import Results
import TestSupport
import Testing

@testable import Models

/// Tests with a built Atmos tree, which `ATMOS_HOME` names. They take minutes.
@Suite(
    "Atmos itself", .serialized,
    .enabled(if: RealAtmos.home != nil, "ATMOS_HOME names no built Atmos tree"))
struct RealAtmosTests {
    private static let origin = "{O2: 0.21, H2O: 0.0123, CH4: 1.63e-6, CO2: 4e-4, H2: 8.13e-8}"
    private static let gases = 6

    @Test("With the protocol of PyATMOS, a point equals that of Photo and Clima run by hand, to the last digit")
    func byHand() throws {
        let scratch = try Scratch()
        let steps = 60
        let experiment = try scratch.write(
            "pyatmos.yaml",
            """
            title: As in 2018
            origin: \(Self.origin)
            filler: N2
            axes: {CO2: {values: [4e-4, 0.01]}}
            order: arrival
            model: {name: atmos, protocol: pyatmos, pass_steps: \(steps)}
            """)
        let ended = try run(
            Program.mpirun(2) + [Products.program, "run", experiment, "-o", "a.h5"], in: scratch, within: 1800)
        #expect(ended.status == 0, "\(ended.errors)")
        let reader = try ResultsReader(at: scratch.path("a.h5"))
        let tree = try AtmosTree(at: try #require(RealAtmos.home))
        let solutions = try [0, 1].map { row in
            try AtmosSolution(try reader.bytes(ofRow: row, in: .solution), shape: tree.shape, gases: Self.gases)
        }
        let hand = try HandRun(tree.path, tree.template, in: scratch.folder.appending(path: "hand"))
        try hand.setSurface([
            "O2": "2.100E-01", "H2O": "1.230E-02", "CH4": "1.630E-06", "CO2": "1.000E-02", "H2": "8.130E-08",
        ])
        try hand.run(state: solutions[0].chemistry, climate: solutions[0].climate, steps: steps)
        #expect(try hand.read("PHOTOCHEM/OUTPUT/out.dist") == solutions[1].chemistry)
        #expect(try hand.read("CLIMA/IO/TempOut.dat") == solutions[1].climate)
        #expect(try hand.read("COUPLE/fromClima2Photo.dat") == solutions[1].coupling)
    }

    @Test("A worker killed with -9 during Photo leaves no child process and no folder behind")
    func killed() throws {
        let scratch = try Scratch()
        let node = scratch.folder.appending(path: "node")
        try FileManager.default.createDirectory(at: node, withIntermediateDirectories: true)
        let experiment = try scratch.write(
            "one.yaml",
            """
            title: One point
            origin: \(Self.origin)
            filler: N2
            axes: {CO2: {values: [4e-4, 0.01]}}
            stop: {points: 1}
            model: {name: atmos, protocol: pyatmos, pass_steps: 20}
            """)
        let job = try Running(
            Program.mpirun(2) + [Products.program, "run", experiment, "-o", "a.h5"], in: scratch,
            environment: ["ATMOS_FRONTIER_SCRATCH": node.path])
        let home = try #require(RealAtmos.home)
        try job.wait { !Processes.with(home, "Photo.run").isEmpty }
        let child = try #require(Processes.with(home, "Photo.run").first)
        let worker = try #require(Processes.ranks(writing: "a.h5", in: scratch).first { Processes.rank(of: $0) == 1 })
        #expect(kill(worker, SIGKILL) == 0)
        for _ in 0..<1000 where FileManager.default.fileExists(atPath: "/proc/\(child)") {
            Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(!FileManager.default.fileExists(atPath: "/proc/\(child)"))
        _ = try job.end()
        for _ in 0..<500 where try !FileManager.default.contentsOfDirectory(atPath: node.path).isEmpty {
            Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: node.path) == [])
    }
}

private enum RealAtmos {
    static let home = ProcessInfo.processInfo.environment["ATMOS_HOME"].flatMap { home in
        FileManager.default.isExecutableFile(atPath: home + "/Photo.run") ? home : nil
    }
}

/// Runs both programs as a person would by hand, without code of the driver.
private struct HandRun {
    let folder: URL
    let tree: String

    init(_ tree: String, _ template: String, in folder: URL) throws {
        self.folder = folder
        self.tree = tree
        let files = FileManager.default
        for name in ["PHOTOCHEM", "CLIMA/IO", "COUPLE"] {
            try files.createDirectory(at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        for name in ["PHOTOCHEM/DATA", "CLIMA/DATA"] {
            try files.createSymbolicLink(
                atPath: folder.appending(path: name).path, withDestinationPath: tree + "/" + name)
        }
        let inputs = folder.appending(path: "PHOTOCHEM/INPUTFILES")
        try files.copyItem(atPath: tree + "/PHOTOCHEM/INPUTFILES/TEMPLATES/" + template, toPath: inputs.path)
        try files.createDirectory(
            at: folder.appending(path: "PHOTOCHEM/OUTPUT"), withIntermediateDirectories: true)
        for name in ["params.dat", "PLANET.dat"] where !files.fileExists(atPath: inputs.path + "/" + name) {
            try files.copyItem(atPath: tree + "/PHOTOCHEM/INPUTFILES/" + name, toPath: inputs.path + "/" + name)
        }
        for name in ["weight_factors.txt", "hcaer_nohaze.out", "hcaer.out"] {
            try files.copyItem(
                atPath: tree + "/CLIMA/IO/" + name, toPath: folder.appending(path: "CLIMA/IO/" + name).path)
        }
        try files.copyItem(
            atPath: tree + "/CLIMA/IO/TEMPLATES/" + template + "/input_clima.dat",
            toPath: folder.appending(path: "CLIMA/IO/input_clima.dat").path)
    }

    /// Sets lower boundary type 1 and the given mixing ratios for long-lived species.
    func setSurface(_ ratios: [String: String]) throws {
        try edit("PHOTOCHEM/INPUTFILES/species.dat") { line in
            var words = line.split(separator: " ").map(String.init)
            guard words.count > 10, words[1] == "LL", let ratio = ratios[words[0]] else { return line }
            words[8] = "1"
            words[10] = ratio
            return words.joined(separator: " ")
        }
    }

    func run(state: [UInt8], climate: [UInt8], steps: Int) throws {
        try Data(state).write(to: folder.appending(path: "PHOTOCHEM/in.dist"))
        try start("Photo.run")
        try edit("CLIMA/IO/input_clima.dat") { line in
            let key = line.prefix { $0 != "=" }
            return key == "NSTEPS" ? "NSTEPS=    \(steps)" : key == "IUP" ? "IUP=       0" : line
        }
        try Data(climate).write(to: folder.appending(path: "CLIMA/IO/TempIn.dat"))
        try start("Clima.run")
    }

    func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: folder.appending(path: name))) }

    private func start(_ program: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: tree + "/" + program)
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private func edit(_ name: String, _ change: (String) -> String) throws {
        let place = folder.appending(path: name)
        let text = try String(contentsOf: place, encoding: .isoLatin1)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { change(String($0)) }
        try lines.joined(separator: "\n").write(to: place, atomically: true, encoding: .isoLatin1)
    }
}
