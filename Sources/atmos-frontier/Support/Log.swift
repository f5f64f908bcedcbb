internal import Foundation
internal import Logging

/// What the program says while it runs, on standard error: whole lines with the time in a batch log; on a terminal the
/// progress is one line, written over.
enum Log {
    static let isTerminal = isatty(2) == 1

    static func logger() -> Logger { Logger(label: "atmos-frontier") { _ in LineHandler() } }

    static func message(_ text: String) {
        FileHandle.standardError.write(Data((clearProgress + "atmos-frontier: \(text)\n").utf8))
    }

    /// Text that says itself where it comes from.
    static func text(_ text: String) {
        FileHandle.standardError.write(Data((clearProgress + text + "\n").utf8))
    }

    static func progress(_ text: String) {
        if isTerminal {
            FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
        } else {
            line(text)
        }
    }

    static func line(_ text: String) {
        FileHandle.standardError.write(Data((clearProgress + "\(timestamp()) \(text)\n").utf8))
    }

    private static var clearProgress: String { isTerminal ? "\r\u{1B}[K" : "" }

    private static func timestamp() -> String { Date().formatted(.iso8601) }

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
