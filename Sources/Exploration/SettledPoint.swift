package import Atmospheres

/// What a search knows of a point that it has just settled.
package struct SettledPoint {
    /// Position of the point.
    package let position: Position
    /// The tag that the point has already; `nil` the first time it is settled.
    package let tag: UInt32?
    /// The parent's tag; `nil` for the origin.
    package let parentTag: UInt32?
    /// Steps from the origin along parents.
    package let generation: Int32
    /// Evaluations told so far, this one included.
    package let attempts: UInt8
}
