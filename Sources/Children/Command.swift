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

/// How a child ended.
public enum Ending: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)

    /// As a shell has it: the exit code, or 128 and the signal.
    public var code: Int16 {
        switch self {
        case .exited(let code): Int16(clamping: code)
        case .signalled(let signal): Int16(clamping: 128 + signal)
        }
    }
}

/// A child that could not be started, or a place for it that could not be made.
public struct ChildrenError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
