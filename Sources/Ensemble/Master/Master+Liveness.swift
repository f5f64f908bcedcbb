import Atmospheres
import Exploration
import Logging
import Messages

/// Which workers are alive, and what becomes of the points of those that are not.
extension Master {
    mutating func check(now: Double) throws {
        if now >= nextHeartbeat {
            nextHeartbeat = now + settings.heartbeat
            for rank in workers.indices where workers[rank].state != .left { try send(.alive, to: rank) }
        }
        if isLeaving { return }
        let limit = settings.workerTimeout ?? description.longestSilence + settings.workerGrace
        for rank in workers.indices where workers[rank].state == .ready || workers[rank].state == .preparing {
            let silence = heardUntil - workers[rank].lastHeard
            if silence > limit {
                try lose(rank, "silent for \(Int(silence)) s")
            } else if workers[rank].host == workers[transport.rank].host, settings.isGone(workers[rank].processID) {
                try lose(rank, "its process is gone")
            }
        }
        guard isExploring, ending == nil else { return }
        let left = workers.count { $0.state == .ready || $0.state == .preparing }
        if left == 0 { end(.noWorkers("every worker is lost"), now: now) }
        if left < settings.minWorkers { stop("too few workers: \(left) left, \(settings.minWorkers) wanted", now: now) }
    }

    mutating func lose(_ rank: Int, _ why: String) throws {
        guard workers[rank].state != .lost, workers[rank].state != .left else { return }
        let points = workers[rank].outstanding.count
        logger.warning("lost rank \(rank) on \(workers[rank].host): \(why); \(points) points are asked again")
        workers[rank].state = .lost
        lostWorkers += 1
        giveBack(rank)
        try endCheck(rank, isGood: false)
    }

    /// Puts back the points of a worker that is gone; a point that has lost too many workers counts as failed.
    mutating func giveBack(_ rank: Int) {
        // What came in before is settled before.
        settleResults(now: heardUntil)
        while let id = workers[rank].outstanding.popFirst() {
            losses[id, default: 0] += 1
            if losses[id]! < settings.lossesPerPoint {
                frontier.forget([id])
            } else {
                settleAsLost(id, by: rank)
            }
        }
    }
}
