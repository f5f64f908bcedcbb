/// A position on a lattice: the index on every axis, packed into 64 bits.
///
/// The key is the mixed-radix number of the indices, the last axis fastest, so that it depends on the lattice. Equal
/// keys are equal points; no float and no text takes part.
public struct Position: Hashable, Sendable, Comparable, BitwiseCopyable {
    public let key: UInt64

    public init(key: UInt64) { self.key = key }

    public static func < (a: Position, b: Position) -> Bool { a.key < b.key }
}
