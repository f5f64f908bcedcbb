import Atmospheres
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Models

/// A tree of the stand-in for Atmos, and scratch folders over it, removed at the end.
final class StandInAtmos {
    private let space: TestSupport.Scratch
    var folder: URL { space.folder }
    let tree: AtmosTree

    /// The built program.
    static let program = Products.path("AtmosStandIn")

    init(_ variant: String = "fdl") throws {
        space = try TestSupport.Scratch()
        let path = space.path("tree")
        try Self.makeTree(at: path, variant)
        tree = try AtmosTree(at: path)
    }

    static func makeTree(at path: String, _ variant: String = "fdl") throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = ["make-tree", path, "--variant", variant]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// A folder for a point as the driver makes it: its own inputs, links to the rest.
    func scratch() throws -> Scratch { try Scratch(self) }

    /// A point's folder and the inputs that a test changes.
    final class Scratch {
        let path: String
        let tree: AtmosTree
        var species: SpeciesTable
        /// In place of ``species``, to be refused by the program.
        var speciesText: String?
        var climaInput: ClimaInput
        var photoInput: PhotoInput

        /// Keeps the tree as long as the folder.
        private let atmos: StandInAtmos

        init(_ atmos: StandInAtmos) throws {
            self.atmos = atmos
            tree = atmos.tree
            species = tree.species
            climaInput = tree.climaInput
            photoInput = tree.photoInput
            path = atmos.folder.appending(path: "scratch-\(UUID().uuidString.prefix(8))").path
            for name in AtmosTree.scratchFolders {
                try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
            }
            for link in tree.links {
                try FileManager.default.createSymbolicLink(atPath: file(link.name), withDestinationPath: link.target)
            }
            try write(try FortranText.read(tree.initialState), "PHOTOCHEM/in.dist")
            for (gas, value) in [(Gas.o2, 0.21), (.ch4, 1.63e-6), (.co2, 4e-4), (.h2, 8.13e-8)] {
                try species.setMixingRatio(value, of: gas)
            }
        }

        func file(_ name: String) -> String { path + "/" + name }

        func write(_ bytes: [UInt8], _ name: String) throws {
            try Data(bytes).write(to: URL(filePath: file(name)))
        }

        func read(_ name: String) throws -> [UInt8] { try FortranText.read(file(name)) }

        /// Writes the inputs and runs a program to its end.
        func run(_ program: String, environment: [String: String] = [:]) throws -> Ended {
            let running = try start(program, environment: environment)
            return try running.end(within: 20)
        }

        /// Writes the inputs and starts a program.
        func start(_ program: String, environment: [String: String] = [:]) throws -> Started {
            try write(speciesText.map { Array($0.utf8) } ?? species.bytes, "PHOTOCHEM/INPUTFILES/species.dat")
            try write(photoInput.bytes, "PHOTOCHEM/INPUTFILES/input_photchem.dat")
            try write(climaInput.bytes, "CLIMA/IO/input_clima.dat")
            return try Started(tree.path + "/" + program, in: path, environment)
        }

        func photoProgress(_ ended: Ended) -> PhotoProgress {
            var progress = PhotoProgress()
            progress.receive(ended.output)
            progress.receive(ended.errors, from: .errors)
            progress.finish()
            return progress
        }

        func climaProgress(_ ended: Ended) -> ClimaProgress {
            var progress = ClimaProgress()
            progress.receive(ended.output)
            progress.receive(ended.errors, from: .errors)
            progress.finish()
            return progress
        }

        /// The reason that the chemistry's run is judged to have; `nil` when it converged.
        func photoReason(_ ended: Ended) -> Reason? {
            let dist = DistFile.condition(
                of: try? read("PHOTOCHEM/OUTPUT/out.dist"), shape: tree.shape)
            return failure { try PhotoVerdict.judge(ended.ending, photoProgress(ended), dist: dist) }?.reason
        }

        /// The end of the climate's run.
        func climaAnswer(_ ended: Ended) throws -> (table: ClimaTable, profile: TemperatureProfile) {
            let outputs = ClimaVerdict.Outputs(
                table: try? ClimaTable(contentsOf: file("CLIMA/IO/clima_allout.tab")),
                profile: try? TemperatureProfile(contentsOf: file("CLIMA/IO/TempOut.dat")))
            let steps = Int(try climaInput.number(.steps))
            return try ClimaVerdict.judge(ended.ending, climaProgress(ended), steps: steps, outputs: outputs)
        }
    }

    struct Ended {
        var ending: AtmosEnding
        let output: [UInt8]
        let errors: [UInt8]
    }

    /// A program under way, its outputs in files.
    final class Started {
        let process = Process()
        private let output: String
        private let errors: String

        init(_ program: String, in folder: String, _ environment: [String: String]) throws {
            output = folder + "/stdout-\(UUID().uuidString)"
            errors = folder + "/stderr-\(UUID().uuidString)"
            process.executableURL = URL(filePath: program)
            process.currentDirectoryURL = URL(filePath: folder)
            process.environment = ProcessInfo.processInfo.environment
                .merging(["GFORTRAN_UNBUFFERED_ALL": "1"]) { $1 }.merging(environment) { $1 }
            process.standardInput = FileHandle.nullDevice
            for (path, stream) in [(output, \Process.standardOutput), (errors, \Process.standardError)] {
                _ = FileManager.default.createFile(atPath: path, contents: nil)
                process[keyPath: stream] = try FileHandle(forWritingTo: URL(filePath: path))
            }
            // A child inherits the mask of the thread that starts it, and the pool's threads block every signal.
            var none = sigset_t()
            var before = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            try process.run()
        }

        deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

        var said: [UInt8] { (try? FortranText.read(output)) ?? [] }

        /// Whether it has ended, though what it left behind may keep its outputs open.
        var isZombie: Bool {
            let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
            return status?.contains(") Z ") ?? true
        }

        func wait(within seconds: Double = 20, until condition: () -> Bool) throws {
            let deadline = ContinuousClock.now + .seconds(seconds)
            while !condition() {
                try #require(ContinuousClock.now < deadline, "in time")
                Thread.sleep(forTimeInterval: 0.005)
            }
        }

        func end(within seconds: Double) throws -> Ended {
            try wait(within: seconds) { !process.isRunning }
            let ending: AtmosEnding =
                process.terminationReason == .exit
                ? .exited(process.terminationStatus) : .signalled(process.terminationStatus)
            return Ended(ending: ending, output: said, errors: try FortranText.read(errors))
        }

        /// Waits until `condition` holds of what it has said, kills it, and says why.
        func stop(_ reason: AtmosEnding.Stop, when condition: ([UInt8]) -> Bool) throws -> Ended {
            try wait { condition(said) }
            kill(process.processIdentifier, SIGKILL)
            var ended = try end(within: 20)
            ended.ending = .stopped(reason)
            return ended
        }
    }
}
