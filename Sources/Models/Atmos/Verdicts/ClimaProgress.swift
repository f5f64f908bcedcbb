/// What the climate model's output says while it runs and when it has ended.
struct ClimaProgress: Sendable {
    /// The step under way or just done; 0 before the first.
    private(set) var step = 0

    /// Surface temperature after the last step done, K, in full; `nil` before.
    private(set) var surfaceTemperature: Double?

    /// Effective solar flux: absorbed solar over outgoing infrared flux that would balance, as printed.
    private(set) var effectiveSolarFlux: Double?

    private(set) var planetaryAlbedo: Double?

    /// The first step after which a number is not finite.
    private(set) var firstNotFinite: Int?

    /// Whether the program came to the end of its last step.
    private(set) var saysCompleted = false

    /// The Fortran library's own words for what stopped the program.
    private(set) var runtimeError: String?

    /// The signal that the Fortran library reports before it dies, as in "SIGFPE: Floating-point exception".
    private(set) var reportedSignal: String?

    private var output = LineBuffer()
    private var errors = LineBuffer()

    /// Takes in a piece of one of the program's streams: it may begin and end within a line.
    mutating func receive(_ bytes: some Sequence<UInt8>, from stream: AtmosProcess.Stream = .output) {
        var lines: [ArraySlice<UInt8>] = []
        switch stream {
        case .output: output.append(bytes) { lines.append($0) }
        case .errors: errors.append(bytes) { lines.append($0) }
        }
        for line in lines { read(line) }
    }

    /// Takes in what the streams ended with.
    mutating func finish() {
        var lines: [ArraySlice<UInt8>] = []
        output.finish { lines.append($0) }
        errors.finish { lines.append($0) }
        for line in lines { read(line) }
    }

    private mutating func read(_ line: ArraySlice<UInt8>) {
        if let number = line.number("TIME STEP =", nil), number.isFinite {
            step = Int(number)
        } else if let temperature = line.number("Surface temperature=", nil) {
            surfaceTemperature = temperature
            note(temperature)
        } else if let flux = line.number("Seff=", nil) {
            effectiveSolarFlux = flux
            note(flux)
        } else if let albedo = line.number("ALBP =", nil) {
            planetaryAlbedo = albedo
            note(albedo)
        } else if line.trimmingBlanks.elementsEqual("output photo".utf8) {
            saysCompleted = true
        } else if line.contains("Fortran runtime error:") {
            runtimeError = runtimeError ?? line.trimmingBlanks.text
        } else if let signal = line.between("Program received signal ", nil) {
            reportedSignal = signal.trimmingBlanks.text
        } else if line.contains("Backtrace for this error:") {
            reportedSignal = reportedSignal ?? "a signal"
        }
    }

    private mutating func note(_ number: Double) {
        if !number.isFinite, firstNotFinite == nil { firstNotFinite = step }
    }
}
