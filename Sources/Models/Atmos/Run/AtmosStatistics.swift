/// What the runs for one point did and cost, so far.
struct AtmosStatistics: Sendable {
    /// The steps and outcome of a procedure.
    struct Course: Sendable {
        /// Whether methane absorbs in the climate model.
        let methaneAbsorbs: Bool
        /// Whether the point starts from a parent.
        let hasParent: Bool
        /// Compositions that were solved between the parent and the point.
        var steppingStones = 0
        /// Rounds of chemistry and climate with each other's profiles.
        var couplingRounds = 0

        /// What the point was started from, as a code of the results file.
        var startKind: Double { steppingStones > 0 ? 2 : hasParent ? 1 : 0 }
    }

    /// Steps of the chemistry.
    var photoSteps = 0
    /// Duration of the chemistry, s.
    var photoSeconds = 0.0
    /// The last step of the last run of the chemistry.
    var lastPhotoStep: PhotoProgress.Step?
    /// Passes of the climate model.
    var passes = 0
    /// Steps of the climate model.
    var climaSteps = 0
    /// Duration of the climate model, s.
    var climaSeconds = 0.0
    /// Processor time of both models, s.
    var processorSeconds = 0.0
    /// `nil` before the procedure has begun.
    var course: Course?
}
