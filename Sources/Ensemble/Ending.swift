/// How a job ended.
public enum Ending: Sendable {
    /// The search has nothing left to ask.
    case complete
    /// Stopped in order with work left; why.
    case stopped(String)
    /// Nobody is left to evaluate points.
    case noWorkers(String)
    /// A rank runs another program than rank 0.
    case otherProgram(String)
    /// More evaluations failed than the settings allow.
    case tooManyFailures(String)
    /// Results could not be kept.
    case notRecorded(any Error)
}
