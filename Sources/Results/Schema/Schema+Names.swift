internal import Atmospheres

// The names in a results file. Every path, the names refused to models and the names the reader looks for come from
// here and from the declarations of the columns.
extension Schema {
    /// The names that every results file has, or may have, in its root group, whatever the model and the lattice.
    public enum RootName: String, Sendable, CaseIterable {
        /// The unlimited dimension and its scale.
        case point
        /// The outcome of a row.
        case status
        /// The reason for the outcome.
        case reason
        /// The position of a row on the lattice.
        case gridIndex = "grid_index"
        /// The dimension that counts the explored gases.
        case gas
        /// The formulas of the explored gases.
        case gasName = "gas_name"
        /// The dimension with the length of the formulas.
        case gasNameLength = "gas_name_strlen"
        /// The group that says how each row was made.
        case run
        /// The group of the lattice.
        case axes
        /// The group of what a refinement infers.
        case inferred

        /// The path in the file: "/status".
        var path: String { "/" + rawValue }
    }

    /// The suffix of the variable with the surface mixing ratio of a gas; a lattice may give such a variable to any gas.
    public static let mixingRatioSuffix = "_mixing_ratio"

    /// The names that no output, profile or vertical grid of a model may have, because the file needs them.
    public static let reservedNames = Set(RootName.allCases.map(\.rawValue))

    /// Checks whether the file needs a name itself, so that an outside program must not give it to an output, a profile
    /// or a vertical grid.
    ///
    /// - Parameter name: a name in the root group, without a slash.
    /// - Returns: whether it is one of ``reservedNames`` or could be the mixing ratio of a gas.
    public static func isReserved(_ name: String) -> Bool {
        reservedNames.contains(name) || name.hasSuffix(mixingRatioSuffix)
    }

    /// A group of the file.
    public enum GroupName: String, Sendable, CaseIterable {
        /// What a notebook plots: outcomes, compositions, quantities and profiles.
        case root = "/"
        /// How each row was made.
        case run
        /// The lattice: a dimension for each explored gas.
        case axes
        /// What a refinement infers; only in a file that was closed after one.
        case inferred

        /// The groups that every file has.
        static let always: [GroupName] = [.root, .run, .axes]

        /// The path in the file: "/run".
        public var path: String { self == .root ? "/" : "/" + rawValue }

        /// Returns the path of a member of the group: "/run/attempt".
        func path(_ name: String) -> String { self == .root ? "/" + name : "\(path)/\(name)" }
    }

    /// The name of an attribute and what the attribute says.
    public struct AttributeName: Sendable, Hashable {
        /// The name in the file.
        public let text: String
        /// What the attribute says, for people.
        public let meaning: String

        private init(_ text: String, _ meaning: String) {
            self.text = text
            self.meaning = meaning
        }
    }
}

// The attributes of variables, after the CF Conventions 1.11.
extension Schema.AttributeName {
    static let units = Self("units", "unit, UDUNITS text; \"1\" for ratios")
    static let longName = Self("long_name", "meaning in words")
    static let standardName = Self("standard_name", "name in the CF Standard Name Table")
    static let comment = Self("comment", "what else a reader must know")
    static let fillValue = Self("_FillValue", "value of a row without a number")
    static let encoding = Self("_Encoding", "encoding of characters")
    static let flagValues = Self("flag_values", "codes")
    static let flagMeanings = Self("flag_meanings", "names of the codes, in their order")
    static let coordinates = Self("coordinates", "variables that say where the values are")
    static let positive = Self("positive", "direction of increasing height")
    static let validMin = Self("valid_min", "least value that means something")
    static let calendar = Self("calendar", "calendar of times")
    static let originIndex = Self("origin_index", "index of the origin on the axis, from 0")
}

// The attributes of the group `/axes`.
extension Schema.AttributeName {
    static let heldGases = Self("held_gases", "gases with the same mixing ratio at every point")
    static let heldMixingRatios = Self("held_mixing_ratios", "mixing ratios of the held gases, in their order")
    static let fillerGas = Self("filler_gas", "gas that makes up the rest to 1")
}

// The global attributes (CF Conventions 1.11, section 2.6; ACDD 1.3).
extension Schema.AttributeName {
    /// The conventions that the file follows.
    public static let conventions = Self("Conventions", "conventions that the file follows")
    /// One line: what the file is.
    public static let title = Self("title", "what the file is, in one line")
    /// A paragraph about the file.
    public static let summary = Self("summary", "what the file is, in a paragraph")
    /// A line for each launch, and for each time the file was closed, copied or extended.
    public static let history = Self("history", "a line for each launch, close, copy and extension")
    /// Program and model, with their versions and commits.
    public static let source = Self("source", "program and model, with versions and commits")
    /// Where the file was made.
    public static let institution = Self("institution", "where the file was made")
    /// Who made the file.
    public static let creatorName = Self("creator_name", "who made the file")
    /// When the file was created, ISO 8601.
    public static let dateCreated = Self("date_created", "creation, ISO 8601, UTC")
    /// The UUID of the run.
    public static let id = Self("id", "UUID of the run")
    /// SHA-256 of the experiment.
    public static let experimentSHA256 = Self("experiment_sha256", "SHA-256 of the experiment, hexadecimal")
    /// The license of the data.
    public static let license = Self("license", "license of the data")
    /// Publications of the model and the method.
    public static let references = Self("references", "publications, one a line")
    /// When the file was last closed, ISO 8601.
    public static let dateModified = Self("date_modified", "last close, ISO 8601, UTC")
    /// How the search ended.
    public static let completion = Self("completion", "complete, or partial where work is left")
    /// The number of workers lost in the last launch.
    public static let lostWorkers = Self("lost_workers", "workers lost in the last launch")

    /// Returns the attribute with the number of rows of an outcome: "stable_points".
    static func points(_ outcome: Outcome) -> Self {
        Self("\(outcome.name)_points", "points whose status is \(outcome.name)")
    }

    /// The global attributes that exist only in a file that was closed.
    static let closing =
        [dateModified, completion, lostWorkers] + Outcome.allCases.filter { $0 != .pending }.map(points)
}
