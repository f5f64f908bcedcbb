/// What a model says about itself before it runs: enough to plan an experiment and to lay out the results file.
public struct ModelDescription: Sendable {
    /// The model's name in an experiment file: "energy-balance".
    public let name: String

    /// The model's own version.
    public let version: String

    /// Where the model was published: one citation with DOI per element.
    public let references: [String]

    /// The gases whose mixing ratio changes the answer. An axis of another gas has no effect.
    public let respondsTo: Set<Gas>

    /// The numbers returned for each point, in order.
    public let quantities: [Quantity]

    /// The profiles returned for each point, in order.
    public let profiles: [Profile]

    /// The model's own reasons, codes from ``Reason/firstModelCode`` on.
    public let reasons: [Reason]

    /// Whether a point starts from its parent's solution, so that its value may depend on which parent it has.
    public let usesParent: Bool

    /// Whether evaluations may have a log: see ``Evaluation/log``.
    public let keepsLogs: Bool

    /// What else determines the model's answers, one `name value` per line, such as hashes of its files; empty for a
    /// model that is all in the program. A run can be resumed only with the same identity.
    public let identity: String

    /// How long an evaluation may keep its worker from sending a heartbeat, s: a worker that is silent for longer counts
    /// as lost.
    public let longestSilence: Double

    /// Creates a description.
    public init(
        name: String, version: String, references: [String], respondsTo: Set<Gas>, quantities: [Quantity],
        profiles: [Profile] = [], reasons: [Reason] = [], usesParent: Bool = false, keepsLogs: Bool = false,
        identity: String = "", longestSilence: Double = 60
    ) {
        precondition(reasons.allSatisfy { $0.code >= Reason.firstModelCode }, "codes below 32 are the program's")
        self.name = name
        self.version = version
        self.references = references
        self.respondsTo = respondsTo
        self.quantities = quantities
        self.profiles = profiles
        self.reasons = reasons
        self.usesParent = usesParent
        self.keepsLogs = keepsLogs
        self.identity = identity
        self.longestSilence = longestSilence
    }

    /// Every reason a point of this model can have, by code.
    public var allReasons: [Reason] { Reason.common + reasons.sorted { $0.code < $1.code } }

    /// Returns the description of the same model with only these profiles.
    public func keeping(_ profiles: [Profile]) -> ModelDescription {
        ModelDescription(
            name: name, version: version, references: references, respondsTo: respondsTo, quantities: quantities,
            profiles: profiles, reasons: reasons, usesParent: usesParent, keepsLogs: keepsLogs, identity: identity,
            longestSilence: longestSilence)
    }

    /// Number of levels in all profiles together.
    public var profileLength: Int { profiles.reduce(0) { $0 + $1.grid.count } }

    /// The range of each profile in ``Evaluation/profiles``, in the order of ``profiles``.
    public var profileRanges: [Range<Int>] { Self.ranges(of: profiles) }

    /// Returns the range of each of `profiles` in an evaluation that has these profiles one after the other.
    public static func ranges(of profiles: [Profile]) -> [Range<Int>] {
        var end = 0
        return profiles.map { profile in
            let start = end
            end += profile.grid.count
            return start..<end
        }
    }
}
