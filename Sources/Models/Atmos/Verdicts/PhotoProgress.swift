/// What the chemistry's output says while it runs and when it has ended.
struct PhotoProgress: Sendable {
    /// A time step, as its progress line has it.
    struct Step: Sendable, Equatable {
        /// Steps so far, this one included.
        let number: Int
        /// Largest relative change of any species at any level.
        let largestChange: Double
        /// The species that changed most.
        let species: String
        /// The next time step, s.
        let timeStep: Double
        /// Model time, s.
        let time: Double
    }

    private(set) var last: Step?

    /// The first step whose state is not finite: the program does not stop by itself.
    private(set) var firstNotFinite: Int?

    /// Whether the program said that it has completed. It says so too when it ran out of steps.
    private(set) var saysCompleted = false

    /// The Fortran library's own words for what stopped the program.
    private(set) var runtimeError: String?

    /// The program's complaint about its inputs, after which it stops with exit code 0.
    private(set) var complaint: String?

    /// Steps since model time had last doubled. Solutions that converge need up to some 200.
    var stepsWithoutGrowth: Int { (last?.number ?? 0) - doubledAt.step }

    private var doubledAt = (step: 0, time: 0.0)
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
        if line.starts(with: " N =".utf8) {
            if let step = Self.step(line) { take(step) }
        } else if line.contains("PhotoMain run completed") {
            saysCompleted = true
        } else if line.contains("ERROR IN REACTION") || line.contains("discrepancy between")
            || line.contains("discrepency between")
        {
            complaint = complaint ?? line.trimmingBlanks.text
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

    /// Reads a progress line; `nil` when it is cut short.
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
