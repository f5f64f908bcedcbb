package import Foundation

/// A running command in a process group of its own, with its output in files.
///
/// A command that misses its deadline is killed, and that is an error: a hang fails the test instead of stopping it.
package final class Running {
    /// A command that did not do in time what it was waited for.
    package struct Overdue: Error, CustomStringConvertible {
        let command: String
        let output: String

        /// The command, and what it had printed by then.
        package var description: String { "missed its deadline: \(command)\n\(output)" }
    }

    /// A command that has ended.
    package struct Ended: Sendable {
        /// The exit code, or 128 plus the number of the signal that ended it.
        package let status: Int32
        /// What it printed to standard output.
        package let output: String
        /// What it printed to standard error.
        package let errors: String
        /// How long it ran; to be printed, not to be asserted on.
        package let seconds: Double
    }

    /// The process that was started.
    package let process = Process()
    private let scratch: Scratch
    private let name = UUID().uuidString
    private let begin = ContinuousClock.now

    /// Starts `words`, a program and its arguments.
    ///
    /// - Parameters:
    ///   - words: The program, found in PATH, and its arguments.
    ///   - scratch: The command's working folder, which also receives its output.
    ///   - environment: Variables in addition to those of the tests.
    /// - Throws: When the command cannot be started.
    package init(_ words: [String], in scratch: Scratch, environment: [String: String] = [:]) throws {
        self.scratch = scratch
        process.executableURL = URL(filePath: "/usr/bin/env")
        // What was started in the background by a shell ignores them, and so would its children.
        process.arguments = ["--default-signal=INT,QUIT"] + words
        process.currentDirectoryURL = scratch.folder
        process.environment = ProcessInfo.processInfo.environment
            .merging(["OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"]) { $1 }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        for (suffix, stream) in [("out", \Process.standardOutput), ("err", \Process.standardError)] {
            _ = FileManager.default.createFile(atPath: scratch.path("\(name).\(suffix)"), contents: nil)
            process[keyPath: stream] = try FileHandle(forWritingTo: scratch.folder.appending(path: "\(name).\(suffix)"))
        }
        // A child inherits the signal mask of the thread that starts it, and threads of the pool block every signal.
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try process.run()
    }

    /// What it has printed to standard output so far.
    package var output: String { text("out") }
    /// What it has printed to standard error so far.
    package var errors: String { text("err") }
    /// Whether it has not ended.
    package var isRunning: Bool { process.isRunning }
    /// The id of its process.
    package var id: Int32 { process.processIdentifier }

    private func text(_ suffix: String) -> String {
        (try? String(contentsOfFile: scratch.path("\(name).\(suffix)"), encoding: .utf8)) ?? ""
    }

    /// Waits until `condition` holds while the command runs.
    package func wait(within seconds: Double = 180, until condition: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try !condition() {
            guard process.isRunning, ContinuousClock.now < deadline else { throw overdue() }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    /// Waits for the end.
    package func end(within seconds: Double = 300) throws -> Ended {
        guard poll(within: seconds, until: { !process.isRunning }) else { throw overdue() }
        let (whole, part) = begin.duration(to: .now).components
        return Ended(
            status: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: output, errors: errors, seconds: Double(whole) + Double(part) * 1e-18)
    }

    private func overdue() -> Overdue {
        for id in Processes.descendants(of: id) { kill(id, SIGKILL) }
        process.terminate()
        return Overdue(command: (process.arguments ?? []).joined(separator: " "), output: output + errors)
    }
}

/// Runs a command to its end.
package func run(
    _ words: [String], in scratch: Scratch, environment: [String: String] = [:], within seconds: Double = 300
) throws -> Running.Ended {
    try Running(words, in: scratch, environment: environment).end(within: seconds)
}

/// Waits until `condition` holds, for `seconds` at most; returns whether it does.
package func poll(within seconds: Double = 180, until condition: () throws -> Bool) rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try !condition() {
        guard ContinuousClock.now < deadline else { return false }
        Thread.sleep(forTimeInterval: 0.01)
    }
    return true
}
