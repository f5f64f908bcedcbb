/// A location in an experiment file.
public struct SourceLocation: Sendable, Equatable {
    /// The file as the user named it.
    public let file: String
    /// Line, from 1; `nil` for the file as a whole.
    public let line: Int?
    /// Column in Unicode scalars, from 1.
    public let column: Int?

    /// A location in `file`.
    public init(file: String, line: Int? = nil, column: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// Why an experiment file cannot be used: where, what is wrong, and what to do about it.
///
/// Its description is one line, `file:line: what is wrong; what to do`, the form that editors and terminals link to.
public struct ExperimentError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where the error is.
    public let location: SourceLocation
    /// What is wrong and what to do, without the location.
    public let message: String

    /// An error at a location.
    public init(_ location: SourceLocation, _ message: String) {
        self.location = location
        self.message = message
    }

    /// The file as the user named it.
    public var file: String { location.file }
    /// Line, from 1; `nil` for the file as a whole.
    public var line: Int? { location.line }

    /// `file:line: message`, on one line.
    public var description: String {
        line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}
