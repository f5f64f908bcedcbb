internal import Atmospheres
internal import Ensemble
internal import Exploration
internal import Reporting

/// Reports where the job stands: every 10 s in a log, twice a second on a terminal.
struct ProgressReporter {
    private let interval = Log.isTerminal ? 0.5 : 10.0
    private var last: Double
    private var lastCount: Int?

    init(begin: Double) { last = begin }

    mutating func report(on master: Master, now: Double) {
        guard now - last >= interval else { return }
        let count = master.frontier.settledCount
        let line = ProgressLine(
            settled: Outcome.allCases.map { (outcome: $0, count: master.frontier.settledCount($0)) },
            open: master.frontier.openCount, pending: master.frontier.pendingCount, busyWorkers: master.busyWorkers,
            readyWorkers: master.readyWorkers, rate: Double(count - (lastCount ?? 0)) / (now - last),
            underWay: master.longestUnderWay)
        Log.progress("\(line)")
        last = now
        lastCount = count
    }
}
