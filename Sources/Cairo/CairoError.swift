/// An error that Cairo reported.
public struct CairoError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done to what: "drawing map.png".
    public let action: String

    /// Cairo's own description of the error.
    public let reason: String

    /// The action, then the reason: "writing map.png: error while writing to output stream".
    public var description: String { "\(action): \(reason)" }
}
