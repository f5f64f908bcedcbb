internal import Atmospheres
internal import Experiments
internal import Glibc

/// Which runs of the two models make a point, and when it is solved: see ``AtmosSettings/Procedure``.
struct AtmosProcedure {
    private enum StartKind: Double {
        case template = 0
        case parent = 1
        case steppingStone = 2
    }

    /// Above this methane absorbs (PyATMOS's rule).
    private static let methaneThreshold = 1e-4

    /// By how much the end of a pass is too cold for each kelvin that its start was, for the pressure grid is that of
    /// the start: measured at CO2 0.02, where passes from 304.4 K and from 310.0 K end at 309.0 K and 309.5 K, and at
    /// CO2 0.06, where those from 288 K and from 311 K end at 311 K and 315 K.
    private static let staleness = 0.12
    /// Below this distance between start and end, K, a pass is only repeated.
    private static let near = 0.5
    /// How much more than the surface the levels may move, on average: neighbours with the climate of their parent
    /// move by 0.5 to 0.8 K in a pass, others by 3 K and more.
    private static let profileCloseness = 5.0
    /// Steps that a pass is lengthened to at most.
    private static let longestPass = 400
    /// How much closer passes have to agree that began from no parent: near modern Earth the surface moves slowly and
    /// steadily, and everything starts from there. The change of a single step is no measure: the top of the
    /// convective layer jumps.
    private static let coldCloseness = 0.25

    let settings: AtmosSettings
    let quantities: AtmosQuantities
    let composition: Composition
    let startComposition: Composition?
    let start: AtmosSolution?

    private var stones = 0

    init(
        settings: AtmosSettings, quantities: AtmosQuantities, composition: Composition,
        startComposition: Composition?, start: AtmosSolution?
    ) {
        self.settings = settings
        self.quantities = quantities
        self.composition = composition
        self.startComposition = startComposition
        self.start = start
    }

    /// Solves the point and puts everything that it has returned into `evaluation`.
    ///
    /// - Throws: `AtmosFailure`, `AtmosPoint.Unwanted`, or what kept a run from being made.
    mutating func run(
        _ point: inout AtmosPoint, _ evaluation: inout Evaluation, _ attend: (Progress) -> Bool
    ) throws {
        put("coupling_rounds", 0, &evaluation)
        put("methane_opacity", methane ? 1 : 0, &evaluation)
        defer {
            put("stepping_stones", Double(stones), &evaluation)
            put("start_kind", startKind.rawValue, &evaluation)
        }
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

    private var startKind: StartKind { stones > 0 ? .steppingStone : start == nil ? .template : .parent }

    private var methane: Bool {
        switch settings.methaneOpacity {
        case .on: true
        case .off: false
        case .auto: (composition[.ch4] ?? 0) > Self.methaneThreshold
        }
    }

    // MARK: Chemistry

    /// Solves the chemistry of the point, over stepping stones where they are allowed and needed.
    ///
    /// - Returns: the bytes of `out.dist`.
    private mutating func solveChemistry(
        _ point: inout AtmosPoint, _ attend: (Progress) -> Bool
    ) throws -> [UInt8] {
        let state = try start?.chemistry ?? point.templateState()
        let coupling = settings.procedure == .coupled ? start?.coupling : nil
        return try solve(
            composition, from: state, of: startComposition, coupling, stones: settings.steppingStones, &point, attend)
    }

    private mutating func solve(
        _ target: Composition, from state: [UInt8], of origin: Composition?, _ coupling: [UInt8]?, stones: Int,
        _ point: inout AtmosPoint, _ attend: (Progress) -> Bool
    ) throws -> [UInt8] {
        do {
            try point.setComposition(target, digits: digits)
            return try point.runPhoto(from: state, coupling: coupling, attend)
        } catch let failure as AtmosFailure where stones > 0 {
            let mayHelp = [AtmosReason.photoNonconverged, AtmosReason.photoTimeout, AtmosReason.photoNaN]
            guard let origin, mayHelp.contains(failure.reason) else { throw failure }
            let halfWay = Self.between(origin, target)
            let stone = try solve(halfWay, from: state, of: origin, coupling, stones: stones - 1, &point, attend)
            self.stones += 1
            return try solve(target, from: stone, of: halfWay, coupling, stones: stones - 1, &point, attend)
        }
    }

    private var digits: SpeciesTable.Digits { settings.procedure == .pyatmos ? .pyatmos : .full }

    /// The composition half-way, in logarithms; in the values themselves where one is 0.
    private static func between(_ a: Composition, _ b: Composition) -> Composition {
        var half = b
        for i in b.mixingRatios.indices {
            let (from, to) = (a.mixingRatios[i], b.mixingRatios[i])
            half.mixingRatios[i] = from > 0 && to > 0 ? (from * to).squareRoot() : (from + to) / 2
        }
        return half
    }

    // MARK: Climate

    /// Where the first pass starts: the parent's profile, moved to what the way here foretells; `nil` without a parent.
    private func firstProfile() throws -> TemperatureProfile? {
        guard let start else { return nil }
        let profile = try TemperatureProfile(start.climate, file: "the parent's TempOut.dat")
        guard let kelvin = AtmosForecast.temperature(start.trail, at: composition.mixingRatios),
            kelvin.count == profile.temperature.count
        else { return profile }
        return profile.withTemperature(kelvin)
    }

    /// Runs passes, each from the end of the one before, until the surface temperature at the end of one is that at its
    /// start, and the profile with it. Then the pressure grid, which is laid by the temperature at the start, is that of
    /// the answer. (The surface alone may agree by the luck of a forecast while the stratosphere is still on its way.)
    ///
    /// A pass begins with a shock, the longer the nearer the start is to the answer and the more CO2 there is. One that
    /// was too short to come back from it says nothing of its start and is made again, twice as long.
    private func settleClimate(
        _ point: inout AtmosPoint, from profile: TemperatureProfile?, _ evaluation: inout Evaluation,
        _ attend: (Progress) -> Bool
    ) throws -> AtmosPoint.Pass {
        let agreement = profile == nil ? Self.coldCloseness * settings.agreement : settings.agreement
        let longest = max(Self.longestPass, settings.passSteps)
        var start = profile?.bytes
        var steps = settings.passSteps
        if let parent = self.start { steps = min(max(steps, Self.passLength(parent.restSteps)), longest) }
        var last: AtmosPoint.Pass?
        for _ in 0..<settings.mostPasses {
            let pass = try point.runClima(from: start, steps: steps, methane: methane, attend)
            put(pass, &evaluation)
            last = pass
            let settling = pass.settling
            let change = settling.displacement
            let isAtRest = abs(settling.lastMovement) < settings.agreement
            let profileAgrees = pass.profileChange < Self.profileCloseness * settings.agreement
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
                + (last?.settling.complaint() ?? "no pass"))
    }

    /// Steps for a pass that should be at rest after `steps`: with room for a start nearer to the answer, and for the
    /// steps that show the rest.
    private static func passLength(_ steps: Int) -> Int { steps * 3 / 2 + ClimaSettling.restSteps }

    // MARK: The other procedures

    /// Chemistry and climate in turn, each with the other's profiles.
    private mutating func couple(
        _ point: inout AtmosPoint, _ evaluation: inout Evaluation, _ attend: (Progress) -> Bool
    ) throws {
        var chemistry = try solveChemistry(&point, attend)
        var output = try point.photoOutput()
        var pass = try settleClimate(&point, from: firstProfile(), &evaluation, attend)
        for round in 1...settings.mostRounds {
            let (ozone, temperature) = (output.ozoneColumn, pass.profile.surfaceTemperature)
            chemistry = try point.runPhoto(from: chemistry, coupling: try point.couplingFile(), attend)
            output = try point.photoOutput()
            quantities.put(output, into: &evaluation)
            pass = try settleClimate(&point, from: pass.profile, &evaluation, attend)
            put("coupling_rounds", Double(round), &evaluation)
            if abs(output.ozoneColumn / ozone - 1) < settings.ozoneAgreement,
                abs(pass.profile.surfaceTemperature - temperature) < settings.agreement
            {
                return try keep(chemistry, pass, point, &evaluation)
            }
        }
        throw AtmosFailure(
            AtmosReason.climaUnsettled, "chemistry and climate do not agree after \(settings.mostRounds) rounds")
    }

    /// One run of each, as in 2018. The first point starts from the end of a climate run for the template.
    private mutating func repeatPyATMOS(
        _ point: inout AtmosPoint, _ evaluation: inout Evaluation, _ attend: (Progress) -> Bool
    ) throws {
        var climate = start?.climate
        if climate == nil {
            try point.setTemplateComposition()
            _ = try point.runPhoto(from: try point.templateState(), attend)
            climate = try point.runClima(
                from: nil, steps: point.templateSteps(), methane: point.templateMethane(), attend
            ).bytes
        }
        let chemistry = try solveChemistry(&point, attend)
        quantities.put(try point.photoOutput(), into: &evaluation)
        let pass = try point.runClima(from: climate, steps: settings.passSteps, methane: methane, attend)
        put(pass, &evaluation)
        try keep(chemistry, pass, point, &evaluation)
    }

    // MARK: Results

    private func put(_ name: String, _ value: Double, _ evaluation: inout Evaluation) {
        evaluation.values[quantities.row(name)] = value
    }

    private func put(_ pass: AtmosPoint.Pass, _ evaluation: inout Evaluation) {
        if let table = pass.table.last { quantities.put(table, into: &evaluation) }
        put("surface_temperature", pass.profile.surfaceTemperature, &evaluation)
        put("clima_flux_imbalance", pass.settling.fluxImbalance, &evaluation)
        put("clima_rms_flux_divergence", pass.settling.rmsFluxDivergence, &evaluation)
        put("clima_largest_change", pass.settling.largestChange, &evaluation)
        put("clima_surface_change", pass.settling.surfaceChange, &evaluation)
        put("clima_pass_change", pass.settling.displacement, &evaluation)
    }

    private func keep(
        _ chemistry: [UInt8], _ pass: AtmosPoint.Pass, _ point: AtmosPoint, _ evaluation: inout Evaluation
    ) throws {
        let here = AtmosSolution.Ancestor(
            mixingRatios: composition.mixingRatios, temperature: pass.profile.temperature)
        let solution = AtmosSolution(
            chemistry: chemistry, climate: pass.bytes, coupling: try point.couplingFile(),
            restSteps: pass.settling.stepsToRest(within: settings.agreement), trail: [here] + (start?.trail ?? []))
        evaluation.solution = solution.bytes(point.tree.shape)
    }
}
