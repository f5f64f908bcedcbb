public import Atmospheres
import Children
internal import Experiments
import Exploration

/// Any program as a model: it is told the atmosphere, and answers with what became of it.
///
/// The messages are those of `jobs/programs/message.schema.json`. Whatever the program does wrong is an outcome of the
/// point that it was asked for, `failed`, with the reason and what it wrote in the log; the job goes on. A resident
/// program that has gone wrong is replaced, and when it had answered other points before, which may have left it so,
/// the point is asked once more of the new process.
public struct ProgramModel: AtmosphereModel {
    public let description: ModelDescription

    var host: ModelHost
    /// Path of the program that does the guard's part; this one's own when `nil`.
    var guardProgram: String?

    let settings: ProgramSettings
    let command: ProgramCommand
    let reader: ProgramLineReader
    /// Made with the first point: who only reads the description needs no process and no folder.
    var place: Place?
    var resident: ProgramProcess?
    /// The point that the resident program answered last.
    var lastAnswered: UInt32?

    /// Seconds between asking a program to end, and ending it.
    static let grace = 2.0

    /// What a rank has for its program.
    struct Place {
        let guardian: Guardian
        let scratch: Scratch
        let folder: ProgramFolder
        var request: ProgramRequest
    }

    /// The model of an experiment.
    ///
    /// - Throws: when a file that the command names is not there.
    init(_ settings: ProgramSettings, for experiment: Experiment, on host: ModelHost) throws(ExperimentError) {
        self.settings = settings
        self.host = host
        command = try ProgramCommand(settings, of: experiment, knownIdentity: host.knownIdentity)
        let reasons = settings.reasons.enumerated().map {
            Reason(code: Reason.firstModelCode + UInt8($0), name: $1)
        }
        reader = ProgramLineReader(settings, reasons: reasons)
        description = ModelDescription(
            name: ProgramSettings.name, version: settings.version, references: settings.references,
            respondsTo: Set(settings.respondsTo ?? experiment.lattice.gases), quantities: settings.outputs,
            profiles: settings.profiles, reasons: reasons, usesParent: settings.usesParent, keepsLogs: true,
            identity: command.identity, longestSilence: 30)
    }

    public mutating func evaluate(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend
    ) {
        let wanted = { attend(Progress()) }
        do {
            try prepare(inquiry)
            switch settings.mode {
            case .resident: try askResident(inquiry, into: &evaluation, attend: wanted)
            case .oneShot: try askOnce(inquiry, into: &evaluation, attend: wanted)
            }
            keepScratch(of: inquiry, &evaluation)
        } catch let failure as ProgramFailure {
            evaluation.clear()
            failure.describe(in: &evaluation)
            keepScratch(of: inquiry, &evaluation)
        } catch {
            // The rank's own trouble: no process, no room, or a folder that the program has removed. New ones may help.
            close()
            evaluation.clear()
            ProgramFailure(.crashed, "\(error)").describe(in: &evaluation)
        }
    }

    public mutating func close() {
        resident?.finish(grace: Self.grace)
        endResident()
        place?.guardian.close()
        place = nil
    }

    /// Makes the place, where there is none yet, and writes the request.
    private mutating func prepare(_ inquiry: borrowing Inquiry) throws {
        if place == nil {
            let guardian = try Guardian(program: guardProgram)
            let scratch = try Scratch(under: guardian)
            place = Place(
                guardian: guardian, scratch: scratch, folder: ProgramFolder(path: scratch.path),
                request: ProgramRequest(scratch: scratch.path, timeLimit: settings.timeLimit))
        }
        let isWarm = inquiry.parent?.solution.isEmpty == false
        place!.request.write(inquiry, parentSolution: isWarm ? place!.folder.parentFile : nil)
        hear(.request, place!.request.bytes)
    }

    /// Writes the parent's solution, where there is one, to the file that the request names.
    func writeParent(of inquiry: borrowing Inquiry) throws(ChildError) {
        guard let parent = inquiry.parent, !parent.solution.isEmpty else { return }
        try FileContents.write(parent.solution, to: place!.folder.parentFile)
    }

    /// Ends the resident process, where there is one.
    mutating func endResident(attend: () -> Void = {}) {
        resident?.end(grace: Self.grace, attend: attend)
        resident = nil
        lastAnswered = nil
    }

    private mutating func keepScratch(of inquiry: borrowing Inquiry, _ evaluation: inout Evaluation) {
        guard let scratch = place?.scratch, evaluation.outcome != .pending else { return }
        host.keptScratch?.keep(inquiry, &evaluation) { (path) throws(ChildError) in try scratch.keep(at: path) }
    }

    func hear(_ direction: ModelHost.Direction, _ bytes: some Sequence<UInt8>) {
        guard let onMessage = host.onMessage else { return }
        var text = String(decoding: Array(bytes), as: UTF8.self)
        if text.last == "\n" { text.removeLast() }
        onMessage(direction, text)
    }

    /// Keeps what an answer leaves to its point's children.
    func keepSolution(of line: ProgramLine, in evaluation: inout Evaluation) throws(ProgramViolation) {
        evaluation.log = Array(line.message.utf8.prefix(4096))
        guard settings.usesParent, evaluation.outcome == .stable, let name = line.solution else { return }
        evaluation.solution = try place!.folder.takeSolution(name)
    }
}

/// Why a program gave no answer to a point.
struct ProgramFailure: Error {
    let reason: Reason
    let text: String
    var exitCode: Int16 = 0
    /// The end of what the program wrote to its standard error.
    var errors: [UInt8] = []

    init(_ reason: Reason, _ text: String, exitCode: Int16 = 0, errors: some Sequence<UInt8> = []) {
        self.reason = reason
        self.text = text
        self.exitCode = exitCode
        self.errors = Array(errors)
    }

    func describe(in evaluation: inout Evaluation) {
        evaluation.outcome = .failed
        evaluation.reason = reason
        evaluation.exitCode = exitCode
        evaluation.log = Array(text.utf8)
        if !errors.isEmpty { evaluation.log += Array("\nstandard error, its end:\n".utf8) + errors }
    }
}
