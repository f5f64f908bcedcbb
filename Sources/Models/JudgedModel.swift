public import Atmospheres
package import Experiments

/// A model as an experiment uses it: its answers judged by the limits, and only the profiles that are kept.
public struct JudgedModel: AtmosphereModel {
    /// The model's description, with the profiles that the experiment keeps.
    public let description: ModelDescription

    private var model: any AtmosphereModel
    private let judge: LimitsJudge

    /// The ranges of the kept profiles in the model's own; `nil` when all are kept.
    private let keptRanges: [Range<Int>]?
    /// The model's own evaluation, where not all profiles are kept.
    private var whole: Evaluation

    /// Wraps the model of an experiment.
    ///
    /// - Throws: when the experiment's `limits` or `store.profiles` name what the model does not return.
    package init(_ model: any AtmosphereModel, for experiment: Experiment) throws(ExperimentError) {
        let full = model.description
        let profiles: [Profile]
        switch experiment.profiles {
        case .all: profiles = full.profiles
        case .none: profiles = []
        case .only(let names): profiles = try Self.profiles(names, of: full, experiment)
        }
        self.model = model
        judge = try LimitsJudge(experiment, quantities: full.quantities)
        whole = Evaluation(of: full)
        keptRanges =
            profiles == full.profiles
            ? nil : zip(full.profiles, full.profileRanges).filter { profiles.contains($0.0) }.map(\.1)
        description = full.keeping(profiles)
    }

    /// Evaluates one atmosphere and judges the answer.
    public mutating func evaluate(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend
    ) {
        if let keptRanges {
            whole.clear()
            model.evaluate(inquiry, into: &whole, attend: attend)
            let profiles = evaluation.profiles
            evaluation = whole
            evaluation.profiles = profiles
            for (offset, index) in keptRanges.joined().enumerated() {
                evaluation.profiles[offset] = whole.profiles[index]
            }
        } else {
            model.evaluate(inquiry, into: &evaluation, attend: attend)
        }
        judge.judge(&evaluation)
    }

    /// Closes the model.
    public mutating func close() { model.close() }

    /// The profiles called `names`, in the model's order.
    private static func profiles(
        _ names: [String], of model: ModelDescription, _ experiment: Experiment
    ) throws(ExperimentError) -> [Profile] {
        let known = model.profiles.map(\.quantity.name)
        for name in names where !known.contains(name) {
            throw ExperimentError(
                experiment.location(of: "store.profiles"),
                "store.profiles names '\(name)', which is not a profile of \(model.name); "
                    + name.suggestion(among: known)
                    + (known.isEmpty ? "it returns none" : "it returns: \(known.joined(separator: ", "))"))
        }
        return model.profiles.filter { names.contains($0.quantity.name) }
    }
}
