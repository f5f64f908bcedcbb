/// A position on a lattice: one index for each axis, packed into 64 bits.
///
/// The key is the mixed-radix number of the indices, the last axis fastest, so it has a meaning only on its lattice.
/// Two positions are the same if their keys are; no floating-point number and no text takes part.
public struct Position: Hashable, Sendable, Comparable, BitwiseCopyable {
    /// The mixed-radix number of the indices, the last axis fastest.
    public let key: UInt64

    /// Creates the position with this key.
    public init(key: UInt64) { self.key = key }

    /// Orders positions by their keys.
    public static func < (a: Position, b: Position) -> Bool { a.key < b.key }
}
