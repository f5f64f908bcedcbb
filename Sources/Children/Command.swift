/// A program to run as a child: what it is given, and where its words go.
public struct Command: Sendable {
    /// Where standard input comes from, and output goes to.
    public enum Stream: Sendable, Equatable {
        case null
        /// A file: read, or made anew and written.
        case file(String)
        /// A descriptor of this process, which stays open here.
        case descriptor(Int32)
    }

    /// Path of the program, or a name to be found in `PATH`.
    public var program: String
    public var arguments: [String]
    /// Variables beside those of this process; `nil` takes one away.
    public var environment: [String: String?]
    public var workingDirectory: String
    public var input = Stream.null
    public var output = Stream.null
    public var error = Stream.null

    public init(
        _ program: String, _ arguments: [String] = [], environment: [String: String?] = [:],
        in workingDirectory: String
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
    }
}
