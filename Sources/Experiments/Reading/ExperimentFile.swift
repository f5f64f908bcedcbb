import Foundation
import Yams

extension Experiment {
    /// The most bytes that are read: far more than an experiment needs, and few enough to send to every worker.
    static let maximumFileSize = 1 << 20

    /// Reads an experiment file: YAML in UTF-8, at most 1 MiB.
    ///
    /// - Parameters:
    ///   - path: the file's path, which errors name.
    ///   - models: the models that the experiment may name.
    ///   - isReserved: whether the results file needs a name itself.
    /// - Throws: when the file cannot be read or has no valid experiment; see ``ExperimentError``.
    package init(
        contentsOf path: String, models: [any ModelSettings.Type], isReserved: @escaping (String) -> Bool
    ) throws(ExperimentError) {
        let location = SourceLocation(file: path)
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ExperimentError(location, "no such file; check the path")
        }
        guard !isDirectory.boolValue else {
            throw ExperimentError(location, "is a directory; name an experiment file in it")
        }
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            bytes = try handle.read(upToCount: Self.maximumFileSize + 1) ?? Data()
        } catch {
            throw ExperimentError(
                location, "cannot be read (\(error.localizedDescription.oneLine)); check its permissions")
        }
        guard bytes.count <= Self.maximumFileSize else {
            throw ExperimentError(location, "is larger than 1 MiB, the limit for an experiment file; check the path")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
            throw ExperimentError(
                SourceLocation(file: path, line: line), "is not UTF-8 text; save the file with UTF-8 encoding")
        }
        try self.init(text: text, file: path, models: models, isReserved: isReserved)
    }
}

extension ExperimentError {
    /// The error of Yams about a text that is not YAML, on one line.
    init(_ error: any Error, text: String, file: String) {
        func location(_ mark: Mark) -> SourceLocation {
            SourceLocation(file: file, line: mark.line, column: mark.column)
        }
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let what = (context.map { $0.text + ", " } ?? "") + problem
            self.init(location(mark), "is not YAML (\(what.oneLine)); check the indentation, brackets and quotes here")
        case .composer(_, let problem, let mark, _):
            self.init(location(mark), "expected a single YAML document (\(problem.oneLine)); fix this line")
        case .reader(let problem, let offset, _, _):
            let line = offset.map { text.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } + 1 }
            self.init(SourceLocation(file: file, line: line), "is not YAML (\(problem.oneLine)); remove that character")
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0.oneLine)'" }.joined(separator: ", ")
            self.init(location(context.mark), "the key \(names) is given more than once; keep one")
        default:
            self.init(SourceLocation(file: file), "is not YAML (\("\(error)".oneLine)); fix the file")
        }
    }
}
