/// A step of the climate model, as reported by a row of `clima_allout.tab`.
struct ClimaStep: Sendable, Equatable {
    /// The number of steps so far, this one included: NST.
    let number: Int
    /// The top level of the convective layer, counted from 1 at the top of the atmosphere: JCONV.
    let convectiveLevel: Int
    /// Largest relative change of temperature at any level: CHG.
    let largestChange: Double
    /// Time step, s: dt0.
    let timeStep: Double
    /// Net flux at the top over the upward infrared flux there: DIVF(1).
    let fluxImbalance: Double
    /// Root mean square of the flux divergence above the convective layer, relative: DIVFrms.
    let rmsFluxDivergence: Double
    /// Change of the surface temperature in this step, K: DT(ND).
    let surfaceChange: Double
    /// Surface temperature, K, to five digits: T(ND).
    let surfaceTemperature: Double

    /// Parses a row; `nil` if it is something else or is truncated.
    init?(_ line: ArraySlice<UInt8>) {
        guard line.starts(with: " NST=".utf8), let number = line.number("NST=", "JCONV="), number.isFinite,
            let level = line.number("JCONV=", "CHG="), let change = line.number("CHG=", "dt0="),
            let timeStep = line.number("dt0=", "DIVF(1)="),
            let imbalance = line.number("DIVF(1)=", "DIVFrms="),
            let rms = line.number("DIVFrms=", "DT(ND)="), let surfaceChange = line.number("DT(ND)=", "T(ND)="),
            let end = line.index(of: " T(ND)="), let temperature = line[end...].number("T(ND)=", nil)
        else { return nil }
        self.number = Int(number)
        convectiveLevel = level.isFinite ? Int(level) : 0
        largestChange = change
        self.timeStep = timeStep
        fluxImbalance = imbalance
        rmsFluxDivergence = rms
        self.surfaceChange = surfaceChange
        surfaceTemperature = temperature
    }

    /// Whether every number is finite.
    var isFinite: Bool {
        [largestChange, timeStep, fluxImbalance, rmsFluxDivergence, surfaceChange, surfaceTemperature]
            .allSatisfy(\.isFinite)
    }
}
