internal import Foundation
internal import Glibc

/// Acts as `Photo.run`, with made-up chemistry.
///
/// The result depends on the composition and, in coupled runs, on the temperatures of the climate, but not on the start;
/// the number of steps depends on the distance of the start.
struct PhotoStandIn {
    static let output = "PHOTOCHEM/OUTPUT"

    let species: [StandInSpecies]
    let planet: StandInPlanet
    let fault: Fault?
    let stepLimit: Int
    /// The columns of `in.dist`, shape (columns, levels).
    var state: [[Double]]
    /// Temperature and water vapour of the climate on the levels; `nil` if not coupled.
    var climate: (temperature: [Double], waterVapour: [Double])?

    var longLived: [StandInSpecies] { species.filter { $0.kind == "LL" } }

    static func run() throws {
        _ = try Files.lines("PHOTOCHEM/in.dist", unit: 17)
        for name in ["out.out", "out.dist", "out.flow", "PTZ_mixingratios_out.dist"] { Files.open("\(output)/\(name)") }
        let run = try PhotoStandIn()
        try run.solve()
    }

    private init() throws {
        let settings = try Inputs.keyed("PHOTOCHEM/INPUTFILES/input_photchem.dat", unit: 231)
        for name in ["hcaer.photoout.out", "fromPhoto2Clima.dat", "fromClima2Photo.dat", "mixing_ratios.dat"] {
            Files.open("COUPLE/\(name)")
        }
        species = try Inputs.species()
        fault = Fault.current(for: Inputs.composition(of: species))
        planet = try StandInPlanet()
        stepLimit = settings["USOLMIN"] == nil ? 10_001 : 10_000
        for text in ["P0 = \(planet.dryPressure)", "NZ = \(FakeTree.levels)", "G = \(planet.gravity)"] {
            Console.line(" " + text)
        }
        try Self.checkReactions(species)
        state = try Inputs.state(
            "PHOTOCHEM/in.dist", species: species.count { $0.kind == "LL" }, levels: FakeTree.levels)
        try writeCoupling()
        if settings["ICOUPLE"] == "1" {
            let file = "COUPLE/fromClima2Photo.dat"
            let rows = try Inputs.numbers(file, unit: 116, count: 3 * FakeTree.levels)
            let levels = 0..<FakeTree.levels
            climate = (levels.map { rows[3 * $0 + 1] }, levels.map { rows[3 * $0 + 2] })
        }
    }

    /// Reports species for which the program was not compiled, and then stops with exit code 0, as the program does.
    private static func checkReactions(_ species: [StandInSpecies]) throws {
        let compiled = try Files.lines("PHOTOCHEM/INPUTFILES/reactions.rx", unit: 9).filter { !$0.isEmpty }
        let names = species.filter { $0.kind == "LL" || $0.kind == "SL" }.map(\.name)
        if let missing = compiled.firstIndex(where: { !names.contains(String($0)) }) {
            Console.line(" " + names.joined(separator: " "))
            Console.line("\n\n ERROR IN REACTION \(missing + 1)")
            throw Stop.quiet
        }
        if names != compiled.map(String.init) {
            Console.line(" discrepancy between species.dat and the compiled species")
            throw Stop.quiet
        }
    }

    private func writeCoupling() throws {
        var page = Page()
        page.line(" timega P0 frak pstar ihztype NZ FSCALE G")
        page.line(
            " 0.00        \(planet.dryPressure)     0.0     13   99   \(FakeTree.levels)   1.00   \(planet.gravity)")
        try Files.write(page, to: "COUPLE/coupling_params.out")
    }

    private func solve() throws {
        let result = PhotoResult(self)
        let fixed = longLived.filter { $0.lowerBoundary == 1 }.reduce(planet.argon) { $0 + $1.fixedMixingRatio }
        let isFinite = fixed <= 1 && state.allSatisfy { $0.allSatisfy(\.isFinite) }
        if !isFinite || fault == .photoNaN { neverEnd(notFinite: true) }

        let count = steps()
        // Model time grows by a constant factor per step and exceeds 1e17 s at the last but one.
        let growth = pow(1.2e23, 1 / Double(count - 2))
        var page = PhotoReportPage(names: longLived.map(\.name))
        page.begin(state: Array(state.prefix(longLived.count)))
        for step in 1...count {
            let time = 1e-6 * pow(growth, Double(step - 1))
            let line = progress(step, of: count, time: time, timeStep: time * (growth - 1))
            Console.line(line)
            page.progress(line)
            if step == 3 { applyFault() }
            Console.pace()
        }
        if fault == .photoTalkative { talk() }
        page.end(result)
        try Files.write(page.page, to: "\(Self.output)/out.out")
        try result.write(
            truncated: fault == .photoTruncated, notFinite: fault == .photoNaNOutput, noState: fault == .photoNoOutput)
        Console.line("\n redox conservation =  0.000E+00")
        Console.line(" PhotoMain run completed....\n See PHOTOCHEM/OUTPUT/ directory for the output files.")
        Console.flush()
        Console.error("Note: The following floating-point exceptions are signalling: IEEE_UNDERFLOW_FLAG\n")
    }

    /// Returns the number of steps: it grows with the distance of the start, in e-foldings of the fixed mixing ratios and
    /// in degrees.
    private func steps() -> Int {
        var distance = 0.0
        for (index, row) in longLived.enumerated() where row.lowerBoundary == 1 && row.name != "H2O" {
            let start = max(state[index][0], 1e-30)
            distance += abs(log(max(row.fixedMixingRatio, 1e-30) / start))
        }
        if let climate {
            let before = state[longLived.count]
            distance += zip(before, climate.temperature).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(before.count) / 5
        }
        return min(stepLimit - 1, 40 + Int(62 * distance + 4 * distance * distance))
    }

    private func progress(_ step: Int, of count: Int, time: Double, timeStep: Double) -> String {
        let change = pow(10, -1 - 9.5 * Double(step) / Double(count))
        return Self.line(step, longLived[step % longLived.count].name, change: change, timeStep: timeStep, time: time)
    }

    private static func line(_ step: Int, _ name: String, change: Double, timeStep: Double, time: Double) -> String {
        var page = Page()
        page.text(" N =")
        page.right("\(step)", 5)
        page.text("  EMAX =")
        page.e(change, 9, 2)
        page.text(" FOR ")
        page.left(name, 8)
        page.text("AT Z =")
        page.e(2.48e6, 9, 2)
        page.text(" U =")
        page.e(change.isNaN ? .nan : 1.5e-15, 9, 2)
        page.text(" RHS =")
        page.e(change.isNaN ? .nan : -9.6e-26, 9, 2)
        page.text("  DT =")
        page.e(timeStep, 9, 2)
        page.text("  TIME =")
        page.e(time, 9, 2)
        return String(decoding: page.bytes, as: UTF8.self)
    }

    /// Applies the fault that occurs at the third step, if the run has one.
    private func applyFault() {
        switch fault {
        case .photoCrash: FaultAction.die(SIGSEGV)
        case .photoRuntimeError:
            Stop.runtimeError(unit: 9, file: "PHOTOCHEM/DATA/photo.dat", "End of file").end()
        case .photoSingular: Stop.quiet.end()
        case .photoNoGrowth: neverEnd(notFinite: false)
        case .photoOutOfSteps: runOutOfSteps()
        case .photoHang: FaultAction.hang()
        case .photoStubborn:
            signal(SIGTERM, SIG_IGN)
            FaultAction.hang()
        case .photoGrandchild: FaultAction.leaveChild()
        default: break
        }
    }

    /// Continues up to the step limit, which takes far longer than any test waits.
    private func neverEnd(notFinite: Bool) {
        for step in 1...stepLimit {
            let time = notFinite ? 1e-6 * Double(step) : 1e3
            Console.line(
                Self.line(step, longLived[0].name, change: notFinite ? .nan : 0.1, timeStep: 1e-6, time: time))
            Console.pace(notFinite ? 0.1 : 0.005)
        }
    }

    /// Reaches the step limit, reporting every 50th step only, and writes the outputs.
    private func runOutOfSteps() {
        for step in [Int](stride(from: 50, to: stepLimit, by: 50)) + [stepLimit] {
            let time = 1e-3 * pow(10, 7 * Double(step) / Double(stepLimit))
            Console.line(Self.line(step, longLived[0].name, change: 0.05, timeStep: time / 100, time: time))
        }
        do {
            try PhotoResult(self).write(truncated: false, notFinite: false, noState: false)
        } catch {
            Stop.quiet.end()
        }
        Console.line(" PhotoMain run completed....\n See PHOTOCHEM/OUTPUT/ directory for the output files.")
        Stop.quiet.end()
    }

    /// Writes 16 MB in one line and 2 MB in short ones.
    private func talk() {
        let block = String(repeating: "x", count: 1 << 16)
        for _ in 0..<256 { Console.text(block) }
        Console.line()
        let short = String(repeating: " 1.2345E+03  6.7890E-03\n", count: 1 << 12)
        for _ in 0..<20 { Console.text(short) }
    }
}

/// Actions of faults that both programs share.
enum FaultAction {
    /// Dies by a signal, as if the program had caused it.
    static func die(_ number: Int32) -> Never {
        signal(number, SIG_DFL)
        kill(getpid(), number)
        // The signal is delivered before `kill` returns.
        exit(70)
    }

    static func hang() -> Never {
        Console.flush()
        while true { sleep(60) }
    }

    /// Starts a process that outlives this one and keeps its outputs open.
    static func leaveChild() {
        let path = AtmosStandIn.executable()
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(CommandLine.arguments[0]), strdup("linger"), nil]
        var child = pid_t()
        _ = posix_spawn(&child, path, nil, nil, &arguments, environ)
        for argument in arguments { free(argument) }
    }
}
