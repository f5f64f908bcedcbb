internal import ArgumentParser
internal import Atmospheres
internal import Ensemble
internal import Glibc
internal import Models

struct RunOptions: ParsableArguments {
    @Argument(help: "The experiment file (YAML).", completion: .file(extensions: ["yaml", "yml"]))
    var experiment: String

    @Option(name: [.short, .long], help: "The results file (HDF5).", completion: .file(extensions: ["h5"]))
    var output: String

    @Flag(help: "Delete an existing results file and begin anew.")
    var overwrite = false

    @Flag(
        help: ArgumentHelp(
            "Go on from a results file whose experiment this one widens: axes with more values, looser limits."))
    var extend = false

    @Option(
        help: ArgumentHelp(
            "Silence after which a worker counts as lost (default: the longest that the model may be silent, and "
                + "20 s; at least 10).",
            valueName: "seconds"))
    var workerTimeout: Double?

    @Option(help: ArgumentHelp("Stop in order when fewer workers are left.", valueName: "count"))
    var minWorkers = 1

    @Option(help: ArgumentHelp("Workers that a point may lose before it counts as failed.", valueName: "count"))
    var maxLosses = 3

    @Option(
        help: ArgumentHelp(
            "Stop in order by then: a time (2026-11-23T21:00:00) or a duration (90min, 12h, 1-12:00:00). No point is "
                + "started that the slowest recent one could not finish.",
            valueName: "time"))
    var until: Deadline?

    @Option(help: ArgumentHelp("How long an ordered stop waits for points under way.", valueName: "seconds"))
    var stopGrace = 10.0

    @Option(help: ArgumentHelp("Least time between two syncs of the file to the disk.", valueName: "seconds"))
    var syncInterval = 5.0

    @Option(
        help: ArgumentHelp(
            "Share of recent evaluations that may fail; with more the job ends instead of burning its allocation.",
            valueName: "share"))
    var maxFailures = 0.5

    @Option(
        help: ArgumentHelp(
            "Keep the scratch folders of points that failed in this folder: the first 10 of each worker.",
            valueName: "folder"),
        completion: .directory)
    var keepFailed: String?

    /// What a worker keeps of points that failed.
    var keptScratch: KeptScratch? { keepFailed.map { KeptScratch(folder: $0) } }

    func validate() throws {
        guard !(extend && overwrite) else {
            throw ValidationError("--extend keeps what --overwrite deletes; give one of them")
        }
        if let workerTimeout, !(workerTimeout >= 10) {
            throw ValidationError("--worker-timeout \(workerTimeout): idle workers speak every 5 s; give 10 or more")
        }
        guard minWorkers >= 1 else { throw ValidationError("--min-workers \(minWorkers): give 1 or more") }
        guard maxLosses >= 1 else { throw ValidationError("--max-losses \(maxLosses): give 1 or more") }
        if let until, until.seconds <= 0 { throw ValidationError("--until: that moment is over; give a later one") }
        guard stopGrace >= 0 else { throw ValidationError("--stop-grace \(stopGrace): give 0 or more") }
        guard syncInterval >= 0 else { throw ValidationError("--sync-interval \(syncInterval): give 0 or more") }
        guard maxFailures > 0, maxFailures <= 1 else {
            throw ValidationError("--max-failures \(maxFailures): give a share above 0 and up to 1")
        }
    }

    /// How the master is to deal with the workers of this model.
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
                        + "give more")
            }
            settings.workerTimeout = workerTimeout
        }
        return settings
    }
}
