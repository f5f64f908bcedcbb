internal import ArgumentParser
internal import Atmospheres
internal import Ensemble
internal import Glibc
internal import Models

/// The arguments of `run`.
struct RunOptions: ParsableArguments {
    @Argument(help: "The experiment file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @Option(name: [.short, .long], help: "The results file (HDF5).", completion: .file(extensions: ["h5"]))
    var output: String

    @Flag(help: "Delete an existing results file and start over.")
    var overwrite = false

    @Flag(
        help: ArgumentHelp(
            "Resume from a results file whose experiment this one widens: axes with more values, looser limits."))
    var extend = false

    @Option(
        help: ArgumentHelp(
            "Silence after which a worker counts as lost, at least 10 s (default: 20 s more than the longest "
                + "silence of the model).",
            valueName: "seconds"))
    var workerTimeout: Double?

    @Option(help: ArgumentHelp("Stop, with everything saved, when fewer workers are left.", valueName: "count"))
    var minWorkers = 1

    @Option(
        help: ArgumentHelp("Treat a point as failed after it has lost this many workers.", valueName: "count"))
    var maxLosses = 3

    @Option(
        help: ArgumentHelp(
            "Stop by this time (2026-11-23T21:00:00) or after this duration (90min, 12h, 1-12:00:00). No point is "
                + "started that would not finish in time if it took as long as the slowest recent one.",
            valueName: "time"))
    var until: Deadline?

    @Option(help: ArgumentHelp("How long a stop waits for pending points.", valueName: "seconds"))
    var stopGrace = 10.0

    @Option(help: ArgumentHelp("Shortest time between two syncs of the file to the disk.", valueName: "seconds"))
    var syncInterval = 5.0

    @Option(
        help: ArgumentHelp(
            "Largest share of recent evaluations that may fail before the job stops, to save its allocation.",
            valueName: "share"))
    var maxFailures = 0.5

    @Option(
        help: ArgumentHelp(
            "Keep the scratch folders of failed points in this folder: the first 10 of each worker.",
            valueName: "folder"),
        completion: .directory)
    var keepFailed: String?

    /// The scratch folders that a worker keeps; `nil` without `--keep-failed`.
    var keptScratch: KeptScratch? { keepFailed.map { KeptScratch(folder: $0) } }

    func validate() throws {
        guard !(extend && overwrite) else {
            throw ValidationError("--extend and --overwrite exclude each other; give one of them")
        }
        if let workerTimeout, !(workerTimeout >= 10) {
            throw ValidationError(
                "--worker-timeout \(workerTimeout): must be at least 10 s, as idle workers report every 5 s")
        }
        guard minWorkers >= 1 else { throw ValidationError("--min-workers \(minWorkers): must be at least 1") }
        guard maxLosses >= 1 else { throw ValidationError("--max-losses \(maxLosses): must be at least 1") }
        if let until, until.seconds <= 0 { throw ValidationError("--until: is in the past; give a later time") }
        guard stopGrace >= 0 else { throw ValidationError("--stop-grace \(stopGrace): must be at least 0") }
        guard syncInterval >= 0 else { throw ValidationError("--sync-interval \(syncInterval): must be at least 0") }
        guard maxFailures > 0, maxFailures <= 1 else {
            throw ValidationError("--max-failures \(maxFailures): must be greater than 0 and at most 1")
        }
    }

    /// Makes the master's settings for a model from the options.
    ///
    /// - Parameter model: the model that the workers run.
    /// - Returns: the settings.
    /// - Throws: ``Failure`` when `--worker-timeout` is shorter than the model may be silent.
    func masterSettings(for model: ModelDescription) throws(Failure) -> MasterSettings {
        var settings = MasterSettings()
        settings.minWorkers = minWorkers
        settings.isGone = { kill($0, 0) != 0 && errno == ESRCH }
        settings.lossesPerPoint = maxLosses
        settings.stopGrace = stopGrace
        settings.failureLimit = maxFailures
        if let workerTimeout {
            guard workerTimeout > model.longestSilence else {
                throw Failure(
                    .usage,
                    "--worker-timeout \(workerTimeout): \(model.name) may be silent for \(model.longestSilence) s; "
                        + "give a longer time")
            }
            settings.workerTimeout = workerTimeout
        }
        return settings
    }
}
