internal import Atmospheres
internal import Experiments
internal import Exploration
internal import Foundation
internal import Results

extension Invocation {
    /// How this process was started.
    static var current: Invocation {
        Invocation(
            program: "atmos-frontier \(BuildIdentity.version)",
            commandLine: CommandLine.arguments.joined(separator: " "))
    }
}

extension RunMetadata {
    /// The global attributes of a new results file of `experiment`.
    ///
    /// `hosts` has the host name of every rank of this launch, in order of rank.
    init(of experiment: Experiment, with model: ModelDescription, hosts: [String]) {
        let gases = experiment.lattice.axes.map(\.gas.formula).joined(separator: ", ")
        self.init(
            title: experiment.title,
            summary: experiment.summary
                ?? "Stability of atmospheres over \(gases), explored outward from the origin with the model "
                + "\(model.name).",
            institution: experiment.institution ?? "not stated",
            creatorName: experiment.creator ?? LaunchEnvironment.variable("USER") ?? "not stated",
            license: experiment.license ?? "not stated",
            references: experiment.references + model.references.filter { !experiment.references.contains($0) },
            comment: experiment.comment ?? "",
            source: "\(BuildIdentity.oneLine); model \(model.name) \(model.version)",
            invocation: .current, id: UUID().uuidString.lowercased(), experiment: experiment.text,
            experimentSHA256: experiment.sha256, buildInfo: BuildIdentity.lines, hosts: hosts)
    }
}
