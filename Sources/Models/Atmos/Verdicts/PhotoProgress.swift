/// What the chemistry has reported so far.
struct PhotoProgress: AtmosProgress, Sendable {
    /// A time step, as reported by its progress line.
    struct Step: Sendable, Equatable {
        /// The number of steps so far, this one included.
        let number: Int
        /// The largest relative change of any species at any level.
        let largestChange: Double
        /// The species that changed most.
        let species: String
        /// The next time step, s.
        let timeStep: Double
        /// The model time, s.
        let time: Double
    }

    /// The last step; `nil` before the first.
    private(set) var last: Step?

    /// The first step whose state is not finite; the program does not stop by itself.
    private(set) var firstNotFinite: Int?

    /// Whether the program has reported completion, which it does even if it has run out of steps.
    private(set) var saysCompleted = false

    /// The Fortran runtime error that ended the program.
    private(set) var runtimeError: String?

    /// The program's error message about its inputs, after which it ends with exit code 0.
    private(set) var inputError: String?

    /// The number of steps since model time last doubled; solutions that converge need up to about 200.
    var stepsWithoutGrowth: Int { (last?.number ?? 0) - doubledAt.step }

    private var doubledAt = (step: 0, time: 0.0)
    var lines = AtmosOutputLines()

    mutating func read(_ line: ArraySlice<UInt8>) {
        if line.starts(with: " N =".utf8) {
            if let step = Self.step(line) { take(step) }
        } else if line.contains("PhotoMain run completed") {
            saysCompleted = true
        } else if line.contains("ERROR IN REACTION") || line.contains("discrepancy between")
            || line.contains("discrepency between")
        {
            inputError = inputError ?? line.trimmingBlanks.text
        } else if line.contains("Fortran runtime error:") {
            runtimeError = runtimeError ?? line.trimmingBlanks.text
        }
    }

    private mutating func take(_ step: Step) {
        last = step
        if firstNotFinite == nil, !step.largestChange.isFinite || !step.time.isFinite || !step.timeStep.isFinite {
            firstNotFinite = step.number
        }
        if step.time >= 2 * doubledAt.time { doubledAt = (step.number, step.time) }
    }

    /// Parses a progress line; returns `nil` if it is truncated.
    static func step(_ line: ArraySlice<UInt8>) -> Step? {
        guard let number = line.number("N =", "EMAX ="), number.isFinite,
            let change = line.number("EMAX =", " FOR "),
            let species = line.between(" FOR ", "AT Z ="),
            let timeStep = line.number("DT =", "TIME ="),
            let time = line.number("TIME =", nil)
        else { return nil }
        return Step(
            number: Int(number), largestChange: change, species: species.trimmingBlanks.text, timeStep: timeStep,
            time: time)
    }
}
