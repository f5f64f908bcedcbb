/// The error of a file of Atmos that cannot be used: which file, where, and what is wrong.
struct AtmosFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as the caller named it.
    let file: String
    /// The line, counted from 1; `nil` for the whole file.
    let line: Int?
    /// What is wrong.
    let message: String

    init(_ file: String, line: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// The error as `FILE:LINE: MESSAGE`.
    var description: String { line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)" }
}
