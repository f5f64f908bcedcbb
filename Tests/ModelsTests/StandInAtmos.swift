import Atmospheres
import Children
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Models

/// A tree of the stand-in for Atmos with scratch folders, removed at the end.
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

    /// Creates a folder for a point as the model does: its own inputs, and links to the tree.
    func scratch() throws -> Scratch { try Scratch(self) }

    /// The folder of a point and the inputs that a test changes.
    final class Scratch {
        let path: String
        let tree: AtmosTree
        var species: SpeciesTable
        /// Replaces ``species`` by a text that the program is to reject.
        var speciesText: String?
        var climaInput: ClimaInput
        var photoInput: PhotoInput

        /// Keeps the tree alive for as long as the folder.
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
            try write(try tree.initialState(), "PHOTOCHEM/in.dist")
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

        func photoProgress(_ ended: Ended) -> PhotoProgress { ended.read(by: PhotoProgress()) }

        func climaProgress(_ ended: Ended) -> ClimaProgress { ended.read(by: ClimaProgress()) }

        /// Returns the reason why a run of the chemistry failed; `nil` if it converged.
        func photoReason(_ ended: Ended) -> Reason? {
            let dist = DistFile.condition(
                of: try? read("PHOTOCHEM/OUTPUT/out.dist"), shape: tree.shape)
            return failure { try PhotoVerdict.judge(ended.ending, photoProgress(ended), dist: dist) }?.reason
        }

        /// Returns the result of a run of the climate model.
        func climaResult(_ ended: Ended) throws -> (table: ClimaTable, profile: TemperatureProfile) {
            let outputs = ClimaVerdict.Outputs(
                table: try? ClimaTable(FortranText(contentsOf: file("CLIMA/IO/clima_allout.tab"))),
                profile: try? TemperatureProfile(read("CLIMA/IO/TempOut.dat")))
            let steps = Int(try climaInput.number(.steps))
            return try ClimaVerdict.judge(ended.ending, climaProgress(ended), steps: steps, outputs: outputs)
        }
    }

    /// A run that has ended, with everything that it wrote.
    struct Ended {
        var ending: AtmosEnding
        let output: [UInt8]
        let errors: [UInt8]

        /// Feeds the outputs to `progress`.
        func read<Progress: AtmosProgress>(by progress: Progress) -> Progress {
            var progress = progress
            progress.receive(output)
            progress.receive(errors, from: .errors)
            progress.finish()
            return progress
        }
    }

    /// A running program, whose outputs go to files.
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
            // A child inherits the signal mask of the thread that starts it; the threads of the pool block all signals.
            var none = sigset_t()
            var before = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, &before)
            defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
            try process.run()
        }

        deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

        /// What the program has written to its standard output so far.
        var writtenOutput: [UInt8] { (try? FortranText.read(output)) ?? [] }

        /// Whether the program has ended, though a child of it may keep its outputs open.
        var isZombie: Bool {
            let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
            return status?.contains(") Z ") ?? true
        }

        func wait(within seconds: Double = 20, until condition: () -> Bool) throws {
            let deadline = ContinuousClock.now + .seconds(seconds)
            while !condition() {
                try #require(ContinuousClock.now < deadline, "the condition holds in time")
                Thread.sleep(forTimeInterval: 0.005)
            }
        }

        func end(within seconds: Double) throws -> Ended {
            try wait(within: seconds) { !process.isRunning }
            let ending: AtmosEnding =
                process.terminationReason == .exit
                ? .ended(.exited(process.terminationStatus)) : .ended(.signalled(process.terminationStatus))
            return Ended(ending: ending, output: writtenOutput, errors: try FortranText.read(errors))
        }

        /// Waits until `condition` holds for the output, then kills the program for a reason.
        func stop(_ reason: AtmosEnding.Stop, when condition: ([UInt8]) -> Bool) throws -> Ended {
            try wait { condition(writtenOutput) }
            kill(process.processIdentifier, SIGKILL)
            var ended = try end(within: 20)
            ended.ending = .stopped(reason)
            return ended
        }
    }
}
