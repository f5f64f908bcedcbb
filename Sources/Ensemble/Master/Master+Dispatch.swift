import Atmospheres
import DequeModule
import Exploration
import Messages

/// Which worker gets which points, and how many at a time.
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
        // An evaluation that ends before the search has looked ahead is better waited for.
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
            try frontier.ask(size) { id, position in
                batch.append(id, position)
                if description.usesParent, let parent = try parentSolution(for: id) { batch.setParent(parent) }
            }
            guard !batch.isEmpty else { return }
            for row in batch.rows { worker.outstanding.append(row.id) }
            // Its silence counts from now: it was idle.
            if worker.outstanding.count == batch.count { worker.lastHeard = now }
            ToWorker.evaluate.encode(with: batch, into: &buffer)
            try transport.send(buffer.span.bytes, to: rank)
            free.removeFirst()
            worker.isQueued = false
            queue(rank)
        }
    }

    /// Returns what the model kept of a point's parent; `nil` if it has none or the model kept nothing.
    private mutating func parentSolution(for id: PointID) throws -> Assignments.ParentSolution? {
        guard let parent = frontier.parent(id), let row = frontier.tag(parent) else { return nil }
        let solution = try solutions.solution(ofRow: Int(row)) { try recorder?.solution(ofRow: Int(row)) ?? [] }
        return solution.isEmpty ? nil : .init(position: frontier.position(parent), solution: solution)
    }

    /// Points in a batch: work for about the batch time, and no more than a fair share of the open points. Smaller
    /// batches, as long as they are worth a message, let this rank process results while the next ones are made.
    private var batchSize: Int {
        guard let cost else { return 1 }
        let wanted = min(settings.batchTime / max(cost, Self.shortestCost), Double(settings.largestBatch))
        if wanted < 2 { return 1 }
        let (open, ready) = (frontier.openCount, readyCount)
        let worthwhile = Int(min(Self.worthwhileTime / max(cost, Self.shortestCost), Double(open)))
        let share = min(
            open / (Self.fewestShares * ready), max(open / (Self.mostShares * ready), worthwhile))
        return max(1, min(Int(wanted), share))
    }

    /// Each ready worker's open points make at least this many batches, so that all stay busy until the next results.
    private static let fewestShares = 2
    /// They make this many if batches of that size are worth a message.
    private static let mostShares = 8

    /// s; keeps divisions by a measured cost of 0 finite.
    private static let shortestCost = 1e-9

    /// Returns whether a batch is worth a message now: a worker that still has points can wait until more are open.
    /// Otherwise small batches would open few points, which would make small batches again.
    private func isWorthwhile(_ size: Int, for worker: WorkerRecord) -> Bool {
        let outstanding = worker.outstanding.count
        return size >= settings.largestBatch || 2 * size >= outstanding
            || Double(size) * (cost ?? 0) >= Self.worthwhileTime
    }

    /// A fast worker may have this many points outstanding, however small its batches are.
    private static let fewPoints = 16

    /// s of work that a message has to carry: some twenty times what it costs.
    private static let worthwhileTime = 2e-5

    /// s; some ten times what looking ahead costs per point.
    private static let lookAheadCost = 1e-5

    private var readyCount: Int { max(1, transport.size - 1 - lostWorkers) }

    /// Returns whether a worker may have another batch: an idle one, or a fast one with one batch outstanding.
    private func hasRoom(_ worker: WorkerRecord) -> Bool {
        let outstanding = worker.outstanding.count
        if outstanding == 0 { return true }
        guard let cost else { return false }
        let batch = max(settings.batchTime, cost)
        return batch < settings.prefetchBelow && Double(outstanding) * cost < batch
            && outstanding <= max(settings.largestBatch, Self.fewPoints)
    }

    /// Queues a worker for a batch, if it may have one.
    mutating func queue(_ rank: Int) {
        let worker = workers[rank]
        guard worker.state == .ready, !worker.isQueued, hasRoom(worker) else { return }
        worker.isQueued = true
        // Idle workers come before those that have something to do.
        if worker.outstanding.isEmpty { free.prepend(rank) } else { free.append(rank) }
    }
}
