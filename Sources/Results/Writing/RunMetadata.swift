internal import FoundationEssentials

/// How the program was started: what a line of `history` says.
public struct Invocation: Sendable, Equatable {
    /// Program and version: "atmos-frontier 1.0.0".
    public var program: String
    public var commandLine: String

    public init(program: String, commandLine: String) {
        self.program = program
        self.commandLine = commandLine
    }

    /// A line of `history`: time, program and version, command line or what happened
    /// (CF Conventions 1.11, section 2.6.2).
    func line(at time: Double, _ event: String? = nil) -> String {
        "\(timestamp(time)) \(program): \(event ?? commandLine)"
    }
}

/// What a results file says of itself as a whole.
public struct RunMetadata: Sendable, Equatable {
    /// One line: what the file is.
    public var title: String
    /// A paragraph.
    public var summary: String
    public var institution: String
    public var creatorName: String
    public var license: String
    /// Publications of model and method, with DOI.
    public var references: [String]
    public var comment: String
    /// Program, version and commit; model, version and commit.
    public var source: String
    public var invocation: Invocation
    /// UUID of the run.
    public var id: String
    /// Creation, seconds since 1970-01-01T00:00:00Z.
    public var createdAt: Double
    /// The experiment file, verbatim.
    public var experiment: String
    /// SHA-256 of the experiment, in hexadecimal.
    public var experimentSHA256: String
    /// Compiler, MPI, HDF5, commit.
    public var buildInfo: String
    /// Host name of every rank of this launch, in order of rank; not empty.
    public var hosts: [String]

    /// - Parameter createdAt: seconds since 1970-01-01T00:00:00Z; this moment when `nil`.
    public init(
        title: String, summary: String, institution: String, creatorName: String, license: String,
        references: [String], comment: String, source: String, invocation: Invocation, id: String,
        createdAt: Double? = nil, experiment: String, experimentSHA256: String, buildInfo: String, hosts: [String]
    ) {
        precondition(!hosts.isEmpty, "a run has at least one rank")
        self.title = title
        self.summary = summary
        self.institution = institution
        self.creatorName = creatorName
        self.license = license
        self.references = references
        self.comment = comment
        self.source = source
        self.invocation = invocation
        self.id = id
        self.createdAt = createdAt ?? now()
        self.experiment = experiment
        self.experimentSHA256 = experimentSHA256
        self.buildInfo = buildInfo
        self.hosts = hosts
    }

    /// The global attributes in the order of the file (CF Conventions 1.11, section 2.6; ACDD 1.3).
    var attributes: [Schema.Attribute] {
        [
            .init("Conventions", "CF-1.11, ACDD-1.3"), .init("title", title), .init("summary", summary),
            .init("history", invocation.line(at: createdAt)), .init("source", source),
            .init("institution", institution), .init("creator_name", creatorName),
            .init("date_created", timestamp(createdAt)), .init("id", id),
            .init("experiment_sha256", experimentSHA256), .init("license", license),
            .init("references", references.joined(separator: "\n")), .init("comment", comment),
        ]
    }

    /// The global attributes, with the texts that are kept of an earlier file.
    func attributes(keeping kept: [String: String]) -> [Schema.Attribute] {
        attributes.map { attribute in
            kept[attribute.name].map { Schema.Attribute(attribute.name, $0) } ?? attribute
        }
    }
}

/// What a file says of the run when it is closed.
public enum Completion: String, Sendable {
    /// Nothing is left to evaluate.
    case complete
    /// The job was stopped in order with work left.
    case partial
}

/// Seconds since 1970-01-01T00:00:00Z.
func now() -> Double { Date().timeIntervalSince1970 }

/// ISO 8601 text, in whole seconds, UTC.
func timestamp(_ time: Double) -> String {
    Date(timeIntervalSince1970: time).formatted(.iso8601)
}
