/// Why a file of Atmos cannot be used: which, where and what is wrong.
package struct AtmosFileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as the caller named it.
    package let file: String
    /// Line, from 1; `nil` when the whole file is meant.
    package let line: Int?
    package let message: String

    package init(_ file: String, line: Int? = nil, _ message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    package var description: String { line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)" }
}
