/// What the climate model has reported so far.
struct ClimaProgress: AtmosProgress, Sendable {
    /// The step in progress or just finished; 0 before the first.
    private(set) var step = 0

    /// The first step after which a number is not finite.
    private(set) var firstNotFinite: Int?

    /// Whether the program has finished its last step.
    private(set) var saysCompleted = false

    /// The Fortran runtime error that ended the program.
    private(set) var runtimeError: String?

    /// The signal that the Fortran runtime reports before the program dies: "SIGFPE: Floating-point exception".
    private(set) var reportedSignal: String?

    var lines = AtmosOutputLines()

    mutating func read(_ line: ArraySlice<UInt8>) {
        if let number = line.number("TIME STEP =", nil), number.isFinite {
            step = Int(number)
        } else if let number = Self.result(in: line) {
            if !number.isFinite, firstNotFinite == nil { firstNotFinite = step }
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

    /// Returns the surface temperature, effective solar flux or planetary albedo of a line; `nil` if it has none.
    private static func result(in line: ArraySlice<UInt8>) -> Double? {
        line.number("Surface temperature=", nil) ?? line.number("Seff=", nil) ?? line.number("ALBP =", nil)
    }
}
