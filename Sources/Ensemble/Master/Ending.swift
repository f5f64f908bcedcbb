/// How a job ended.
public enum Ending: Sendable {
    /// The search has nothing left to ask.
    case complete
    /// Stopped orderly with work left; why.
    case stopped(String)
    /// No worker is left to evaluate points; why.
    case noWorkers(String)
    /// A rank runs another program than rank 0; which.
    case otherProgram(String)
    /// More evaluations failed than the settings allow; how many, and why.
    case tooManyFailures(String)
    /// Results could not be recorded.
    case notRecorded(any Error)
}
