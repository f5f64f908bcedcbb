internal import Atmospheres
internal import Children
internal import Clocks

/// The runs of both models for one point, in a worker's scratch folder.
struct AtmosPoint {
    /// The model's answer is no longer wanted.
    struct Unwanted: Error {}

    /// What the runs have cost so far.
    struct Cost {
        var photoSteps = 0
        var photoSeconds = 0.0
        var passes = 0
        var climaSteps = 0
        var climaSeconds = 0.0
    }

    let tree: AtmosTree
    let scratch: AtmosScratch
    let process: AtmosProcess
    let settings: AtmosSettings

    private(set) var cost = Cost()
    private(set) var lastPhotoStep: PhotoProgress.Step?
    /// How the last run ended, as a shell has it.
    private(set) var exitCode: Int16 = 0
    private var climaInput: ClimaInput

    init(_ tree: AtmosTree, _ scratch: AtmosScratch, _ guardian: Guardian, _ settings: AtmosSettings) {
        self.tree = tree
        self.scratch = scratch
        self.settings = settings
        process = AtmosProcess(guardian: guardian, folder: scratch.folder)
        climaInput = tree.climaInput
    }

    // MARK: Inputs

    /// Writes the species table of a composition; the template's where it says nothing.
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

    /// The template's `in.dist`.
    func templateState() throws(AtmosFileError) -> [UInt8] { try FortranText.read(tree.initialState) }

    /// Steps, and whether methane absorbs, of the template's climate.
    func templateSteps() throws(AtmosFileError) -> Int { Int(try tree.climaInput.number(.steps)) }
    func templateMethane() throws(AtmosFileError) -> Bool { try tree.climaInput.number(.methane) == 1 }

    // MARK: Chemistry

    /// Runs the chemistry to its steady state.
    ///
    /// - Parameters:
    ///   - state: bytes of `in.dist`.
    ///   - coupling: bytes of `fromClima2Photo.dat`, whose temperatures and water vapour it is to use; `nil`: those of
    ///     its state.
    /// - Returns: the bytes of `out.dist`.
    /// - Throws: `AtmosFailure`, ``Unwanted``, or what kept the run from being made.
    mutating func runPhoto(
        from state: [UInt8], coupling: [UInt8]? = nil, _ attend: (Progress) -> Bool
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
        cost.photoSeconds += Time.monotonic() - begin
        guard let ending else { throw Unwanted() }
        exitCode = ending.code
        progress.finish()
        cost.photoSteps += progress.last?.number ?? 0
        lastPhotoStep = progress.last
        let dist = scratch.get("PHOTOCHEM/OUTPUT/out.dist")
        try PhotoVerdict.judge(ending, progress, dist: DistFile.condition(of: dist, shape: tree.shape))
        return dist ?? []
    }

    /// Reads what the last run of the chemistry has returned.
    func photoOutput() throws(AtmosFailure) -> PhotoOutput {
        do {
            let output = try PhotoOutput(
                folder: scratch.path("PHOTOCHEM/OUTPUT"), species: tree.species.longLived, shape: tree.shape)
            guard output.isFinite else {
                throw AtmosFailure(AtmosReason.photoNaN, "its outputs hold numbers that are not finite")
            }
            return output
        } catch let failure as AtmosFailure {
            throw failure
        } catch {
            throw AtmosFailure(AtmosReason.photoError, "\(error)")
        }
    }

    // MARK: Climate

    struct Pass {
        let table: ClimaTable
        let profile: TemperatureProfile
        /// `TempOut.dat`
        let bytes: [UInt8]
        let settling: ClimaSettling
        /// By how much the temperatures of the levels differ from those at the start, on average, K; infinite without a
        /// profile at the start.
        let profileChange: Double
    }

    /// Runs the climate model for a number of steps.
    ///
    /// - Parameters:
    ///   - start: bytes of `TempIn.dat`; `nil` begins at the template's own surface temperature (IUP 1).
    ///   - methane: whether methane absorbs.
    /// - Throws: `AtmosFailure`, ``Unwanted``, or what kept the run from being made.
    mutating func runClima(
        from start: [UInt8]?, steps: Int, methane: Bool, _ attend: (Progress) -> Bool
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
        cost.climaSeconds += Time.monotonic() - begin
        cost.passes += 1
        guard let ending else { throw Unwanted() }
        exitCode = ending.code
        progress.finish()
        cost.climaSteps += progress.step
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

    /// What the climate model tells the chemistry: temperatures and water vapour on its levels.
    func couplingFile() throws(AtmosFailure) -> [UInt8] {
        guard let bytes = scratch.get("COUPLE/fromClima2Photo.dat"), !bytes.isEmpty else {
            throw AtmosFailure(AtmosReason.climaError, "COUPLE/fromClima2Photo.dat was not written")
        }
        return bytes
    }
}
