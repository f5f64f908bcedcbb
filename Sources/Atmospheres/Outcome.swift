/// What became of a point. The raw values are the `flag_values` of `status` in the results file and the names its
/// `flag_meanings`: codes are added at the end, never renumbered.
public enum Outcome: Int8, CaseIterable, Sendable, BitwiseCopyable {
    /// No result yet.
    case pending = 0
    /// The model converged and every limit of the experiment holds.
    case stable = 1
    /// The model converged to an atmosphere that is not stable or not within the limits.
    case unstable = 2
    /// The model ran and found no answer that can be trusted.
    case notConverged = 3
    /// The model did not run to its end: a crash, a time limit, a lost worker.
    case failed = 4

    /// The name in the results file: one word.
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
