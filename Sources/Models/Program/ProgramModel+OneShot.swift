import Atmospheres
import Children
import Clocks

// A one-shot program: a process for each request.
extension ProgramModel {
    /// Runs a process for one request.
    ///
    /// - Throws: a `ProgramFailure`, or why no process could be started.
    func askOnce(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: () -> Bool) throws {
        let workspace = workspace!
        let folder = workspace.folder
        folder.empty()
        try writeParent(of: inquiry)
        try FileContents.write(workspace.request.bytes, to: folder.requestFile)
        let process = try ProgramProcess(
            command.command(settings, scratch: workspace.scratch.path), input: .file(folder.requestFile),
            under: workspace.guardian)
        do throws(ProgramFailure) {
            guard let status = try exitStatus(of: process, attend: attend) else {
                process.end(grace: Self.grace)
                return
            }
            process.killGroup()
            guard status == .exited(0) else {
                throw ProgramFailure(.crashed, "the program \(status.words)", exitCode: status.code)
            }
            try readAnswer(of: process, to: inquiry.id, into: &evaluation)
        } catch {
            process.end(grace: Self.grace) { _ = attend() }
            throw error.with(errors: process.errorTail.bytes)
        }
    }

    private func readAnswer(
        of process: ProgramProcess, to id: UInt32, into evaluation: inout Evaluation
    ) throws(ProgramFailure) {
        let folder = workspace!.folder
        let text: [UInt8]
        do throws(ProgramViolation) {
            text = try folder.read(folder.answerFile, limit: ProgramProcess.outputLimit) ?? process.allOutput
        } catch {
            throw ProgramFailure(error)
        }
        guard !text.isEmpty else { throw ProgramFailure(.unreadableAnswer, "the program ended without an answer") }
        guard case .answer(let answer) = try read(text, into: &evaluation), answer.id ?? id == id else {
            throw ProgramFailure(ProgramViolation("expected the answer to request \(id)", in: text))
        }
        try keep(answer, in: &evaluation)
    }

    /// Waits for the end of a process; `nil` when the answer is no longer wanted.
    private func exitStatus(of process: ProgramProcess, attend: () -> Bool) throws(ProgramFailure) -> ExitStatus? {
        let deadline = Time.monotonic() + settings.timeLimit
        switch process.waitForEndOfOutput(until: deadline, attend: attend) {
        case .unwanted: return nil
        case .tooLong: throw tooLong
        case .timedOut: throw timedOut(after: settings.timeLimit)
        case .endOfOutput, .line: break
        }
        if let status = process.waitForEnd(until: deadline, attend: attend) { return status }
        guard Time.monotonic() < deadline else { throw timedOut(after: settings.timeLimit) }
        return nil
    }
}
