public import Exploration

/// A validated experiment: where a search starts, the atmospheres that it may visit, the model that judges them, and
/// what of it is kept.
///
/// It is read from a YAML file, whose keys are the names below in lower case with underscores. `jobs/experiments` has
/// examples that teach the format.
public struct Experiment: Sendable {
    // MARK: Description, for people; global attributes of the results file

    /// One line that names the experiment; required.
    public let title: String
    /// What the experiment is about.
    public let summary: String?
    /// Where it was made.
    public let institution: String?
    /// Who made it.
    public let creator: String?
    /// The license of the results.
    public let license: String?
    /// Publications, one an element.
    public let references: [String]
    /// What else there is to say.
    public let comment: String?

    // MARK: What it does

    /// The atmospheres: `axes`, the gases of `origin` without an axis, which are held constant, and `filler`.
    public let lattice: Lattice

    /// The rule of each axis, in the order of the lattice's axes.
    public let axisRules: [AxisRule]

    /// `search: flood` (default) or `refine`; which points are evaluated.
    public let search: SearchSettings

    /// `neighbours: {shape: sides, reach: 1}`; which points a stable point opens. Default: sides, reach 1.
    public let neighbourhood: Neighbourhood

    /// `attempts`, 1...100: how often a point is tried, from another parent or on another worker, before it is recorded
    /// as not converged or failed. Default 2: a second parent rescues most points that could not start from the first,
    /// the loss of one worker costs no point, and the rim, where nothing converges, costs at most twice.
    public let attempts: Int

    /// `order: generations` (default) or `arrival`.
    public let order: Frontier.Order

    /// `limits`, in the order of the file; the model's default limits when the file has none.
    public let limits: [StabilityLimit]

    /// `model`; required.
    package let model: any ModelSettings

    /// `stop`; by default a job runs until the frontier is exhausted.
    public let stop: StopConditions

    /// `store: {profiles: all}`: which profiles the results file keeps. Default: all.
    public let profiles: ProfileStorage

    // MARK: Where it came from

    /// The file as the user named it.
    public let file: String

    /// The file, verbatim.
    public let text: String

    /// SHA-256 of ``text``, in 64 hexadecimal digits. See ``identity`` for what decides whether a job may resume.
    public let sha256: String

    /// Locations in the file by key path: "origin.CH4".
    let locations: [String: SourceLocation]

    /// Returns where the file sets `path` ("limits.surface_temperature"), or the nearest key above it that the file has.
    public func location(of path: String) -> SourceLocation {
        var path = path[...]
        while true {
            if let location = locations[String(path)] { return location }
            guard let dot = path.lastIndex(of: ".") else { return SourceLocation(file: file) }
            path = path[..<dot]
        }
    }
}
