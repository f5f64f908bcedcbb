internal import Ensemble
internal import Messages

/// Rank 0's signs of life, at most one every 2 s, from the one thread it has.
final class Pulse {
    private static let interval = 2.0

    private let transport: MPITransport?
    private var next = -Double.infinity

    /// - Parameter transport: to the workers, where there are any.
    init(over transport: MPITransport? = nil) { self.transport = transport }

    /// To the launcher: from the master's loop, which speaks to the workers itself.
    func beat(now: Double) {
        guard now >= next else { return }
        next = now + Self.interval
        LauncherLink.touch()
    }

    /// To the launcher and the workers: from whatever keeps rank 0 from the master's loop for long.
    func beatForAll() {
        let now = Time.monotonic()
        guard now >= next else { return }
        beat(now: now)
        guard let transport else { return }
        var alive: [UInt8] = []
        ToWorker.alive.encode(into: &alive)
        // Who cannot be told leaves by itself.
        for rank in 1..<max(transport.size, 1) { try? transport.send(alive.span.bytes, to: rank) }
    }
}
