import Atmospheres
import Children
import Clocks
import Experiments

// How a point is asked of the program, and what comes of it.
extension ProgramModel {
    // MARK: resident

    /// Asks the resident process, started or replaced where need be.
    mutating func askResident(
        _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: () -> Bool
    ) throws {
        while true {
            if let process = resident, !isFit(process, spare: &evaluation) { endResident { _ = attend() } }
            if resident == nil {
                let place = place!
                // Nothing of an earlier process is to spoil this one.
                place.folder.empty()
                resident = try ProgramProcess(
                    command.command(settings, scratch: place.scratch.path), under: place.guardian)
            }
            let process = resident!
            try writeParent(of: inquiry)
            do throws(ProgramFailure) {
                guard try exchange(process, inquiry, into: &evaluation, attend: attend) else {
                    endResident()
                    evaluation.clear()
                    return
                }
                process.hasAnswered = true
                lastAnswered = inquiry.id
                return
            } catch {
                endResident { _ = attend() }
                // What went wrong may come from an earlier point; a point that takes too long is not asked twice.
                guard process.hasAnswered, error.reason != .timedOut else {
                    throw ProgramFailure(
                        error.reason, error.text, exitCode: error.exitCode, errors: process.errorTail.bytes)
                }
                evaluation.clear()
            }
        }
    }

    /// Answers to the last point that a process may give too many.
    private static let mostRepeats = 10

    /// Whether a process that has answered is ready for another point. Some more answers to the last point are passed
    /// over; after any other word that nobody asked for it is not.
    private func isFit(_ process: ProgramProcess, spare evaluation: inout Evaluation) -> Bool {
        defer { evaluation.clear() }
        var count = 0
        while let line = process.strayLine() {
            evaluation.clear()
            count += 1
            guard count < Self.mostRepeats, let stray = try? reader.read(line, into: &evaluation), stray.hello == nil,
                stray.point == lastAnswered
            else { return false }
        }
        return !process.hasStrayOutput && !process.hasClosedOutput
    }

    /// Sends the request and takes the answer.
    ///
    /// - Returns: whether there is one; `false` when it is not wanted any more.
    private func exchange(
        _ process: ProgramProcess, _ inquiry: borrowing Inquiry, into evaluation: inout Evaluation,
        attend: () -> Bool
    ) throws(ProgramFailure) -> Bool {
        let isFirst = !process.hasAnswered
        var limit = settings.timeLimit + (isFirst ? settings.startLimit : 0)
        var deadline = Time.monotonic() + limit
        var mayGreet = isFirst
        var repeats = 0
        process.send(place!.request.bytes)
        while true {
            switch process.nextLine(until: deadline, attend: attend) {
            case .unwanted: return false
            case .line(let line):
                hear(.answer, line)
                do throws(ProgramViolation) {
                    let message = try reader.read(line, into: &evaluation)
                    if message.hello != nil {
                        guard mayGreet else { throw ProgramViolation("a hello comes after the first line", in: line) }
                        mayGreet = false
                        // It has started.
                        limit = settings.timeLimit
                        deadline = Time.monotonic() + limit
                    } else if message.point == inquiry.id {
                        try keepSolution(of: message, in: &evaluation)
                        return true
                    } else if message.point == lastAnswered, repeats < Self.mostRepeats {
                        repeats += 1
                    } else {
                        throw ProgramViolation(
                            "point \(message.point!) is answered, and \(inquiry.id) was asked", in: line)
                    }
                    evaluation.clear()
                } catch {
                    throw ProgramFailure(.unreadableAnswer, error.description)
                }
            case .endOfOutput:
                guard let ending = process.endingSoon() else {
                    throw ProgramFailure(.unreadableAnswer, "the program closed its standard output")
                }
                throw ProgramFailure(
                    .crashed, "the program \(ending.words) instead of answering", exitCode: ending.code)
            case .tooLong: throw tooLong
            case .timedOut: throw timedOut(after: limit)
            }
        }
    }

    // MARK: one-shot

    /// Runs a process for the point.
    func askOnce(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: () -> Bool) throws {
        let place = place!
        let folder = place.folder
        folder.empty()
        try writeParent(of: inquiry)
        try FileContents.write(place.request.bytes, to: folder.requestFile)
        let process = try ProgramProcess(
            command.command(settings, scratch: place.scratch.path), input: .file(folder.requestFile),
            under: place.guardian)
        do {
            guard let ending = try ending(of: process, attend: attend) else {
                process.end(grace: Self.grace)
                return
            }
            process.clean()
            guard ending == .exited(0) else {
                throw ProgramFailure(.crashed, "the program \(ending.words)", exitCode: ending.code)
            }
            do throws(ProgramViolation) {
                let answer = try folder.read(folder.answerFile, limit: ProgramProcess.outputLimit) ?? process.allOutput
                guard !answer.isEmpty else { throw ProgramViolation("the program ended without an answer") }
                hear(.answer, answer)
                let message = try reader.read(answer, into: &evaluation)
                guard message.hello == nil, message.point == nil || message.point == inquiry.id else {
                    throw ProgramViolation("this does not answer point \(inquiry.id)", in: answer)
                }
                try keepSolution(of: message, in: &evaluation)
            } catch {
                throw ProgramFailure(.unreadableAnswer, error.description)
            }
        } catch let failure as ProgramFailure {
            process.end(grace: Self.grace) { _ = attend() }
            throw ProgramFailure(
                failure.reason, failure.text, exitCode: failure.exitCode, errors: process.errorTail.bytes)
        }
    }

    /// Waits for the end of a one-shot process; `nil` when the answer is not wanted any more.
    private func ending(of process: ProgramProcess, attend: () -> Bool) throws(ProgramFailure) -> ExitStatus? {
        let deadline = Time.monotonic() + settings.timeLimit
        switch process.waitForEndOfOutput(until: deadline, attend: attend) {
        case .unwanted: return nil
        case .tooLong: throw tooLong
        case .timedOut: throw timedOut(after: settings.timeLimit)
        case .endOfOutput, .line: break
        }
        if let ending = process.waitForEnding(until: deadline, attend: attend) { return ending }
        guard Time.monotonic() < deadline else { throw timedOut(after: settings.timeLimit) }
        return nil
    }

    private var tooLong: ProgramFailure {
        ProgramFailure(
            .unreadableAnswer,
            "the program wrote more than \(ProgramProcess.outputLimit >> 20) MiB to its standard output for one point")
    }

    private func timedOut(after limit: Double) -> ProgramFailure {
        let hint = settings.mode == .resident ? "; a resident program has to flush its output after each line" : ""
        return ProgramFailure(.timedOut, "no answer within \(limit) s\(hint)")
    }
}

extension ExitStatus {
    fileprivate var words: String {
        switch self {
        case .exited(let code): "ended with exit code \(code)"
        case .signalled(let signal): "was ended by signal \(signal)"
        }
    }
}
