/// A child that could not be started, or a place for it that could not be made.
public struct ChildError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
