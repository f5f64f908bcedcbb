/// What went wrong in Cairo: what was being done, then the library's own words.
public struct CairoError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was being done to what: "drawing map.png".
    public let action: String

    /// The library's words.
    public let words: String

    public var description: String { "\(action): \(words)" }
}
