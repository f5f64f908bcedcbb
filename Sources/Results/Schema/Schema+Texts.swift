internal import Atmospheres

// The texts in `/run`, written once when the file is created.
extension Schema {
    /// A text of any length.
    struct Text: Sendable {
        let name: String
        let meaning: String

        /// The path in the file: "/run/build_info".
        var path: String { GroupName.run.path(name) }

        static let experiment = Text(name: "experiment_file", meaning: "the experiment file, verbatim")
        static let build = Text(name: "build_info", meaning: "what the program was built with")
        static let modelIdentity = Text(
            name: "model_identity",
            meaning: "what decides the model's answers beside the program: name and value, one a line")
    }

    /// The texts of a file of this model, in the order of the file.
    var texts: [Text] { [.experiment, .build] + (model.identity.isEmpty ? [] : [.modelIdentity]) }
}
