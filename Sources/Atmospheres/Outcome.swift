/// What became of a point. The raw values are the `flag_values` of `status` in the results file and the names its
/// `flag_meanings`: codes are added at the end, never renumbered.
public enum Outcome: Int8, CaseIterable, Sendable, BitwiseCopyable {
    /// No result yet.
    case pending = 0
    /// The model converged and every limit of the experiment holds.
    case stable = 1
    /// The model gave an answer, and it is not a stable atmosphere within the limits.
    case unstable = 2
    /// The model ran and found no answer that may be trusted.
    case notConverged = 3
    /// The model could not be run to an end: a crash, a time limit, a lost worker.
    case failed = 4

    /// The name as the results file has it: one word.
    public var name: String {
        switch self {
        case .pending: "pending"
        case .stable: "stable"
        case .unstable: "unstable"
        case .notConverged: "not_converged"
        case .failed: "failed"
        }
    }
}
