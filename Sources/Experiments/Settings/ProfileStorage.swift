/// Which of the model's profiles the results file keeps.
public enum ProfileStorage: Sendable, Equatable, CustomStringConvertible {
    /// Every profile.
    case all
    /// No profile.
    case none
    /// Profiles by name, in the order of the file.
    case only([String])

    /// Reads `all`, `none` or a list of names.
    init(_ setting: Setting) throws(ExperimentError) {
        let expected = "all, none, or a list of profile names"
        if setting.isScalar {
            switch try setting.text(expected) {
            case "all": self = .all
            case "none": self = .none
            case let other: throw setting.error("is '\(other.oneLine)'; write \(expected)")
            }
            return
        }
        var names: [String] = []
        for element in try setting.list(expected) {
            let name = try element.text("the name of a profile")
            guard !names.contains(name) else { throw element.error("names '\(name)' twice; keep one") }
            names.append(name)
        }
        self = .only(names)
    }

    /// As in the experiment file.
    public var description: String {
        switch self {
        case .all: "all"
        case .none: "none"
        case .only(let names): names.joined(separator: ", ")
        }
    }
}
