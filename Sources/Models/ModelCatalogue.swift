package import Atmospheres
package import Experiments
import Exploration

/// Every model that an experiment can name.
public enum ModelCatalogue {
    /// The models, each known by its settings. A new model is a folder beside this file and its settings in this list.
    package static let models: [any ModelSettings.Type] = [
        EnergyBalanceSettings.self,
        AtmosSettings.self,
        ProgramSettings.self,
    ]

    /// The experiment's model, ready to evaluate its points.
    ///
    /// - Throws: when the model cannot serve the experiment: a gas, a quantity or a profile is missing, or the origin
    ///   is out of the model's range.
    package static func model(
        for experiment: Experiment, on host: ModelHost = ModelHost()
    ) throws(ExperimentError) -> JudgedModel {
        try JudgedModel(experiment.model.model(for: experiment, on: host), for: experiment)
    }

    /// The gases that have an axis to which the model does not respond: their points differ only in the mixing ratio
    /// that is left to the filler.
    package static func effectFreeAxes(of experiment: Experiment) throws(ExperimentError) -> [Gas] {
        let respondsTo = try model(for: experiment).description.respondsTo
        // A filler that matters carries the effect of every axis.
        if let filler = experiment.lattice.filler, respondsTo.contains(filler) { return [] }
        return experiment.lattice.axes.map(\.gas).filter { !respondsTo.contains($0) }
    }
}
