internal import Atmospheres
internal import Experiments
internal import Glibc

/// Solves a point by runs of the two models; see ``AtmosSettings/Procedure``.
struct AtmosProcedure {
    /// The mixing ratio of methane above which it absorbs (PyATMOS's rule).
    private static let methaneThreshold = 1e-4

    /// How much too cold a pass ends for each kelvin that its start was too cold, because its pressure grid is that of
    /// the start. Measured at CO2 0.02, where passes from 304.4 K and from 310.0 K end at 309.0 K and 309.5 K, and at
    /// CO2 0.06, where those from 288 K and from 311 K end at 311 K and 315 K.
    private static let staleness = 0.12
    /// The distance between start and end, K, below which the next pass starts from the end as it is.
    private static let near = 0.5
    /// The mean change of the levels that counts as agreement, in units of that of the surface: levels change by 0.5 to
    /// 0.8 K in a pass if the point has the climate of its parent, otherwise by 3 K and more.
    private static let profileTolerance = 5.0
    /// The number of steps up to which passes are lengthened.
    private static let longestPass = 400
    /// The tolerance without a parent, in units of that with one: near modern Earth, where every search starts, the
    /// surface moves slowly and steadily. The change in a single step is not a usable measure, because the top of the
    /// convective layer jumps.
    private static let coldTolerance = 0.25

    let settings: AtmosSettings
    let quantities: AtmosQuantities
    let composition: Composition
    let parent: (composition: Composition, solution: AtmosSolution)?

    /// Solves the point and stores its results in `evaluation`.
    ///
    /// - Throws: ``AtmosFailure``, ``AtmosPoint/Unwanted``, or the error that prevented a run.
    func run(_ point: inout AtmosPoint, _ evaluation: inout Evaluation, _ attend: (Progress) -> Bool) throws {
        point.statistics.course = AtmosStatistics.Course(methaneAbsorbs: methane, hasParent: parent != nil)
        switch settings.procedure {
        case .settled:
            let chemistry = try solveChemistry(&point, attend)
            quantities.put(try point.photoOutput(), into: &evaluation)
            let pass = try settleClimate(&point, from: firstProfile(), &evaluation, attend)
            try keep(chemistry, pass, point, &evaluation)
        case .coupled: try couple(&point, &evaluation, attend)
        case .pyatmos: try repeatPyATMOS(&point, &evaluation, attend)
        }
    }

    /// Whether methane absorbs in the climate model.
    private var methane: Bool {
        switch settings.methaneOpacity {
        case .on: true
        case .off: false
        case .auto: (composition[.ch4] ?? 0) > Self.methaneThreshold
        }
    }

    // MARK: Chemistry

    /// Solves the chemistry of the point, by way of stepping stones if they are allowed and needed.
    ///
    /// Returns the contents of `out.dist`.
    private func solveChemistry(
        _ point: inout AtmosPoint, _ attend: (Progress) -> Bool
    ) throws -> [UInt8] {
        let state = try parent?.solution.chemistry ?? point.templateState()
        let coupling = settings.procedure == .coupled ? parent?.solution.coupling : nil
        return try solve(
            composition, from: state, of: parent?.composition, coupling, stones: settings.steppingStones, &point, attend
        )
    }

    /// Solves the chemistry of `target` from the state of `origin`, halving the step up to `stones` times.
    private func solve(
        _ target: Composition, from state: [UInt8], of origin: Composition?, _ coupling: [UInt8]?, stones: Int,
        _ point: inout AtmosPoint, _ attend: (Progress) -> Bool
    ) throws -> [UInt8] {
        do {
            try point.setComposition(target, digits: digits)
            return try point.runPhoto(from: state, coupling: coupling, attend: attend)
        } catch let failure as AtmosFailure where stones > 0 {
            let mayHelp = [AtmosReason.photoNonconverged, AtmosReason.photoTimeout, AtmosReason.photoNaN]
            guard let origin, mayHelp.contains(failure.reason) else { throw failure }
            let halfWay = Self.between(origin, target)
            let stone = try solve(halfWay, from: state, of: origin, coupling, stones: stones - 1, &point, attend)
            point.statistics.course?.steppingStones += 1
            return try solve(target, from: stone, of: halfWay, coupling, stones: stones - 1, &point, attend)
        }
    }

    private var digits: SpeciesTable.Digits { settings.procedure == .pyatmos ? .pyatmos : .full }

    /// Returns the composition half-way: the geometric mean, or the arithmetic mean where a mixing ratio is 0.
    private static func between(_ a: Composition, _ b: Composition) -> Composition {
        var half = b
        for i in b.mixingRatios.indices {
            let (from, to) = (a.mixingRatios[i], b.mixingRatios[i])
            half.mixingRatios[i] = from > 0 && to > 0 ? (from * to).squareRoot() : (from + to) / 2
        }
        return half
    }

    // MARK: Climate

    /// Returns the start of the first pass, the parent's profile with the predicted temperatures; `nil` without a
    /// parent.
    private func firstProfile() throws -> TemperatureProfile? {
        guard let solution = parent?.solution else { return nil }
        let profile = try TemperatureProfile(solution.climate, file: "the parent's TempOut.dat")
        guard let kelvin = AtmosPrediction.temperature(solution.trail, at: composition.mixingRatios),
            kelvin.count == profile.temperature.count
        else { return profile }
        return profile.withTemperature(kelvin)
    }

    /// Runs passes, each from the end of the one before, until one ends with the surface temperature and the profile that
    /// it started with.
    ///
    /// The pressure grid, which the surface temperature at the start determines, is then that of the solution. The
    /// surface alone may agree because of a lucky prediction, while the stratosphere is still changing.
    ///
    /// A pass begins with a shock, which lasts longer the nearer the start is to the solution and the more CO2 there is.
    /// A pass that is too short to recover from it says nothing about its start, and is repeated with twice the steps.
    private func settleClimate(
        _ point: inout AtmosPoint, from profile: TemperatureProfile?, _ evaluation: inout Evaluation,
        _ attend: (Progress) -> Bool
    ) throws -> AtmosPoint.Pass {
        let agreement = profile == nil ? Self.coldTolerance * settings.agreement : settings.agreement
        let longest = max(Self.longestPass, settings.passSteps)
        var start = profile?.bytes
        var steps = settings.passSteps
        if let parent { steps = min(max(steps, Self.passLength(parent.solution.restSteps)), longest) }
        var last: AtmosPoint.Pass?
        for _ in 0..<settings.mostPasses {
            let pass = try point.runClima(from: start, steps: steps, methane: methane, attend: attend)
            quantities.put(pass, into: &evaluation)
            last = pass
            let settling = pass.settling
            let change = settling.displacement
            let isAtRest = abs(settling.lastMovement) < settings.agreement
            let profileAgrees = pass.profileChange < Self.profileTolerance * settings.agreement
            if isAtRest, abs(change) < agreement, profileAgrees { return pass }
            if !isAtRest, settling.isRecovering, steps < longest {
                steps = min(2 * steps, longest)
                if start != nil { continue }
            }
            start =
                !isAtRest || abs(change) < Self.near
                ? pass.bytes
                : pass.profile.movingTroposphere(
                    to: pass.profile.surfaceTemperature + Self.staleness * change
                ).bytes
        }
        throw AtmosFailure(
            AtmosReason.climaUnsettled,
            "no two of \(settings.mostPasses) passes of up to \(steps) steps agree: "
                + (last?.settling.complaint ?? "no pass"))
    }

    /// Returns the length of a pass that should be at rest after `steps`, with a margin for a start nearer to the
    /// solution and for the steps that show the rest.
    private static func passLength(_ steps: Int) -> Int { steps * 3 / 2 + ClimaSettling.restSteps }

    // MARK: The other procedures

    /// Runs chemistry and climate in turn, each with the profiles of the other.
    private func couple(
        _ point: inout AtmosPoint, _ evaluation: inout Evaluation, _ attend: (Progress) -> Bool
    ) throws {
        var chemistry = try solveChemistry(&point, attend)
        var output = try point.photoOutput()
        var pass = try settleClimate(&point, from: firstProfile(), &evaluation, attend)
        for round in 1...settings.mostRounds {
            let (ozone, temperature) = (output.ozoneColumn, pass.profile.surfaceTemperature)
            chemistry = try point.runPhoto(from: chemistry, coupling: try point.couplingFile(), attend: attend)
            output = try point.photoOutput()
            quantities.put(output, into: &evaluation)
            pass = try settleClimate(&point, from: pass.profile, &evaluation, attend)
            point.statistics.course?.couplingRounds = round
            if abs(output.ozoneColumn / ozone - 1) < settings.ozoneAgreement,
                abs(pass.profile.surfaceTemperature - temperature) < settings.agreement
            {
                return try keep(chemistry, pass, point, &evaluation)
            }
        }
        throw AtmosFailure(
            AtmosReason.climaUnsettled, "chemistry and climate do not agree after \(settings.mostRounds) rounds")
    }

    /// Runs each model once, as in 2018. The first point starts from the end of a climate run for the template.
    private func repeatPyATMOS(
        _ point: inout AtmosPoint, _ evaluation: inout Evaluation, _ attend: (Progress) -> Bool
    ) throws {
        var climate = parent?.solution.climate
        if climate == nil {
            try point.setTemplateComposition()
            _ = try point.runPhoto(from: try point.templateState(), attend: attend)
            climate = try point.runClima(
                from: nil, steps: point.templateSteps(), methane: point.templateMethane(), attend: attend
            ).bytes
        }
        let chemistry = try solveChemistry(&point, attend)
        quantities.put(try point.photoOutput(), into: &evaluation)
        let pass = try point.runClima(from: climate, steps: settings.passSteps, methane: methane, attend: attend)
        quantities.put(pass, into: &evaluation)
        try keep(chemistry, pass, point, &evaluation)
    }

    // MARK: Results

    /// Keeps the solution for the point's neighbours.
    private func keep(
        _ chemistry: [UInt8], _ pass: AtmosPoint.Pass, _ point: AtmosPoint, _ evaluation: inout Evaluation
    ) throws {
        let here = AtmosSolution.Ancestor(
            mixingRatios: composition.mixingRatios, temperature: pass.profile.temperature)
        let solution = AtmosSolution(
            chemistry: chemistry, climate: pass.bytes, coupling: try point.couplingFile(),
            restSteps: pass.settling.stepsToRest(within: settings.agreement),
            trail: [here] + (parent?.solution.trail ?? []))
        evaluation.solution = solution.bytes(point.tree.shape)
    }
}
