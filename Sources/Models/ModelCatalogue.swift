public import Atmospheres
public import Experiments
import Exploration
internal import Foundation

/// Every model that an experiment can name.
public enum ModelCatalogue {
    /// The experiment's model, ready to evaluate its points.
    ///
    /// - Parameters:
    ///   - keepFailed: where the scratch folders of points that failed are kept.
    ///   - knownIdentity: the identity of the model's files where they were looked at; `nil` has it found out.
    ///   - hearing: is told every line that passes between this process and a `program`.
    /// - Throws: when the model cannot serve the experiment: a gas, a quantity or a profile is missing, or the origin
    ///   lies where the model does not hold.
    public static func model(
        for experiment: Experiment, keepFailed: KeptScratch? = nil, knownIdentity: String? = nil,
        hearing: ProgramModel.Hearing? = nil
    ) throws(ExperimentError) -> JudgedModel {
        switch experiment.model {
        case .atmos(let settings):
            return try JudgedModel(atmos(settings, for: experiment, keepFailed, knownIdentity), for: experiment)
        case .energyBalance(let settings):
            return try JudgedModel(energyBalance(settings, for: experiment), for: experiment)
        case .program(let settings):
            var program = try ProgramModel(settings, for: experiment, knownIdentity: knownIdentity)
            program.kept = keepFailed
            program.hearing = hearing
            return try JudgedModel(program, for: experiment)
        }
    }

    /// The gases that have an axis to which the model does not respond: their points differ in nothing but the room
    /// that is left to the filler.
    public static func effectFreeAxes(of experiment: Experiment) throws(ExperimentError) -> [Gas] {
        let respondsTo = try model(for: experiment).description.respondsTo
        // A filler that matters carries the effect of every axis.
        if let filler = experiment.lattice.filler, respondsTo.contains(filler) { return [] }
        return experiment.lattice.axes.map(\.gas).filter { !respondsTo.contains($0) }
    }

    private static func atmos(
        _ settings: AtmosSettings, for experiment: Experiment, _ keepFailed: KeptScratch?, _ knownIdentity: String?
    ) throws(ExperimentError) -> Atmos {
        let location = experiment.location(of: "model")
        guard let home = settings.home ?? ProcessInfo.processInfo.environment["ATMOS_HOME"], !home.isEmpty else {
            throw ExperimentError(
                location,
                "model: atmos needs a built Atmos tree; set ATMOS_HOME, or 'home' in model, to the folder that has "
                    + "Photo.run and Clima.run")
        }
        do {
            let tree = try AtmosTree(at: home, template: settings.template)
            for gas in experiment.lattice.gases where !tree.gases.contains(gas) {
                throw ExperimentError(
                    experiment.location(of: "origin.\(gas)"),
                    "\(gas) is no species of Atmos's template \(tree.template) whose mixing ratio can be set; it has: "
                        + tree.gases.map(\.formula).joined(separator: ", "))
            }
            return try Atmos(settings, tree: tree, keepFailed: keepFailed, knownIdentity: knownIdentity)
        } catch let error as ExperimentError {
            throw error
        } catch {
            throw ExperimentError(location, "model: \(error)")
        }
    }

    private static func energyBalance(
        _ settings: EnergyBalanceSettings, for experiment: Experiment
    ) throws(ExperimentError) -> EnergyBalance {
        let lattice = experiment.lattice
        let origin = lattice.composition(of: lattice.origin)
        guard origin[.co2] != nil else {
            throw ExperimentError(
                experiment.location(of: "origin"),
                "energy-balance needs CO2; add it to 'origin', such as 'CO2: 400 ppm'")
        }
        let methane = origin[.ch4]
        let methaneVaries = lattice.filler == .ch4 || lattice.axes.contains { $0.gas == .ch4 }
        if let methane, methaneVaries, !MethaneForcing.range.contains(methane) {
            throw ExperimentError(
                experiment.location(of: "origin.CH4"),
                "the origin's CH4 is \(methane), and energy-balance knows methane's forcing from 100 ppb to 100 ppm "
                    + "only; move the origin, or remove CH4 from 'axes'")
        }
        return EnergyBalance(settings, originMethane: methane)
    }
}
