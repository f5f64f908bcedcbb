internal import Atmospheres
internal import Children
internal import Clocks

/// Runs both programs for one point, in the scratch folder of a worker.
struct AtmosPoint {
    /// The error of a run that was ended because the point is no longer wanted.
    struct Unwanted: Error {}

    let tree: AtmosTree
    let scratch: AtmosScratch
    let process: AtmosProcess
    let settings: AtmosSettings

    /// What the runs did and cost, so far.
    var statistics = AtmosStatistics()
    /// How the last run ended, as a shell reports it.
    private(set) var exitCode: Int16 = 0
    private var climaInput: ClimaInput

    /// Prepares the runs of a point; `scratch` has been cleared.
    init(_ tree: AtmosTree, _ scratch: AtmosScratch, _ guardian: Guardian, _ settings: AtmosSettings) {
        self.tree = tree
        self.scratch = scratch
        self.settings = settings
        process = AtmosProcess(guardian: guardian, folder: scratch.folder)
        climaInput = tree.climaInput
    }

    // MARK: Inputs

    /// Writes the species table with a composition; other species are as in the template.
    func setComposition(_ composition: Composition, digits: SpeciesTable.Digits) throws {
        var table = tree.species
        for (gas, ratio) in zip(composition.gases, composition.mixingRatios) {
            try table.setMixingRatio(ratio, of: gas, digits: digits)
        }
        try scratch.put(table.bytes, at: "PHOTOCHEM/INPUTFILES/species.dat")
    }

    /// Writes the species table of the template.
    func setTemplateComposition() throws {
        try scratch.put(tree.species.bytes, at: "PHOTOCHEM/INPUTFILES/species.dat")
    }

    /// Reads the template's `in.dist`.
    func templateState() throws(AtmosFileError) -> [UInt8] { try tree.initialState() }

    /// Returns the number of steps in the template's `input_clima.dat`.
    func templateSteps() throws(AtmosFileError) -> Int { Int(try tree.climaInput.number(.steps)) }
    /// Returns whether methane absorbs in the template's `input_clima.dat`.
    func templateMethane() throws(AtmosFileError) -> Bool { try tree.climaInput.number(.methane) == 1 }

    // MARK: Chemistry

    /// Runs the chemistry to its steady state.
    ///
    /// - Parameters:
    ///   - state: the contents of `in.dist`.
    ///   - coupling: the contents of `fromClima2Photo.dat`, whose temperatures and water vapour it uses; `nil` for those
    ///     of `state`.
    ///   - attend: reports progress; returns whether the point is still wanted.
    /// - Returns: the contents of `out.dist`.
    /// - Throws: ``AtmosFailure``, ``Unwanted``, or the error that prevented the run.
    mutating func runPhoto(
        from state: [UInt8], coupling: [UInt8]? = nil, attend: (Progress) -> Bool
    ) throws -> [UInt8] {
        try scratch.clearChemistry()
        var input = tree.photoInput
        try input.setCoupled(coupling != nil)
        try scratch.put(input.bytes, at: "PHOTOCHEM/INPUTFILES/input_photchem.dat")
        try scratch.put(state, at: "PHOTOCHEM/in.dist")
        if let coupling { try scratch.put(coupling, at: "COUPLE/fromClima2Photo.dat") }

        let settings = settings
        var progress = PhotoProgress()
        let begin = Time.monotonic()
        let ending = try process.run(
            tree.photo, log: AtmosScratch.photoLog, limit: settings.photoTimeLimit
        ) { bytes, stream in
            progress.receive(bytes, from: stream)
            if progress.firstNotFinite != nil { return .notFinite }
            if progress.stepsWithoutGrowth > settings.photoPatience { return .noGrowth }
            if let limit = settings.photoStepLimit, progress.last.map({ $0.number >= limit }) ?? false,
                !progress.saysCompleted
            {
                return .stepLimit
            }
            return nil
        } attend: {
            attend(Progress(step: UInt32(progress.last?.number ?? 0), modelTime: progress.last?.time ?? 0))
        }
        statistics.photoSeconds += Time.monotonic() - begin
        guard let ending else { throw Unwanted() }
        exitCode = ending.code
        progress.finish()
        statistics.photoSteps += progress.last?.number ?? 0
        statistics.lastPhotoStep = progress.last
        let dist = scratch.get("PHOTOCHEM/OUTPUT/out.dist")
        try PhotoVerdict.judge(ending, progress, dist: DistFile.condition(of: dist, shape: tree.shape))
        return dist ?? []
    }

    /// Reads the outputs of the last run of the chemistry.
    func photoOutput() throws(AtmosFailure) -> PhotoOutput {
        do {
            let output = try PhotoOutput(
                folder: scratch.path("PHOTOCHEM/OUTPUT"), species: tree.species.longLived, shape: tree.shape)
            guard output.isFinite else {
                throw AtmosFailure(AtmosReason.photoNaN, "its outputs have numbers that are not finite")
            }
            return output
        } catch let failure as AtmosFailure {
            throw failure
        } catch {
            throw AtmosFailure(AtmosReason.photoError, "\(error)")
        }
    }

    // MARK: Climate

    /// The result of one run of the climate model.
    struct Pass {
        /// `clima_allout.tab`.
        let table: ClimaTable
        /// `TempOut.dat`, as a profile.
        let profile: TemperatureProfile
        /// The contents of `TempOut.dat`.
        let bytes: [UInt8]
        /// How much the surface temperature still changed.
        let settling: ClimaSettling
        /// The mean absolute difference of the temperatures of the levels from those at the start, K; infinite without a
        /// profile at the start.
        let profileChange: Double
    }

    /// Runs the climate model for a number of steps.
    ///
    /// - Parameters:
    ///   - start: the contents of `TempIn.dat`; `nil` for a cold start at the template's surface temperature (IUP 1).
    ///   - steps: the number of steps.
    ///   - methane: whether methane absorbs.
    ///   - attend: reports progress; returns whether the point is still wanted.
    /// - Returns: the result, complete and finite.
    /// - Throws: ``AtmosFailure``, ``Unwanted``, or the error that prevented the run.
    mutating func runClima(
        from start: [UInt8]?, steps: Int, methane: Bool, attend: (Progress) -> Bool
    ) throws -> Pass {
        try scratch.clearClimate()
        try climaInput.set(.steps, to: steps)
        try climaInput.set(.coldStart, to: start == nil ? 1 : 0)
        try climaInput.set(.coupled, to: 1)
        try climaInput.set(.methane, to: methane ? 1 : 0)
        try scratch.put(climaInput.bytes, at: "CLIMA/IO/input_clima.dat")
        try scratch.put(start ?? [], at: "CLIMA/IO/TempIn.dat")

        var progress = ClimaProgress()
        let begin = Time.monotonic()
        let ending = try process.run(
            tree.clima, log: AtmosScratch.climaLog,
            limit: settings.climaTimeLimit ?? 60 + Double(steps) * (methane ? 3 : 1)
        ) { bytes, stream in
            progress.receive(bytes, from: stream)
            return progress.firstNotFinite == nil ? nil : .notFinite
        } attend: {
            attend(Progress(step: UInt32(progress.step)))
        }
        statistics.climaSeconds += Time.monotonic() - begin
        statistics.passes += 1
        guard let ending else { throw Unwanted() }
        exitCode = ending.code
        progress.finish()
        statistics.climaSteps += progress.step
        let bytes = scratch.get("CLIMA/IO/TempOut.dat")
        let (table, profile) = try ClimaVerdict.judge(ending, progress, steps: steps, outputs: outputs(bytes))
        let from = try start.map { try TemperatureProfile($0, file: "TempIn.dat") }
        return Pass(
            table: table, profile: profile, bytes: bytes ?? [],
            settling: ClimaSettling(
                steps: table.steps, start: try from?.surfaceTemperature ?? climaInput.number(.startTemperature),
                end: profile.surfaceTemperature),
            profileChange: from.map { profile.distance(to: $0) } ?? .infinity)
    }

    /// Reads the outputs, as far as they exist; `profile` is the contents of `TempOut.dat`.
    private func outputs(_ profile: [UInt8]?) -> ClimaVerdict.Outputs {
        var outputs = ClimaVerdict.Outputs()
        do {
            if let profile { outputs.profile = try TemperatureProfile(profile) }
            if let table = scratch.get("CLIMA/IO/clima_allout.tab") {
                outputs.table = try ClimaTable(FortranText(table, file: "clima_allout.tab"))
            }
        } catch {
            outputs.complaint = "\(error)"
        }
        return outputs
    }

    /// Reads what the climate model writes for the chemistry: temperatures and water vapour on its levels.
    func couplingFile() throws(AtmosFailure) -> [UInt8] {
        guard let bytes = scratch.get("COUPLE/fromClima2Photo.dat"), !bytes.isEmpty else {
            throw AtmosFailure(AtmosReason.climaError, "COUPLE/fromClima2Photo.dat was not written")
        }
        return bytes
    }
}
