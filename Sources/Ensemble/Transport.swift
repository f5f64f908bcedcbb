/// How messages get from rank to rank: MPI in production, memory in tests, in simulations and in a job of one rank.
///
/// A message arrives whole or not at all, and those between two ranks in order. Nothing here waits.
public protocol Transport: AnyObject {
    var rank: Int { get }
    /// Number of ranks, this one included.
    var size: Int { get }

    /// Sends a copy of `bytes` and returns at once, also when `rank` is dead.
    func send(_ bytes: RawSpan, to rank: Int) throws

    /// Hands the next message that has arrived to `body`, with its sender; returns whether there was one.
    ///
    /// The bytes are valid only within `body`.
    func receive(_ body: (_ source: Int, _ bytes: RawSpan) throws -> Void) throws -> Bool
}
