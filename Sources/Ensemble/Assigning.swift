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
            let size = min(batchSize, largest)
            guard workers[rank].state == .ready, hasRoom(rank), isWorthwhile(size, for: rank) else {
                free.removeFirst()
                workers[rank].isQueued = false
                continue
            }
            batch.removeAll()
            while batch.count < size, let id = frontier.ask() {
                batch.append(id, frontier.point(id), start: try start(for: id))
            }
            guard !batch.isEmpty else { return }
            workers[rank].outstanding.append(contentsOf: batch.ids)
            // Its silence is counted from now: it was idle.
            if workers[rank].outstanding.count == batch.count { workers[rank].lastHeard = now }
            buffer.removeAll(keepingCapacity: true)
            ToWorker.encode(evaluate: batch, into: &buffer)
            try transport.send(buffer.span.bytes, to: rank)
            free.removeFirst()
            workers[rank].isQueued = false
            queue(rank)
        }
    }

    /// What the model kept of the point's parent, where it starts from that.
    private mutating func start(for id: PointID) throws -> Assignments.Start? {
        guard description.usesStart, let parent = frontier.parent(id), let row = frontier.row(parent) else {
            return nil
        }
        let solution = try solutions.solution(ofRow: row) { try recorder?.solution(ofRow: row) ?? [] }
        return solution.isEmpty ? nil : .init(parent: frontier.point(parent), solution: solution)
    }

    /// Points of a batch: about the batch time's worth, and no more than a fair share of what is open. Smaller ones,
    /// where they are worth a message, let this rank deal with results while the next are made.
    private var batchSize: Int {
        guard let cost else { return 1 }
        let (open, ready) = (frontier.openCount, max(readyCount, 1))
        let worthwhile = Int(min(Self.worthwhileTime / max(cost, 1e-9), Double(open)))
        let share = min(open / (2 * ready), max(open / (8 * ready), worthwhile))
        let wanted = min(settings.batchTime / max(cost, 1e-9), Double(settings.largestBatch))
        return max(1, min(Int(wanted), share))
    }

    /// Whether a batch is worth a message now: a worker that still has points can wait until more are open. Else small
    /// batches would open few points, which make small batches, for ever.
    private func isWorthwhile(_ size: Int, for rank: Int) -> Bool {
        let outstanding = workers[rank].outstanding.count
        return 2 * size >= outstanding || Double(size) * (cost ?? 0) >= Self.worthwhileTime
    }

    /// s; some fifty times what a message costs.
    private static let worthwhileTime = 5e-5

    /// s; some ten times what looking ahead takes for a point.
    private static let lookAheadCost = 1e-5

    private var readyCount: Int { max(1, transport.size - 1 - lostWorkers) }

    /// Whether a worker may have another batch: an idle one, or a fast one with one batch under way.
    private func hasRoom(_ rank: Int) -> Bool {
        let outstanding = workers[rank].outstanding.count
        if outstanding == 0 { return true }
        guard let cost else { return false }
        let batch = max(settings.batchTime, cost)
        return batch < settings.prefetchBelow && Double(outstanding) * cost < batch
            && outstanding <= settings.largestBatch
    }

    mutating func queue(_ rank: Int) {
        guard workers[rank].state == .ready, !workers[rank].isQueued, hasRoom(rank) else { return }
        workers[rank].isQueued = true
        // Idle workers before those that have something to do.
        if workers[rank].outstanding.isEmpty { free.prepend(rank) } else { free.append(rank) }
    }

    mutating func send(_ message: ToWorker, to rank: Int) throws {
        buffer.removeAll(keepingCapacity: true)
        message.encode(into: &buffer)
        try transport.send(buffer.span.bytes, to: rank)
    }
}
