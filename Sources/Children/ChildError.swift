/// The error of a child process that cannot be started, or of a file or folder for it that cannot be made.
public struct ChildError: Error, CustomStringConvertible {
    /// What could not be done, to what, and why.
    public let description: String

    /// Creates an error with the text that is shown for it.
    public init(_ description: String) { self.description = description }
}
