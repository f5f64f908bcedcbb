public import Atmospheres
internal import Children
internal import Experiments
internal import Exploration
internal import Foundation
internal import Glibc

/// The coupled photochemistry and climate model Atmos, run as its two programs in a scratch folder of this worker.
///
/// Source: the public trees `PyAtmos/atmos_fdl` (Arney et al. 2016, Astrobiology 16, 873, as PyATMOS used it) and
/// `VirtualPlanetaryLaboratory/atmos`. What is run for a point is ``AtmosSettings/Procedure``.
public struct Atmos: AtmosphereModel {
    /// The mixing ratios add up to more than one, with the argon that the tree holds.
    static let tooMuch = Reason(code: 48, name: "mixing_ratios_exceed_one")

    /// The model's description, with the quantities of the tree.
    public let description: ModelDescription

    private let tree: AtmosTree
    private let settings: AtmosSettings
    private let quantities: AtmosQuantities
    private var kept: KeptScratch?
    private var workspace: Workspace?

    /// What a worker needs to run Atmos; made for the first point.
    private struct Workspace {
        let guardian: Guardian
        let scratch: AtmosScratch
    }

    /// The model of an experiment.
    ///
    /// - Throws: when there is no built tree where the settings or `ATMOS_HOME` say, or it cannot set a gas of the
    ///   experiment.
    init(_ settings: AtmosSettings, for experiment: Experiment, on host: ModelHost) throws(ExperimentError) {
        let location = experiment.location(of: "model")
        guard let home = settings.home ?? ProcessInfo.processInfo.environment["ATMOS_HOME"], !home.isEmpty else {
            throw ExperimentError(
                location,
                "model: atmos needs a built Atmos tree; set ATMOS_HOME, or 'home' in model, to the folder that has "
                    + "Photo.run and Clima.run")
        }
        do throws(AtmosTreeError) {
            let tree = try AtmosTree(at: home, template: settings.template)
            try self.init(settings, tree: tree, on: host)
        } catch {
            throw ExperimentError(location, "model: \(error)")
        }
        for gas in experiment.lattice.gases where !tree.gases.contains(gas) {
            throw ExperimentError(
                experiment.location(of: "origin.\(gas)"),
                "\(gas) is not a species of Atmos's template \(tree.template) whose mixing ratio can be set; it has: "
                    + tree.gases.map(\.formula).joined(separator: ", "))
        }
    }

    /// The model of a tree.
    ///
    /// - Throws: when the tree cannot be used.
    init(_ settings: AtmosSettings, tree: AtmosTree, on host: ModelHost = ModelHost()) throws(AtmosTreeError) {
        self.tree = tree
        self.settings = settings
        kept = host.keptScratch
        quantities = AtmosQuantities(of: tree)
        let identity = if let known = host.knownIdentity { known } else { try Self.identity(of: tree) }
        description = ModelDescription(
            name: AtmosSettings.name,
            version: tree.variant == .fdl ? "FDL 2018" : "VPL",
            references: [
                "Arney et al. 2016, Astrobiology 16, 873-899, doi:10.1089/ast.2015.1422",
                "Kopparapu et al. 2013, Astrophys. J. 765, 131, doi:10.1088/0004-637X/765/2/131",
            ],
            respondsTo: Set(tree.gases).subtracting(AtmosTree.ignoredGases),
            quantities: quantities.quantities, profiles: quantities.profiles,
            reasons: AtmosReason.all + [Self.tooMuch], usesParent: true, keepsLogs: true,
            identity: identity, longestSilence: 30)
    }

    /// The tree's variant, template and the digests of its files; see `ModelDescription.identity`.
    private static func identity(of tree: AtmosTree) throws(AtmosTreeError) -> String {
        let digests = try tree.digests().map { "\($0.name) \($0.sha256)" }
        return (["variant \(tree.variant.rawValue)", "template \(tree.template)"] + digests).joined(separator: "\n")
    }

    /// Runs both programs for one atmosphere.
    public mutating func evaluate(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend
    ) {
        let composition = inquiry.composition
        let sum = zip(composition.gases, composition.mixingRatios).reduce(tree.argon) {
            $1.0 == .n2 ? $0 : $0 + $1.1
        }
        guard sum <= 1 else {
            // The chemistry would take twenty minutes to end with meaningless numbers.
            evaluation.outcome = .unstable
            evaluation.reason = Self.tooMuch
            return
        }
        do {
            let workspace = try openWorkspace()
            try workspace.scratch.clear()
            var point = AtmosPoint(tree, workspace.scratch, workspace.guardian, settings)
            run(&point, inquiry, &evaluation, attend)
            keepScratch(of: inquiry, &evaluation)
        } catch {
            evaluation.outcome = .failed
            evaluation.reason = .crashed
            evaluation.log = Array("\(error)".utf8)
        }
    }

    /// Ends the guard process and removes the scratch folder.
    public mutating func close() {
        workspace?.guardian.close()
        workspace = nil
    }

    private mutating func openWorkspace() throws -> Workspace {
        if let workspace { return workspace }
        let guardian = try Guardian()
        let workspace = Workspace(guardian: guardian, scratch: try AtmosScratch(of: tree, under: guardian))
        self.workspace = workspace
        return workspace
    }

    private func run(
        _ point: inout AtmosPoint, _ inquiry: borrowing Inquiry, _ evaluation: inout Evaluation, _ attend: Attend
    ) {
        let processorTime = childrenProcessorTime()
        do {
            var solution: AtmosSolution?
            if let parent = inquiry.parent {
                solution = try AtmosSolution(parent.solution, shape: tree.shape, gases: parent.composition.gases.count)
            }
            var run = AtmosProcedure(
                settings: settings, quantities: quantities, composition: inquiry.composition,
                startComposition: inquiry.parent?.composition, start: solution)
            try run.run(&point, &evaluation, attend)
            evaluation.outcome = .stable
        } catch let failure as AtmosFailure {
            evaluation.outcome = failure.outcome
            evaluation.reason = failure.reason
            evaluation.solution = []
            let log = AtmosReason.isClimate(failure.reason) ? AtmosScratch.climaLog : AtmosScratch.photoLog
            evaluation.log = Array((failure.detail + "\n" + point.scratch.tail(log)).utf8)
        } catch is AtmosPoint.Unwanted {
            evaluation.outcome = .pending
        } catch {
            evaluation.outcome = .failed
            evaluation.reason = .crashed
            evaluation.solution = []
            evaluation.log = Array("\(error)".utf8)
        }
        evaluation.exitCode = point.exitCode
        let cost = point.cost
        func put(_ name: String, _ value: Double) { evaluation.values[quantities.row(name)] = value }
        put("photo_steps", Double(cost.photoSteps))
        put("photo_wall_time", cost.photoSeconds)
        put("clima_passes", Double(cost.passes))
        put("clima_steps", Double(cost.climaSteps))
        put("clima_wall_time", cost.climaSeconds)
        put("cpu_time", childrenProcessorTime() - processorTime)
        if let step = point.lastPhotoStep {
            put("photo_model_time", step.time)
            put("photo_largest_change", step.largestChange)
        }
    }

    private mutating func keepScratch(of inquiry: borrowing Inquiry, _ evaluation: inout Evaluation) {
        guard let scratch = workspace?.scratch else { return }
        kept?.keep(inquiry, &evaluation) { (path) throws(ChildError) in try scratch.keep(at: path) }
    }

    /// Returns the processor time of ended children, s.
    private func childrenProcessorTime() -> Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage) == 0 else { return .nan }
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
    }
}
