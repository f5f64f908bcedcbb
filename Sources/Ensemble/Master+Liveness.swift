import Atmospheres
import Exploration
import Logging
import Messages

/// Who is alive, and what becomes of the points of those who are not.
extension Master {
    mutating func check(now: Double) throws {
        if now >= nextHeartbeat {
            nextHeartbeat = now + settings.heartbeat
            for rank in workers.indices where workers[rank].state != .left { try send(.alive, to: rank) }
        }
        if case .leaving = phase { return }
        let limit = settings.workerTimeout ?? description.longestSilence + settings.workerGrace
        for rank in workers.indices where workers[rank].state == .ready || workers[rank].state == .preparing {
            let silence = heardUntil - workers[rank].lastHeard
            if silence > limit {
                try lose(rank, "silent for \(Int(silence)) s")
            } else if workers[rank].host == workers[transport.rank].host, settings.isGone(workers[rank].processID) {
                try lose(rank, "its process is gone")
            }
        }
        guard case .exploring = phase, ending == nil else { return }
        let left = workers.count { $0.state == .ready || $0.state == .preparing }
        if left == 0 { end(.noWorkers("every worker is lost"), now: now) }
        if left < settings.minWorkers { stop("too few workers: \(left) left, \(settings.minWorkers) wanted", now: now) }
    }

    mutating func lose(_ rank: Int, _ why: String) throws {
        guard workers[rank].state != .lost, workers[rank].state != .left else { return }
        let points = workers[rank].outstanding.count
        logger.warning("lost rank \(rank) on \(workers[rank].host): \(why); \(points) points go back")
        workers[rank].state = .lost
        lostWorkers += 1
        giveBack(rank)
        try endCheck(rank, isGood: false)
    }

    /// Puts back the points of a worker that is gone; a point that has lost too many workers is a failed one.
    mutating func giveBack(_ rank: Int) {
        // Rows are told in the order in which they are recorded.
        takeResults(now: heardUntil)
        while let id = workers[rank].outstanding.popFirst() {
            losses[id, default: 0] += 1
            if losses[id]! < settings.lossesPerPoint {
                frontier.forget([id])
                continue
            }
            var evaluation = Evaluation(of: description)
            evaluation.outcome = .failed
            evaluation.reason = .workerLost
            toRecord.append(id.number, evaluation, startedAt: .nan, wallTime: .nan)
            _ = settle(toRecord.count - 1..<toRecord.count, by: rank)
        }
    }
}
