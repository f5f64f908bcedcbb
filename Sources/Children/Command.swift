/// A program to run as a child process, with its arguments, environment, folder and standard streams.
public struct Command: Sendable {
    /// The source of standard input, or the destination of standard output or error.
    public enum Stream: Sendable, Equatable {
        /// `/dev/null`.
        case null
        /// The file at this path: read as input; created or replaced as output.
        case file(String)
        /// A file descriptor of this process, which stays open here.
        case descriptor(Int32)
    }

    /// The path of the program, or a name to look up in `PATH`.
    public var program: String
    /// The arguments, without the program's name.
    public var arguments: [String]
    /// Changes to the environment of this process; `nil` removes a variable.
    public var environment: [String: String?]
    /// The path of the child's working directory.
    public var workingDirectory: String
    /// Standard input.
    public var input = Stream.null
    /// Standard output.
    public var output = Stream.null
    /// Standard error.
    public var error = Stream.null

    /// Creates a command whose three standard streams are `/dev/null`.
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
