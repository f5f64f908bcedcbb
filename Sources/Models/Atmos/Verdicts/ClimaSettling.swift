/// How far a climate run's answer still moves.
struct ClimaSettling: Sendable, Equatable {
    /// The largest values of a settled answer.
    struct Limits: Sendable, Equatable {
        /// Of the flux imbalance at the top.
        var fluxImbalance = 1e-4
        /// Of the change of surface temperature in the last step, K.
        var surfaceChange = 5e-3
        /// Of its change over the last 50 steps, K.
        var drift = 0.25
        /// Of its distance from the temperature at the start, which decided the pressure grid, K.
        var displacement = 1.0
    }

    static let driftSteps = 50
    static let restSteps = 10

    /// Net flux at the top over the upward infrared flux there, last step.
    let fluxImbalance: Double
    let rmsFluxDivergence: Double
    /// Largest relative change of temperature, last step.
    let largestChange: Double
    /// Change of the surface temperature in the last step, K.
    let surfaceChange: Double
    /// Change of the surface temperature over the last 50 steps, K; NaN when there were fewer.
    let drift: Double
    /// Change of the surface temperature over the last steps, ``restSteps`` of them, K: much in a pass that has not come
    /// back yet from its start.
    let lastMovement: Double
    /// Surface temperature at the end minus that at the start, K.
    let displacement: Double
    /// Surface temperature at the end minus those after the steps before, K, the last step first.
    private let movements: [Double]

    /// - Parameters:
    ///   - steps: the rows of a complete run.
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

    /// Whether the start's shock was still being undone at the end: the surface moved towards its start, or by more than
    /// it was away from it.
    var isRecovering: Bool { lastMovement * displacement < 0 || abs(lastMovement) > abs(displacement) }

    /// Steps after which the surface stayed within `kelvin` of its temperature at the end.
    func stepsToRest(within kelvin: Double) -> Int {
        movements.count - (movements.firstIndex { abs($0) > kelvin } ?? movements.count)
    }

    /// Whether it is settled within `limits`.
    func isSettled(_ limits: Limits = Limits()) -> Bool {
        abs(fluxImbalance) < limits.fluxImbalance && abs(surfaceChange) < limits.surfaceChange
            && abs(drift) < limits.drift && abs(displacement) < limits.displacement
    }

    /// What is not settled, in words; `nil` when all is.
    func complaint(_ limits: Limits = Limits()) -> String? {
        let complaints = [
            abs(fluxImbalance) < limits.fluxImbalance ? nil : "flux imbalance \(fluxImbalance)",
            abs(surfaceChange) < limits.surfaceChange ? nil : "\(surfaceChange) K in the last step",
            abs(drift) < limits.drift ? nil : "\(drift) K in the last \(Self.driftSteps) steps",
            abs(displacement) < limits.displacement ? nil : "\(displacement) K from its start",
        ].compactMap { $0 }
        return complaints.isEmpty ? nil : complaints.joined(separator: ", ")
    }
}
