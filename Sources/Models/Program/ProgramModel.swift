public import Atmospheres
import Children
internal import Experiments
import Exploration

/// Any outside program as a model: it receives a request for each atmosphere and returns an answer.
///
/// `jobs/programs/message.schema.json` defines the messages. Whatever the program does wrong is the outcome of the
/// point that it was asked for: `failed`, with the reason, and what it wrote in the log; the job continues. A resident
/// program that has done something wrong is replaced. When it had answered other points before, which may be the cause,
/// the point is asked once more of the new process.
public struct ProgramModel: AtmosphereModel {
    /// The model's description, with what the experiment declares of the program.
    public let description: ModelDescription

    var host: ModelHost
    /// Path of the executable that runs the guard process; `nil` for the executable of this process.
    var guardProgram: String?

    let settings: ProgramSettings
    let command: ProgramCommand
    let reader: ProgramMessageReader
    /// Made for the first point: reading the description needs neither process nor folder.
    var workspace: Workspace?
    var resident: Resident?

    /// Seconds between asking a program to end and killing it.
    static let grace = 2.0

    /// What a rank keeps for its program.
    struct Workspace {
        let guardian: Guardian
        let scratch: Scratch
        let folder: ProgramFolder
        var request: ProgramRequest
    }

    /// A process that has answered at least one request and waits for the next.
    struct Resident {
        let process: ProgramProcess
        /// The id of the request that it answered last.
        var lastID: UInt32
    }

    /// The model of an experiment.
    ///
    /// - Throws: when a file that the command names is missing.
    init(_ settings: ProgramSettings, for experiment: Experiment, on host: ModelHost) throws(ExperimentError) {
        self.settings = settings
        self.host = host
        command = try ProgramCommand(settings, of: experiment, knownIdentity: host.knownIdentity)
        let reasons = settings.reasons.enumerated().map {
            Reason(code: Reason.firstModelCode + UInt8($0), name: $1)
        }
        description = ModelDescription(
            name: ProgramSettings.name, version: settings.version, references: settings.references,
            respondsTo: Set(settings.respondsTo ?? experiment.lattice.gases), quantities: settings.outputs,
            profiles: settings.profiles, reasons: reasons, usesParent: settings.usesParent, keepsLogs: true,
            identity: command.identity, longestSilence: 30)
        reader = ProgramMessageReader(settings, description)
    }

    /// Evaluates one atmosphere by asking the program.
    public mutating func evaluate(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend
    ) {
        let isWanted = { attend(Progress()) }
        do {
            try writeRequest(inquiry)
            switch settings.mode {
            case .resident: try askResident(inquiry, into: &evaluation, attend: isWanted)
            case .oneShot: try askOnce(inquiry, into: &evaluation, attend: isWanted)
            }
            keepScratch(of: inquiry, &evaluation)
        } catch let failure as ProgramFailure {
            evaluation.clear()
            failure.describe(in: &evaluation)
            keepScratch(of: inquiry, &evaluation)
        } catch {
            // The rank's own trouble: it cannot start a process, or the scratch folder is full or gone. Start afresh.
            close()
            evaluation.clear()
            ProgramFailure(.crashed, "\(error)").describe(in: &evaluation)
        }
    }

    /// Ends the resident process and removes the scratch folder.
    public mutating func close() {
        resident?.process.finish(grace: Self.grace)
        resident = nil
        workspace?.guardian.close()
        workspace = nil
    }

    /// Writes the request, and makes the workspace where there is none yet.
    private mutating func writeRequest(_ inquiry: borrowing Inquiry) throws {
        if workspace == nil {
            let guardian = try Guardian(program: guardProgram)
            let scratch = try Scratch(under: guardian)
            workspace = Workspace(
                guardian: guardian, scratch: scratch, folder: ProgramFolder(path: scratch.path),
                request: ProgramRequest(scratch: scratch.path, timeLimit: settings.timeLimit))
        }
        let isWarm = inquiry.parent?.solution.isEmpty == false
        workspace!.request.write(inquiry, parentSolution: isWarm ? workspace!.folder.parentFile : nil)
        report(.request, workspace!.request.bytes)
    }

    /// Writes the parent's solution, where there is one, to the file that the request names.
    func writeParent(of inquiry: borrowing Inquiry) throws(ChildError) {
        guard let parent = inquiry.parent, !parent.solution.isEmpty else { return }
        try FileContents.write(parent.solution, to: workspace!.folder.parentFile)
    }

    private mutating func keepScratch(of inquiry: borrowing Inquiry, _ evaluation: inout Evaluation) {
        guard let scratch = workspace?.scratch, evaluation.outcome != .pending else { return }
        host.keptScratch?.keep(inquiry, &evaluation) { (path) throws(ChildError) in try scratch.keep(at: path) }
    }

    /// Passes a message to the host's observer, if there is one.
    func report(_ direction: ModelHost.Direction, _ bytes: some Sequence<UInt8>) {
        guard let onMessage = host.onMessage else { return }
        var text = String(decoding: Array(bytes), as: UTF8.self)
        if text.last == "\n" { text.removeLast() }
        onMessage(direction, text)
    }

    /// Writes an answer's log and solution to the evaluation.
    func keep(_ answer: ProgramMessage.Answer, in evaluation: inout Evaluation) throws(ProgramFailure) {
        evaluation.log = Array(answer.log.utf8.prefix(4096))
        guard settings.usesParent, evaluation.outcome == .stable, let name = answer.solution else { return }
        do throws(ProgramViolation) {
            evaluation.solution = try workspace!.folder.takeSolution(name)
        } catch {
            throw ProgramFailure(error)
        }
    }

    /// Reads a message into the evaluation.
    func read(
        _ message: [UInt8], into evaluation: inout Evaluation
    ) throws(ProgramFailure) -> ProgramMessage {
        report(.answer, message)
        do throws(ProgramViolation) {
            return try reader.read(message, into: &evaluation)
        } catch {
            throw ProgramFailure(error)
        }
    }

    var tooLong: ProgramFailure {
        ProgramFailure(
            .unreadableAnswer,
            "the program wrote more than \(ProgramProcess.outputLimit >> 20) MiB to its standard output for one point")
    }

    func timedOut(after limit: Double) -> ProgramFailure {
        let hint = settings.mode == .resident ? "; a resident program has to flush its output after each line" : ""
        return ProgramFailure(.timedOut, "no answer within \(limit) s\(hint)")
    }
}

extension ExitStatus {
    var words: String {
        switch self {
        case .exited(let code): "ended with exit code \(code)"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }
}
