internal import Clocks
internal import Ensemble
internal import Messages

/// Rank 0's heartbeats, at most one every 2 s, from its only thread.
final class Heartbeat {
    private static let interval = 2.0

    private let transport: MPITransport?
    private var next = -Double.infinity

    /// - Parameter transport: to the workers; `nil` when there are none.
    init(over transport: MPITransport? = nil) { self.transport = transport }

    /// Tells the launcher that rank 0 is alive. For the master's loop, which sends its own heartbeats to workers.
    func beat(now: Double) {
        guard now >= next else { return }
        next = now + Self.interval
        LauncherLink.touch()
    }

    /// Tells the launcher and the workers. For long operations during which the master's loop does not run.
    func beatForAll() {
        let now = Time.monotonic()
        guard now >= next else { return }
        beat(now: now)
        guard let transport else { return }
        var alive: [UInt8] = []
        ToWorker.alive.encode(into: &alive)
        // A worker that cannot be reached leaves when it has heard nothing for its limit.
        for rank in 1..<max(transport.size, 1) { try? transport.send(alive.span.bytes, to: rank) }
    }
}
