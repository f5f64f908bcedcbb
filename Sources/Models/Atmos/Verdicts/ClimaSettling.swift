/// How much the result of a climate run was still changing at its end.
struct ClimaSettling: Sendable, Equatable {
    /// The upper bounds of a settled result.
    private enum Limit {
        /// Of the flux imbalance at the top.
        static let fluxImbalance = 1e-4
        /// Of the change of the surface temperature in the last step, K.
        static let surfaceChange = 5e-3
        /// Of its change over the last 50 steps, K.
        static let drift = 0.25
        /// Of its distance from the temperature at the start, which determines the pressure grid, K.
        static let displacement = 1.0
    }

    /// The number of steps over which ``drift`` is taken.
    private static let driftSteps = 50
    /// The number of steps over which ``lastMovement`` is taken.
    static let restSteps = 10

    /// Net flux at the top over the upward infrared flux there, last step.
    let fluxImbalance: Double
    /// Root mean square of the relative flux divergence, last step.
    let rmsFluxDivergence: Double
    /// Largest relative change of temperature, last step.
    let largestChange: Double
    /// Change of the surface temperature in the last step, K.
    let surfaceChange: Double
    /// Change of the surface temperature over the last 50 steps, K; NaN if there were fewer.
    let drift: Double
    /// Change of the surface temperature over the last ``restSteps`` steps, K: large in a pass that has not recovered from
    /// the shock at its start.
    let lastMovement: Double
    /// Surface temperature at the end minus that at the start, K.
    let displacement: Double
    /// Surface temperature at the end minus that after each step, K, the last step first.
    private let movements: [Double]

    /// Measures a run.
    ///
    /// - Parameters:
    ///   - steps: the steps of a complete run.
    ///   - start: surface temperature at the start, K: the last of `TempIn.dat`, or TG0.
    ///   - end: surface temperature at the end, K: the last of `TempOut.dat`.
    init(steps: [ClimaStep], start: Double, end: Double) {
        let last = steps.last
        fluxImbalance = last?.fluxImbalance ?? .nan
        rmsFluxDivergence = last?.rmsFluxDivergence ?? .nan
        largestChange = last?.largestChange ?? .nan
        surfaceChange = last?.surfaceChange ?? .nan
        let before = steps.count - 1 - Self.driftSteps
        drift = before >= 0 ? end - steps[before].surfaceTemperature : before == -1 ? end - start : .nan
        displacement = end - start
        let rest = steps.count - 1 - Self.restSteps
        lastMovement = end - (rest >= 0 ? steps[rest].surfaceTemperature : start)
        movements = steps.reversed().map { end - $0.surfaceTemperature }
    }

    /// Whether the run was still recovering from the shock at its start: the surface moved back towards its start, or by
    /// more than its distance from it.
    var isRecovering: Bool { lastMovement * displacement < 0 || abs(lastMovement) > abs(displacement) }

    /// Returns the number of steps after which the surface stayed within `kelvin` of its temperature at the end.
    func stepsToRest(within kelvin: Double) -> Int {
        movements.count - (movements.firstIndex { abs($0) > kelvin } ?? movements.count)
    }

    /// What is not settled, for the log; `nil` if the result is settled.
    var complaint: String? {
        let complaints = [
            abs(fluxImbalance) < Limit.fluxImbalance ? nil : "flux imbalance \(fluxImbalance)",
            abs(surfaceChange) < Limit.surfaceChange ? nil : "\(surfaceChange) K in the last step",
            abs(drift) < Limit.drift ? nil : "\(drift) K in the last \(Self.driftSteps) steps",
            abs(displacement) < Limit.displacement ? nil : "\(displacement) K from its start",
        ].compactMap { $0 }
        return complaints.isEmpty ? nil : complaints.joined(separator: ", ")
    }
}
