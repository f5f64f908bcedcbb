public import Exploration

/// A validated experiment: where a search starts, the atmospheres that it may visit, the model that judges them, and
/// what of it is kept.
///
/// It is read from a YAML file, whose keys are the names below in lower case with underscores. `jobs/experiments` has
/// examples that teach the format.
public struct Experiment: Sendable {
    // MARK: what it is, for people; global attributes of the results file

    /// One line that names the experiment; required.
    public let title: String
    public let summary: String?
    public let institution: String?
    public let creator: String?
    public let license: String?
    /// Publications, one an element.
    public let references: [String]
    public let comment: String?

    // MARK: what it does

    /// The atmospheres: `axes`, the gases of `origin` without an axis, which are held constant, and `filler`.
    public let lattice: Lattice

    /// The rule of each axis, in the order of the lattice's axes.
    public let axisRules: [AxisRule]

    /// `search: flood` (default) or `refine`; which points are evaluated.
    public let search: SearchSettings

    /// `neighbours: {shape: sides, reach: 1}`; which points a stable point opens. Default: sides, reach 1.
    public let neighbourhood: Neighbourhood

    /// `attempts`, 1...100: how often a point is tried, from another parent or on another worker, before its lack of
    /// an answer is the answer. Default 2: a second parent rescues most points that the first one could not start,
    /// the loss of one worker costs no point, and the rim, where nothing converges, costs at most twice.
    public let attempts: Int

    /// `order: generations` (default) or `arrival`.
    public let order: Frontier.Order

    /// `limits`, in the order of the file; the model's default limits when the file has none.
    public let limits: [StabilityLimit]

    /// `model`; required.
    package let model: any ModelSettings

    /// `stop`; by default a job ends when the frontier is exhausted.
    public let stop: StopConditions

    /// `store: {profiles: all}`: which profiles the results file keeps. Default: all.
    public let profiles: ProfileStorage

    // MARK: where it came from

    /// The file as the user named it.
    public let file: String

    /// The file, verbatim.
    public let text: String

    /// SHA-256 of ``text``, in 64 hexadecimal digits. See ``identity`` for what decides whether a job may resume.
    public let sha256: String

    /// Places in the file by key path: "origin.CH4".
    let locations: [String: SourceLocation]

    /// Where the file sets `path` ("limits.surface_temperature"), or the nearest key above it that the file has.
    public func location(of path: String) -> SourceLocation {
        var path = path[...]
        while true {
            if let location = locations[String(path)] { return location }
            guard let dot = path.lastIndex(of: ".") else { return SourceLocation(file: file) }
            path = path[..<dot]
        }
    }
}
