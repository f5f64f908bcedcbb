/// The running number of a point in a search: dense, in order of discovery, without a meaning outside this process.
public struct PointID: Hashable, Sendable, BitwiseCopyable {
    /// The number.
    public let number: UInt32

    /// Creates the id with this number.
    public init(_ number: UInt32) { self.number = number }

    var index: Int { Int(number) }
}
