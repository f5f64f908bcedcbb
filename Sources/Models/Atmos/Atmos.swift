public import Atmospheres
internal import Children
internal import Experiments
internal import Exploration
internal import Foundation
internal import Glibc

/// The coupled photochemistry and climate model Atmos, whose two programs run in a scratch folder of the worker.
///
/// Source: the public trees `PyAtmos/atmos_fdl` (Arney et al. 2016, Astrobiology 16, 873, as PyATMOS used it) and
/// `VirtualPlanetaryLaboratory/atmos`. ``AtmosSettings/Procedure`` describes the runs for a point.
public struct Atmos: AtmosphereModel {
    /// The mixing ratios, with that of argon, add up to more than one.
    static let excessiveSum = Reason(code: 48, name: "mixing_ratios_exceed_one")

    /// What the model returns and responds to, with this tree.
    public let description: ModelDescription

    private let tree: AtmosTree
    private let settings: AtmosSettings
    private let quantities: AtmosQuantities
    private var kept: KeptScratch?
    private var workspace: Workspace?

    /// What a worker needs to run Atmos, created with the first point.
    private struct Workspace {
        let guardian: Guardian
        let scratch: AtmosScratch
    }

    /// Creates the model of an experiment.
    ///
    /// - Throws: an error if neither the settings nor `ATMOS_HOME` name a built tree, or the tree cannot set a gas of the
    ///   experiment.
    init(_ settings: AtmosSettings, for experiment: Experiment, on host: ModelHost) throws(ExperimentError) {
        let location = experiment.location(of: "model")
        guard let home = settings.home ?? ProcessInfo.processInfo.environment["ATMOS_HOME"], !home.isEmpty else {
            throw ExperimentError(
                location,
                "model: atmos needs a built Atmos tree; set ATMOS_HOME, or 'home' in model, to the folder with "
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

    /// Creates the model of a tree.
    ///
    /// - Throws: an error if a file of the tree cannot be read.
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
            reasons: AtmosReason.all + [Self.excessiveSum], usesParent: true, keepsLogs: true,
            identity: identity, longestSilence: 30)
    }

    /// Returns what decides the model's results; see `ModelDescription.identity`.
    private static func identity(of tree: AtmosTree) throws(AtmosTreeError) -> String {
        let digests = try tree.digests().map { "\($0.name) \($0.sha256)" }
        return (["variant \(tree.variant.rawValue)", "template \(tree.template)"] + digests).joined(separator: "\n")
    }

    /// Runs both programs for a point.
    ///
    /// - Parameters:
    ///   - inquiry: the point, with its parent if it has one.
    ///   - evaluation: receives the results, or the reason of a failure and the end of the program's log.
    ///   - attend: called every 0.1 s while a program runs; ends it when it returns false.
    public mutating func evaluate(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend
    ) {
        let composition = inquiry.composition
        let sum = zip(composition.gases, composition.mixingRatios).reduce(tree.argon) {
            $1.0 == .n2 ? $0 : $0 + $1.1
        }
        guard sum <= 1 else {
            // The chemistry would run for twenty minutes and return NaN.
            evaluation.outcome = .unstable
            evaluation.reason = Self.excessiveSum
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

    /// Ends the programs and removes the scratch folder.
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
        let processorTime = Self.childrenProcessorTime()
        do {
            let parent = try inquiry.parent.map { parent in
                let gases = parent.composition.gases.count
                return (parent.composition, try AtmosSolution(parent.solution, shape: tree.shape, gases: gases))
            }
            let procedure = AtmosProcedure(
                settings: settings, quantities: quantities, composition: inquiry.composition, parent: parent)
            try procedure.run(&point, &evaluation, attend)
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
        point.statistics.processorSeconds = Self.childrenProcessorTime() - processorTime
        quantities.put(point.statistics, into: &evaluation)
    }

    private mutating func keepScratch(of inquiry: borrowing Inquiry, _ evaluation: inout Evaluation) {
        guard let scratch = workspace?.scratch else { return }
        kept?.keep(inquiry, &evaluation) { (path) throws(ChildError) in try scratch.keep(at: path) }
    }

    /// Returns the processor time of all child processes that have ended, s.
    private static func childrenProcessorTime() -> Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage) == 0 else { return .nan }
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6
    }
}
