internal import Foundation
internal import Glibc

/// Acts as `Clima.run`, with a made-up climate.
///
/// Every run takes all its steps and approaches a temperature that depends on the composition and, by way of the
/// pressure grid, on its start. Runs that start from the end of the one before converge to one temperature.
struct ClimaStandIn {
    static let levels = 101
    static let folder = "CLIMA/IO"

    let steps: Int
    let methaneAbsorbs: Bool
    let isWarmStart: Bool
    let planetPressure: Double
    let fault: Fault?
    /// Mixing ratios at the chemistry's surface level, by formula.
    let gases: [String: Double]
    /// The sum of ozone on the chemistry's levels, relative to that of the made-up Earth.
    let ozone: Double
    /// The temperatures at the start, from the top of the atmosphere, K.
    let start: [Double]

    static func run() throws {
        let run = try ClimaStandIn()
        try run.solve()
    }

    private init() throws {
        let settings = try Inputs.keyed("\(Self.folder)/input_clima.dat", unit: 3)
        for name in ["clima_allout.tab", "TempIn.dat", "TempOut.dat"] { Files.open("\(Self.folder)/\(name)") }
        for name in ["coupling_params.out", "mixing_ratios.dat", "fromPhoto2Clima.dat"] { Files.open("COUPLE/\(name)") }
        func number(_ key: String) throws -> Double {
            guard let value = settings[key].flatMap(Inputs.number) else {
                throw Stop.runtimeError(unit: 3, file: "\(Self.folder)/input_clima.dat", "Bad value of \(key)")
            }
            return value
        }
        steps = Int(try number("NSTEPS"))
        methaneAbsorbs = try number("IMET") == 1
        isWarmStart = try number("IUP") == 0
        let coupled = try number("ICOUPLE") == 1
        fault = Fault.current(for: Inputs.composition(of: (try? Inputs.species()) ?? []))
        if fault == .climaCrash { Self.crash() }
        Console.line(" icouple is                    \(coupled ? 1 : 0)")
        if coupled {
            let coupling = "COUPLE/coupling_params.out"
            let lines = try Files.lines(coupling, unit: 999)
            guard lines.count > 1, let pressure = Inputs.words(lines[1]).dropFirst().first.flatMap(Inputs.number) else {
                throw Stop.runtimeError(unit: 999, file: coupling, "End of file")
            }
            planetPressure = pressure
        } else {
            planetPressure = try number("PGO")
        }
        let file = coupled ? "COUPLE/mixing_ratios.dat" : "\(Self.folder)/mixing_ratios.dat"
        let ratios = try Files.lines(file, unit: 114).compactMap { Inputs.words($0).first.flatMap(Inputs.number) }
        guard ratios.count >= 9 else { throw Stop.runtimeError(unit: 114, file: file, "End of file") }
        gases = Dictionary(uniqueKeysWithValues: zip(["Ar", "CH4", "C2H6", "CO2", "N2", "O2", "H2"], ratios))
        let rows =
            coupled
            ? try Inputs.numbers("COUPLE/fromPhoto2Clima.dat", unit: 113, count: 7 * FakeTree.levels) : []
        ozone = coupled ? (0..<FakeTree.levels).reduce(0) { $0 + rows[7 * $1 + 2] } / 5e-4 : 1
        _ = try Files.lines("\(Self.folder)/weight_factors.txt", unit: 15)
        if isWarmStart {
            let rows = try Inputs.numbers("\(Self.folder)/TempIn.dat", unit: 11, count: 2 * Self.levels)
            start = (0..<Self.levels).map { rows[2 * $0] }
        } else {
            let surface = try number("TG0")
            start = ClimaResult.temperatures(surface: surface, pressure: planetPressure)
        }
        // The floating-point exceptions of the real program.
        let surface = start[Self.levels - 1]
        guard surface > 100, surface < 500, start.allSatisfy(\.isFinite) else { Self.crash() }
    }

    private static func crash() -> Never {
        Console.error(
            "\nProgram received signal SIGFPE: Floating-point exception - erroneous arithmetic operation.\n\n"
                + "Backtrace for this error:\n#0  0x0 in ???\n")
        FaultAction.die(SIGFPE)
    }

    /// The surface temperature to which restarted runs converge, K.
    private var settled: Double {
        let carbon = log(max(gases["CO2"] ?? 0, 1e-9) / 4e-4)
        var kelvin = 288 + 4.2 * carbon + 0.3 * carbon * abs(carbon) + 2 * log(max(ozone, 1e-3))
        if methaneAbsorbs { kelvin += 2 * log(1 + (gases["CH4"] ?? 0) / 1e-4) }
        return min(max(kelvin, 150), 400)
    }

    /// The surface temperature that this run approaches from its start, K.
    private var goal: Double {
        let surface = start[Self.levels - 1]
        if fault == .climaUnsettled { return surface + 3 }
        let pressure = StateFile.saturation(surface) - StateFile.saturation(settled)
        let own = ClimaResult.temperatures(surface: settled, pressure: planetPressure)
        let profile = zip(start, own).reduce(0) { $0 + $1.0 - $1.1 } / Double(Self.levels)
        // A pressure grid that is too thin leaves the surface a few kelvins too cold.
        return settled + min(max(50 * pressure, -8), 8) + 0.08 * profile
    }

    private func solve() throws {
        var temperature = start[Self.levels - 1]
        let goal = goal
        // A pass begins with a shock.
        let first = isWarmStart ? temperature - 8 : temperature + 0.3
        var page = ClimaReportPage()
        page.begin(gases, isWarmStart: isWarmStart)
        for step in 1...max(1, steps) {
            let next = goal + (first - goal) * exp(-Double(step - 1) / 5)
            let change = next - temperature
            temperature = next
            report(step, temperature, change)
            page.row(step, temperature: temperature, change: change)
            if step == 1 {
                page.tables(result(temperature), change: change)
                applyFault()
            }
            Console.pace()
        }
        let result = result(temperature)
        if steps > 1 { page.tables(result, change: 0, notFinite: fault == .climaNaNOutput) }
        if fault == .climaTruncated { page.cut(to: page.page.bytes.count - 5000) }
        try Files.write(page.page, to: "\(Self.folder)/clima_allout.tab")
        if fault != .climaNoOutput { try Files.write(result.profile, to: "\(Self.folder)/TempOut.dat") }
        try Files.write(result.forChemistry, to: "COUPLE/fromClima2Photo.dat")
        var shown = Page()
        shown.line(" made up")
        try Files.write(shown, to: "fort.89")
        Console.line(
            " output photo\n                  200\n                  200\n                 1000\n                    0")
        Console.flush()
        Console.error("Note: The following floating-point exceptions are signalling: IEEE_UNDERFLOW_FLAG\n")
    }

    private func result(_ surface: Double) -> ClimaResult {
        ClimaResult(
            surface: surface, pressure: planetPressure + StateFile.saturation(start[Self.levels - 1]),
            carbonDioxide: gases["CO2"] ?? 0)
    }

    private func report(_ step: Int, _ temperature: Double, _ change: Double) {
        Console.line(" TIME STEP =                  \(step)")
        Console.line(" FTIR=   -253327.50933702645\n FTSO=    253327.50933702645")
        Console.line(" Seff=   \(1 - change / temperature)\n\n PLANETARY ALBEDO:  ALBP = 0.2588")
        Console.line(" Surface temperature=   \(temperature)")
    }

    /// Applies the fault that occurs after the first step, if the run has one.
    private func applyFault() {
        switch fault {
        case .climaRuntimeError:
            Stop.runtimeError(unit: 15, file: "\(Self.folder)/weight_factors.txt", "End of file").end()
        case .climaHang: FaultAction.hang()
        case .climaStubborn:
            signal(SIGTERM, SIG_IGN)
            FaultAction.hang()
        default: break
        }
    }
}
