internal import Foundation
internal import Logging

/// Messages on standard error.
///
/// In a batch log every message is a line with the time. On a terminal, progress is a single line that is overwritten.
enum Log {
    /// Whether standard error is a terminal.
    static let isTerminal = isatty(2) == 1

    /// Makes a logger that writes lines with the time.
    static func logger() -> Logger { Logger(label: "atmos-frontier") { _ in LineHandler() } }

    /// Writes a message of the program, without the time.
    static func message(_ text: String) {
        FileHandle.standardError.write(Data((clearProgress + "atmos-frontier: \(text)\n").utf8))
    }

    /// Writes text as it is, without the name of the program.
    static func text(_ text: String) {
        FileHandle.standardError.write(Data((clearProgress + text + "\n").utf8))
    }

    /// Shows progress: overwrites the last progress on a terminal, else writes a line with the time.
    static func progress(_ text: String) {
        if isTerminal {
            FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
        } else {
            line(text)
        }
    }

    /// Writes a line with the time.
    static func line(_ text: String) {
        FileHandle.standardError.write(Data((clearProgress + "\(timestamp()) \(text)\n").utf8))
    }

    /// The escape sequence that erases the progress line of a terminal.
    private static var clearProgress: String { isTerminal ? "\r\u{1B}[K" : "" }

    private static func timestamp() -> String { Date().formatted(.iso8601) }

    /// Writes messages of level info and above, warnings and errors with their level.
    private struct LineHandler: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let level = event.level >= .warning ? "\(event.level): " : ""
            Log.line("\(level)\(event.message)")
        }
    }
}
