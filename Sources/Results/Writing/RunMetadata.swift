internal import FoundationEssentials

/// How the program was started, as a line of `history` says it.
public struct Invocation: Sendable, Equatable {
    /// Program and version: "atmos-frontier 1.0.0".
    public var program: String
    /// The words that the program was started with.
    public var commandLine: String

    /// Describes how a program was started.
    public init(program: String, commandLine: String) {
        self.program = program
        self.commandLine = commandLine
    }

    /// Returns a line of `history`: time, program and version, command line or what happened (CF Conventions 1.11,
    /// section 2.6.2).
    func line(at time: Double, _ event: String? = nil) -> String {
        "\(timestamp(time)) \(program): \(event ?? commandLine)"
    }
}

/// What a results file says about itself as a whole.
public struct RunMetadata: Sendable, Equatable {
    /// One line: what the file is.
    public var title: String
    /// A paragraph.
    public var summary: String
    /// Where the file is made.
    public var institution: String
    /// Who makes the file.
    public var creatorName: String
    /// The license of the data.
    public var license: String
    /// Publications of the model and the method, with DOI.
    public var references: [String]
    /// What else a reader of the file must know.
    public var comment: String
    /// Program, version and commit; model, version and commit.
    public var source: String
    /// How this launch was started.
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

    /// Describes a run; the parameters are the properties of the same name.
    ///
    /// - Precondition: `hosts` is not empty. `createdAt` is the current time when it is `nil`.
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
    private static let declarations: [(name: Schema.AttributeName, text: @Sendable (RunMetadata) -> String)] = [
        (.conventions, { _ in "CF-1.11, ACDD-1.3" }), (.title, { $0.title }), (.summary, { $0.summary }),
        (.history, { $0.invocation.line(at: $0.createdAt) }), (.source, { $0.source }),
        (.institution, { $0.institution }), (.creatorName, { $0.creatorName }),
        (.dateCreated, { timestamp($0.createdAt) }), (.id, { $0.id }),
        (.experimentSHA256, { $0.experimentSHA256 }), (.license, { $0.license }),
        (.references, { $0.references.joined(separator: "\n") }), (.comment, { $0.comment }),
    ]

    /// The names of the global attributes, in the order of the file.
    static var attributeNames: [Schema.AttributeName] { declarations.map(\.name) }

    /// The global attributes, in the order of the file.
    var attributes: [Schema.Attribute] { attributes(keeping: [:]) }

    /// Returns the global attributes, with the texts that are kept from an earlier file.
    func attributes(keeping kept: [Schema.AttributeName: String]) -> [Schema.Attribute] {
        Self.declarations.map { .init($0.name, kept[$0.name] ?? $0.text(self)) }
    }
}

/// How a run ended, as its file says when it is closed.
public enum Completion: String, Sendable {
    /// Nothing is left to evaluate.
    case complete
    /// The job was stopped with work left.
    case partial
}

/// Returns the current time, seconds since 1970-01-01T00:00:00Z.
func now() -> Double { Date().timeIntervalSince1970 }

/// Returns a time as ISO 8601 text, in whole seconds, UTC.
func timestamp(_ time: Double) -> String {
    Date(timeIntervalSince1970: time).formatted(.iso8601)
}
