import Atmospheres
import Children
import Clocks

// A resident program: one process a rank, which answers one request after the other.
extension ProgramModel {
    /// The most repeats of an answer that are skipped.
    private static let repeatLimit = 10

    /// Asks the resident process, which is started or replaced where necessary.
    ///
    /// - Throws: a `ProgramFailure`, or why no process could be started.
    mutating func askResident(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: () -> Bool
    ) throws {
        if let resident, !isReady(resident, spare: &evaluation) { end(resident.process, attend: attend) }
        let hasAnsweredBefore = resident != nil
        do {
            try exchange(inquiry, into: &evaluation, attend: attend)
        } catch let failure as ProgramFailure where hasAnsweredBefore && failure.reason != .timedOut {
            // An earlier point may have spoilt the process, so a new one is asked once. A point that took too long is
            // not asked twice.
            evaluation.clear()
            try exchange(inquiry, into: &evaluation, attend: attend)
        }
    }

    /// Whether a process can be asked again. Some repeats of its last answer are skipped; after any other output that
    /// answers no request it cannot.
    private func isReady(_ resident: Resident, spare evaluation: inout Evaluation) -> Bool {
        defer { evaluation.clear() }
        let process = resident.process
        var repeats = 0
        while let line = process.strayLine() {
            evaluation.clear()
            repeats += 1
            guard repeats < Self.repeatLimit, case .answer(let stray) = try? reader.read(line, into: &evaluation),
                stray.id == resident.lastID
            else { return false }
        }
        return !process.hasStrayOutput && !process.hasClosedOutput
    }

    /// Sends the request to the resident process, or to a new one, and takes the answer. A process that gives none is
    /// ended.
    private mutating func exchange(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: () -> Bool
    ) throws {
        let workspace = workspace!
        // Files of an earlier process must not mislead a new one.
        if resident == nil { workspace.folder.empty() }
        try writeParent(of: inquiry)
        let process =
            try resident?.process
            ?? ProgramProcess(command.command(settings, scratch: workspace.scratch.path), under: workspace.guardian)
        process.send(workspace.request.bytes)
        do throws(ProgramFailure) {
            if try takeAnswer(inquiry.id, from: process, into: &evaluation, attend: attend) {
                resident = Resident(process: process, lastID: inquiry.id)
            } else {
                end(process)
                evaluation.clear()
            }
        } catch {
            end(process, attend: attend)
            throw error.with(errors: process.errorTail.bytes)
        }
    }

    private mutating func end(_ process: ProgramProcess, attend: () -> Bool = { true }) {
        process.end(grace: Self.grace) { _ = attend() }
        resident = nil
    }

    /// Waits for the answer to request `id`.
    ///
    /// - Returns: whether there is one; `false` when it is no longer wanted.
    private func takeAnswer(
        _ id: UInt32, from process: ProgramProcess, into evaluation: inout Evaluation, attend: () -> Bool
    ) throws(ProgramFailure) -> Bool {
        let lastID = resident?.lastID
        var limit = settings.timeLimit + (lastID == nil ? settings.startLimit : 0)
        var deadline = Time.monotonic() + limit
        var mayGreet = lastID == nil
        var repeats = 0
        while true {
            let line: [UInt8]
            switch process.nextLine(until: deadline, attend: attend) {
            case .line(let bytes): line = bytes
            case .unwanted: return false
            case .endOfOutput: throw endOfOutput(of: process)
            case .tooLong: throw tooLong
            case .timedOut: throw timedOut(after: limit)
            }
            switch try read(line, into: &evaluation) {
            case .answer(let answer) where answer.id == id:
                try keep(answer, in: &evaluation)
                return true
            case .answer(let answer) where answer.id == lastID && repeats < Self.repeatLimit:
                repeats += 1
            case .answer(let answer):
                let answered = answer.id.map { "\($0)" } ?? "none"
                throw ProgramFailure(ProgramViolation("the answer has id \(answered), expected \(id)", in: line))
            case .hello where mayGreet:
                // The program has started.
                mayGreet = false
                limit = settings.timeLimit
                deadline = Time.monotonic() + limit
            case .hello:
                throw ProgramFailure(ProgramViolation("a hello after the first line", in: line))
            }
            evaluation.clear()
        }
    }

    private func endOfOutput(of process: ProgramProcess) -> ProgramFailure {
        guard let status = process.exitStatusSoon() else {
            return ProgramFailure(.unreadableAnswer, "the program closed its standard output")
        }
        return ProgramFailure(.crashed, "the program \(status.words) instead of answering", exitCode: status.code)
    }
}
