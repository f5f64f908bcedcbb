/// Why a point has its outcome: a code and a word of `reason` in the results file.
///
/// Codes below 32 belong to the program, the others to models. Codes are added, never renumbered.
public struct Reason: Hashable, Sendable {
    /// Code in the results file.
    public let code: UInt8
    /// One word, lower case with underscores: a `flag_meaning`.
    public let name: String

    /// Creates a reason.
    public init(code: UInt8, name: String) {
        self.code = code
        self.name = name
    }
}

extension Reason {
    /// First code that a model may use.
    public static let firstModelCode: UInt8 = 32

    /// A stable point: nothing to explain.
    public static let none = Reason(code: 0, name: "none")
    /// The surface temperature is below the experiment's limit.
    public static let frozen = Reason(code: 1, name: "frozen")
    /// The surface temperature is above the experiment's limit (Kasting et al. 1993: the moist-greenhouse limit).
    public static let moistGreenhouse = Reason(code: 2, name: "moist_greenhouse")
    /// Another quantity is below its limit.
    public static let belowLimit = Reason(code: 3, name: "below_limit")
    /// Another quantity is above its limit.
    public static let aboveLimit = Reason(code: 4, name: "above_limit")
    /// The point lost its worker as often as the settings allow.
    public static let workerLost = Reason(code: 5, name: "worker_lost")
    /// The model ran longer than its limit.
    public static let timedOut = Reason(code: 6, name: "timed_out")
    /// The model was killed by a signal or reported an error.
    public static let crashed = Reason(code: 7, name: "crashed")
    /// The model's answer could not be read or was not finite.
    public static let unreadableAnswer = Reason(code: 8, name: "unreadable_answer")

    /// The program's own reasons, by code.
    public static let common: [Reason] = [
        .none, .frozen, .moistGreenhouse, .belowLimit, .aboveLimit, .workerLost, .timedOut, .crashed,
        .unreadableAnswer,
    ]
}
