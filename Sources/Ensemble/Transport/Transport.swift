/// How messages get from rank to rank: MPI in production; memory in tests, in simulations and in a job of one rank.
///
/// A message arrives whole or not at all, and the messages between two ranks arrive in order. Nothing here waits.
public protocol Transport: AnyObject {
    /// This rank.
    var rank: Int { get }
    /// Number of ranks, this one included.
    var size: Int { get }

    /// Sends a copy of `bytes` and returns at once, even if `rank` is dead.
    func send(_ bytes: RawSpan, to rank: Int) throws

    /// Passes the next message that has arrived to `body`, with its sender.
    ///
    /// - Parameter body: receives the message; the bytes are valid only while it runs.
    /// - Returns: whether there was a message.
    /// - Throws: what `body` throws, and a failure of the transport on this rank.
    func receive(_ body: (_ source: Int, _ bytes: RawSpan) throws -> Void) throws -> Bool
}
