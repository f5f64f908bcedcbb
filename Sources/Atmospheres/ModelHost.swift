/// What the process that runs a model provides to it.
public struct ModelHost {
    /// The direction of a message between this process and an outside program.
    public enum Direction: Sendable {
        /// From this process to the program.
        case request
        /// From the program to this process.
        case answer
    }

    /// Where the scratch folders of failed points are kept; `nil` keeps none.
    public var keptScratch: KeptScratch?

    /// The identity of the model's files, where another process has computed it; `nil` makes the model read them.
    public var knownIdentity: String?

    /// Called with every message that passes between this process and an outside program.
    public var onMessage: ((Direction, String) -> Void)?

    /// A host that keeps no scratch folders, knows no identity and observes no messages, unless told otherwise.
    public init(
        keptScratch: KeptScratch? = nil, knownIdentity: String? = nil, onMessage: ((Direction, String) -> Void)? = nil
    ) {
        self.keptScratch = keptScratch
        self.knownIdentity = knownIdentity
        self.onMessage = onMessage
    }
}
