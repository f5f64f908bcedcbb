import Atmospheres
import DequeModule
import Exploration
import Messages

/// Who gets which points, and how many at a time.
extension Master {
    mutating func dispatch(now: Double) throws {
        guard !free.isEmpty else { return }
        var largest = Int.max
        if let deadline {
            let room = deadline - settings.closingTime - now
            let slowest = recent.slowest
            guard room > slowest else {
                return drain("the deadline is near", until: deadline - settings.closingTime, now: now)
            }
            if slowest > 0 { largest = Int(min(room / slowest, 1e9)) }
        }
        // An evaluation that is over sooner than the search has looked ahead is waited for.
        frontier.allowLookAhead((cost ?? 1) > Self.lookAheadCost)
        while let rank = free.first {
            let worker = workers[rank]
            let size = min(batchSize, largest)
            guard worker.state == .ready, hasRoom(worker), isWorthwhile(size, for: worker) else {
                free.removeFirst()
                worker.isQueued = false
                continue
            }
            batch.removeAll()
            try frontier.ask(size) { id, point in
                batch.append(id, point)
                if description.usesParent, let parent = try parentSolution(for: id) { batch.setParent(parent) }
            }
            guard !batch.isEmpty else { return }
            for row in batch.rows { worker.outstanding.append(row.id) }
            // Its silence is counted from now: it was idle.
            if worker.outstanding.count == batch.count { worker.lastHeard = now }
            ToWorker.encode(evaluate: batch, into: &buffer)
            try transport.send(buffer.span.bytes, to: rank)
            free.removeFirst()
            worker.isQueued = false
            queue(rank)
        }
    }

    /// What the model kept of the point's parent, where it starts from that.
    private mutating func parentSolution(for id: PointID) throws -> Assignments.ParentSolution? {
        guard let parent = frontier.parent(id), let row = frontier.row(parent) else {
            return nil
        }
        let solution = try solutions.solution(ofRow: row) { try recorder?.solution(ofRow: row) ?? [] }
        return solution.isEmpty ? nil : .init(position: frontier.position(parent), solution: solution)
    }

    /// Points of a batch: about the batch time's worth, and no more than a fair share of what is open. Smaller ones,
    /// where they are worth a message, let this rank deal with results while the next are made.
    private var batchSize: Int {
        guard let cost else { return 1 }
        let wanted = min(settings.batchTime / max(cost, 1e-9), Double(settings.largestBatch))
        if wanted < 2 { return 1 }
        let (open, ready) = (frontier.openCount, readyCount)
        let worthwhile = Int(min(Self.worthwhileTime / max(cost, 1e-9), Double(open)))
        let share = min(open / (2 * ready), max(open / (8 * ready), worthwhile))
        return max(1, min(Int(wanted), share))
    }

    /// Whether a batch is worth a message now: a worker that still has points can wait until more are open. Else small
    /// batches would open few points, which make small batches, for ever.
    private func isWorthwhile(_ size: Int, for worker: WorkerRecord) -> Bool {
        let outstanding = worker.outstanding.count
        return size >= settings.largestBatch || 2 * size >= outstanding
            || Double(size) * (cost ?? 0) >= Self.worthwhileTime
    }

    /// A fast worker may have so many, in messages however small.
    private static let fewPoints = 16

    /// s; some twenty times what a message costs.
    private static let worthwhileTime = 2e-5

    /// s; some ten times what looking ahead takes for a point.
    private static let lookAheadCost = 1e-5

    private var readyCount: Int { max(1, transport.size - 1 - lostWorkers) }

    /// Whether a worker may have another batch: an idle one, or a fast one with one batch under way.
    private func hasRoom(_ worker: WorkerRecord) -> Bool {
        let outstanding = worker.outstanding.count
        if outstanding == 0 { return true }
        guard let cost else { return false }
        let batch = max(settings.batchTime, cost)
        return batch < settings.prefetchBelow && Double(outstanding) * cost < batch
            && outstanding <= max(settings.largestBatch, Self.fewPoints)
    }

    mutating func queue(_ rank: Int) {
        let worker = workers[rank]
        guard worker.state == .ready, !worker.isQueued, hasRoom(worker) else { return }
        worker.isQueued = true
        // Idle workers before those that have something to do.
        if worker.outstanding.isEmpty { free.prepend(rank) } else { free.append(rank) }
    }

    mutating func send(_ message: ToWorker, to rank: Int) throws {
        message.encode(into: &buffer)
        try transport.send(buffer.span.bytes, to: rank)
    }
}
