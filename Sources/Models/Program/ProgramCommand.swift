import Atmospheres
import Children
import Experiments
import Foundation
import Glibc
import Hashing

/// The command of an experiment with absolute paths.
struct ProgramCommand {
    let words: [String]
    /// `nil` for the scratch folder.
    let workingDirectory: String?
    /// The files that the command names relative to the experiment file; see `ModelDescription.identity`.
    let identity: String

    /// Resolves the paths of a command.
    ///
    /// - Throws: when a file that the command names does not exist.
    init(
        _ settings: ProgramSettings, of experiment: Experiment, knownIdentity: String?
    ) throws(ExperimentError) {
        let folder = URL(fileURLWithPath: experiment.file).deletingLastPathComponent()
        var words: [String] = []
        var identity: [String] = []
        for (number, word) in settings.command.enumerated() {
            guard word.hasPrefix("./") || word.hasPrefix("../") else {
                words.append(word)
                continue
            }
            let path = folder.appending(path: word).standardizedFileURL.path
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
                throw ExperimentError(
                    experiment.location(of: "model.command"),
                    "model.command has '\(word)', but there is no \(path); paths are relative to the experiment file")
            }
            words.append(path)
            if knownIdentity == nil, !isDirectory.boolValue {
                identity.append("model.command[\(number + 1)] \(try Self.fingerprint(path))")
            }
        }
        if !words[0].contains("/"), !words[0].contains("{"), !Self.isInPath(words[0]) {
            throw ExperimentError(
                experiment.location(of: "model.command"),
                "model.command starts with '\(words[0])', which is not in PATH; install it, or write its path")
        }
        self.words = words
        self.identity = knownIdentity ?? identity.map { $0 + "\n" }.joined()
        workingDirectory = try settings.workingDirectory.map { name throws(ExperimentError) in
            let path = URL(fileURLWithPath: name, relativeTo: folder).standardizedFileURL.path
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
                throw ExperimentError(
                    experiment.location(of: "model.working_directory"),
                    "model.working_directory is '\(name)', but there is no folder \(path); create it, or remove the key"
                )
            }
            return path
        }
    }

    /// Returns the command to run with this scratch folder.
    func command(_ settings: ProgramSettings, scratch: String) -> Command {
        let words = words.map { $0.replacingOccurrences(of: "{scratch}", with: scratch) }
        // By default numerical libraries use all cores, and Python buffers its output to a pipe.
        var environment: [String: String?] = ["PYTHONUNBUFFERED": "1"]
        for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
            environment[name] = "\(settings.cpus)"
        }
        for (name, value) in settings.environment { environment[name] = value }
        return Command(
            words[0], Array(words.dropFirst()), environment: environment, in: workingDirectory ?? scratch)
    }

    /// Returns the hash of a file, or the size of a very large one, such as a container image.
    private static func fingerprint(_ path: String) throws(ExperimentError) -> String {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        guard size <= 64 << 20, let contents = FileManager.default.contents(atPath: path) else {
            return "\(size) bytes"
        }
        return "sha256 " + SHA256.hexDigest(of: Array(contents))
    }

    private static func isInPath(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            access("\($0)/\(name)", X_OK) == 0
        }
    }
}
