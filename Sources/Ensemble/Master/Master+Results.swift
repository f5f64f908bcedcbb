import Atmospheres
import Exploration
import Messages

/// From a result to the search.
extension Master {
    /// Tells the search the results that came in, and queues their workers for more.
    mutating func settleResults(now: Double) {
        if inbox.untold.isEmpty { return }
        workerWaits = false
        let new = inbox.untoldRows
        evaluationCount += new.count
        if let mean = recent.add(new, of: inbox.evaluations) {
            cost = cost.map { (1 - Self.newestWeight) * $0 + Self.newestWeight * mean } ?? mean
        }
        if let share = recent.failedShare, share > settings.failureLimit, ending == nil {
            end(.tooManyFailures(describeFailures(lastOf: new)), now: now)
        }
        for i in inbox.untold.indices { queue(inbox.untold[i].worker) }
        settleInbox()
    }

    /// Weight of the newest mean in the running mean of costs.
    private static let newestWeight = 0.2

    private mutating func settleInbox() {
        let settled = inbox.settle(in: frontier)
        guard description.usesParent else { return }
        for row in settled {
            solutions.keep(inbox.evaluations.solution(row), ofRow: inbox.provenance[row].row)
        }
    }

    /// Settles a point as failed: it has lost too many workers, `rank` last.
    mutating func settleAsLost(_ id: PointID, by rank: Int) {
        var evaluation = Evaluation(of: description)
        evaluation.outcome = .failed
        evaluation.reason = .workerLost
        inbox.take(id, evaluation, for: rank)
        settleInbox()
    }

    /// Describes too many failures, with the last one among these rows.
    private func describeFailures(lastOf rows: Range<Int>) -> String {
        let text = "\(recent.failedCount) of the last \(recent.count) evaluations failed"
        let evaluations = inbox.evaluations
        guard let last = rows.last(where: { evaluations.rows[$0].outcome == .failed }),
            let reason = description.allReasons.first(where: { $0.code == evaluations.rows[last].reason })?.name
        else { return text }
        let log = String(decoding: evaluations.log(last).prefix(Self.quotedLogLength), as: UTF8.self)
        return text + ", the last one with " + (log.isEmpty ? reason : "\(reason): \(log.prefix { !$0.isNewline })")
    }

    /// Bytes of a log of which the first line is quoted.
    private static let quotedLogLength = 400
}
