/// A message that is not what this version of the program sends.
public enum MessageError: Error, Equatable, CustomStringConvertible {
    /// The message ends too early.
    case truncated
    /// The message continues after its end.
    case trailingBytes
    /// The message starts with a code that this version does not know.
    case unknownKind(UInt8)
    /// A result has an outcome that this version does not know.
    case unknownOutcome(Int8)
    /// Results have other numbers of values or profiles than the job's.
    case otherShape
    /// The rank uses another version of the messages, or is another build of the program.
    case otherProgram(theirs: String, ours: String)

    /// What is wrong, to follow "rank 3 sent" or, for ``otherProgram(theirs:ours:)``, "rank 3".
    public var description: String {
        switch self {
        case .truncated: "a message that ends too early"
        case .trailingBytes: "a message with bytes after its end"
        case .unknownKind(let kind): "a message of unknown kind \(kind)"
        case .otherShape: "results of another shape"
        case .unknownOutcome(let code): "a message with the unknown outcome \(code)"
        case .otherProgram(let theirs, let ours): "runs \(theirs), rank 0 runs \(ours)"
        }
    }
}
