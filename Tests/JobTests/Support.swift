import Atmospheres
import Exploration
import Foundation
import Results
import Testing

/// The built program, run as its users run it: in a scratch folder, under mpirun, with a deadline.
enum Program {
    static let path: String = {
        // The tests run from the folder that the program was built in.
        let tests = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(filePath: tests ?? "").deletingLastPathComponent()
        return folder.appending(path: "atmos-frontier").path
    }()

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func example(_ name: String) -> String {
        repository.appending(path: "jobs/experiments/\(name).yaml").path
    }

    /// The Python with the readers of results files; `jobs/test` sets it.
    static let python = ProcessInfo.processInfo.environment["ATMOS_FRONTIER_PYTHON"]

    /// mpirun with so many ranks, whatever the number of cores.
    static func mpirun(_ ranks: Int) -> [String] {
        ["mpirun", "--quiet", "--oversubscribe", "-n", "\(ranks)"] + (getuid() == 0 ? ["--allow-run-as-root"] : [])
    }
}

/// A folder of one test's own, removed when the test is over.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "atmos-frontier-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: folder.appending(path: name))
        return path(name)
    }

    /// A copy of an example with lines replaced.
    func example(_ name: String, replacing changes: [String: String] = [:], adding lines: String = "") throws -> String
    {
        var text = try String(contentsOfFile: Program.example(name), encoding: .utf8)
        for (old, new) in changes {
            try #require(text.contains(old), "the example has the text to replace")
            text = text.replacingOccurrences(of: old, with: new)
        }
        return try write("\(name)-\(UUID().uuidString.prefix(4)).yaml", text + lines)
    }
}

/// A command under way, in a process group of its own, its output in files.
final class Running {
    struct Overdue: Error, CustomStringConvertible {
        let command: String
        let output: String
        var description: String { "did not end in time: \(command)\n\(output)" }
    }

    struct Ended {
        let status: Int32
        let output: String
        let errors: String
        let seconds: Double
    }

    let process = Process()
    private let scratch: Scratch
    private let name = UUID().uuidString
    private let begin = ContinuousClock.now

    init(_ words: [String], in scratch: Scratch, environment: [String: String] = [:]) throws {
        self.scratch = scratch
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.currentDirectoryURL = scratch.folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for (suffix, stream) in [("out", \Process.standardOutput), ("err", \Process.standardError)] {
            _ = FileManager.default.createFile(atPath: scratch.path("\(name).\(suffix)"), contents: nil)
            process[keyPath: stream] = try FileHandle(forWritingTo: scratch.folder.appending(path: "\(name).\(suffix)"))
        }
        // A child inherits the mask of the thread that starts it, and the pool's threads block every signal.
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    var output: String { text("out") }
    var errors: String { text("err") }
    var isRunning: Bool { process.isRunning }

    private func text(_ suffix: String) -> String {
        (try? String(contentsOfFile: scratch.path("\(name).\(suffix)"), encoding: .utf8)) ?? ""
    }

    /// Waits until `condition` holds.
    func wait(within seconds: Double = 60, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            guard process.isRunning, ContinuousClock.now < deadline else { throw overdue() }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    /// Waits for the end; a command that does not end in time is killed, and that is a failure.
    func end(within seconds: Double = 60) throws -> Ended {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while process.isRunning {
            guard ContinuousClock.now < deadline else { throw overdue() }
            Thread.sleep(forTimeInterval: 0.01)
        }
        let (whole, part) = (begin.duration(to: .now)).components
        return Ended(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: output, errors: errors, seconds: Double(whole) + Double(part) * 1e-18)
    }

    private func overdue() -> Overdue {
        for id in Processes.below(process.processIdentifier) { kill(id, SIGKILL) }
        process.terminate()
        return Overdue(command: (process.arguments ?? []).joined(separator: " "), output: output + errors)
    }
}

/// Runs a command to its end.
func run(_ words: [String], in scratch: Scratch, within seconds: Double = 60) throws -> Running.Ended {
    try Running(words, in: scratch).end(within: seconds)
}

/// What runs on this machine, by /proc.
enum Processes {
    /// Processes whose command line has every one of `words`, without this one.
    static func with(_ words: String...) -> [Int32] {
        all.filter { id in
            guard id != getpid(), let line = commandLine(id) else { return false }
            return words.allSatisfy { line.contains($0) }
        }
    }

    /// The ranks of the job that writes `output`: the program itself, not its launchers.
    static func ranks(writing output: String) -> [Int32] {
        with(output).filter { commandLine($0)?.hasPrefix(Program.path) ?? false }
    }

    /// Rank of a process that mpirun started.
    static func rank(of id: Int32) -> Int? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(id)/environ") else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\0")
            .first { $0.hasPrefix("OMPI_COMM_WORLD_RANK=") }.flatMap { Int($0.dropFirst(21)) }
    }

    /// Children of `id`, theirs, and so on.
    static func below(_ id: Int32) -> [Int32] {
        let parents = Dictionary(
            uniqueKeysWithValues: all.compactMap { child in parent(of: child).map { (child, $0) } })
        var found: [Int32] = []
        var queue = [id]
        while let next = queue.popLast() {
            let children = parents.filter { $0.value == next }.map(\.key)
            found += children
            queue += children
        }
        return found
    }

    private static var all: [Int32] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
    }

    private static func commandLine(_ id: Int32) -> String? {
        FileManager.default.contents(atPath: "/proc/\(id)/cmdline")
            .map { String(decoding: $0, as: UTF8.self).replacingOccurrences(of: "\0", with: " ") }
            .flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func parent(of id: Int32) -> Int32? {
        FileManager.default.contents(atPath: "/proc/\(id)/stat")
            .flatMap { String(decoding: $0, as: UTF8.self).split(separator: ")").last }
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int32($0) }
    }
}

/// What a results file says of each point, apart from when and where it was evaluated: equal for equal searches.
struct Finding: Equatable {
    var outcome: Int8
    var reason: UInt8
    /// Bits of the model's numbers, so that equal means the same to the last digit and NaN is itself.
    var values: [UInt64]
    var parent: UInt64?
    var generation: Int32
    var attempt: Int8
}

/// The findings of a results file by point; of the energy-balance model, or of another with the quantities `names`.
func findings(
    in path: String,
    of names: [String] = [
        "surface_temperature", "planetary_albedo", "outgoing_longwave_radiation", "methane_radiative_forcing",
        "climate_relaxation_slope", "co2_mixing_ratio",
    ]
) throws -> [UInt64: Finding] {
    let reader = try ResultsReader(at: path)
    let lattice = try reader.lattice()
    let points = try reader.points(on: lattice)
    let byRow = Dictionary(uniqueKeysWithValues: zip(reader.rows, points))
    let columns = try names.map { try reader.values(of: $0) }
    let (reasons, parents) = (try reader.reasons(), try reader.parents())
    let (generations, attempts) = (try reader.generations(), try reader.attempts())
    var findings: [UInt64: Finding] = [:]
    for (i, point) in points.enumerated() {
        #expect(findings[point.key] == nil, "a point stands in the file once")
        findings[point.key] = Finding(
            outcome: reader.outcomes[i].rawValue, reason: reasons[i], values: columns.map { $0[i].bitPattern },
            parent: byRow[parents[i]]?.key, generation: generations[i], attempt: attempts[i])
    }
    return findings
}
