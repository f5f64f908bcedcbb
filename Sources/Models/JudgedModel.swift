public import Atmospheres
public import Experiments

/// A model as an experiment wants it: its answers judged by the limits, and only the profiles that are kept.
public struct JudgedModel: AtmosphereModel {
    /// The model's, with the profiles that the experiment keeps.
    public let description: ModelDescription

    private var model: any AtmosphereModel
    private let judge: LimitsJudge

    /// Where the kept profiles lie in the model's own; `nil` when all are kept.
    private let kept: [Range<Int>]?
    private var whole: Evaluation

    /// - Throws: when the experiment's `limits` or `store.profiles` name what the model does not return.
    public init(_ model: any AtmosphereModel, for experiment: Experiment) throws(ExperimentError) {
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
        var start = 0
        let ranges = full.profiles.map { profile in
            defer { start += profile.grid.count }
            return start..<start + profile.grid.count
        }
        kept =
            profiles == full.profiles
            ? nil : zip(full.profiles, ranges).filter { profiles.contains($0.0) }.map(\.1)
        description = full.keeping(profiles)
    }

    public mutating func evaluate(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend
    ) {
        if let kept {
            whole.clear()
            model.evaluate(inquiry, into: &whole, attend: attend)
            let profiles = evaluation.profiles
            evaluation = whole
            evaluation.profiles = profiles
            var end = 0
            for range in kept {
                for place in range {
                    evaluation.profiles[end] = whole.profiles[place]
                    end += 1
                }
            }
        } else {
            model.evaluate(inquiry, into: &evaluation, attend: attend)
        }
        judge.judge(&evaluation)
    }

    public mutating func close() { model.close() }

    /// The profiles called `names`, in the model's order.
    private static func profiles(
        _ names: [String], of model: ModelDescription, _ experiment: Experiment
    ) throws(ExperimentError) -> [Profile] {
        let known = model.profiles.map(\.quantity.name)
        for name in names where !known.contains(name) {
            let guess = nearest(to: name, among: known).map { "did you mean '\($0)'? " } ?? ""
            throw ExperimentError(
                experiment.location(of: "store.profiles"),
                "store.profiles names '\(name)', which is no profile of \(model.name); \(guess)"
                    + (known.isEmpty ? "it returns none" : "it returns: \(known.joined(separator: ", "))"))
        }
        return model.profiles.filter { names.contains($0.quantity.name) }
    }
}
