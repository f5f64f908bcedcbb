/// What a model says of itself before it runs: enough to plan an experiment and to lay out the results file.
public struct ModelDescription: Sendable {
    /// The model's name in an experiment file: "energy-balance".
    public let name: String

    /// The model's own version.
    public let version: String

    /// Where the model was published: citations with DOI, one a line.
    public let references: [String]

    /// The gases whose mixing ratio changes the answer. An axis on another gas is without effect.
    public let respondsTo: Set<Gas>

    /// The numbers returned for each point, in order.
    public let quantities: [Quantity]

    /// The profiles returned for each point, in order.
    public let profiles: [Profile]

    /// The model's own reasons, codes from ``Reason/firstModelCode`` on.
    public let reasons: [Reason]

    /// Whether a point starts from its parent's solution, so that its value may depend on which parent it has.
    public let usesParent: Bool

    /// Whether points may leave a text to read: see ``Evaluation/log``.
    public let keepsLogs: Bool

    /// What else decides the model's answers, one `name value` a line, such as the hashes of its files; empty for a
    /// model that is all in the program. A run goes on only with the same.
    public let identity: String

    /// How long an evaluation may keep its worker from giving a sign of life, in seconds: longer, and the worker
    /// counts as lost.
    public let longestSilence: Double

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

    /// The same model, of which only these profiles are kept.
    public func keeping(_ profiles: [Profile]) -> ModelDescription {
        ModelDescription(
            name: name, version: version, references: references, respondsTo: respondsTo, quantities: quantities,
            profiles: profiles, reasons: reasons, usesParent: usesParent, keepsLogs: keepsLogs, identity: identity,
            longestSilence: longestSilence)
    }

    /// Numbers in all the profiles of one point together.
    public var profileLength: Int { profiles.reduce(0) { $0 + $1.grid.count } }
}
