internal import Glibc
internal import Synchronization

/// The signals that request an orderly stop.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

    /// Installs the handler of USR1 on every rank, before MPI_Init: mpirun forwards it to all of them, and by default it
    /// would kill those that are still starting.
    static func prepare() { catchSignals([SIGUSR1]) }

    /// Makes USR1 (a batch system's warning), TERM and INT request an orderly stop. For rank 0.
    static func catchOnMaster() {
        catchSignals([SIGUSR1, SIGTERM, SIGINT])
    }

    private static func catchSignals(_ numbers: [Int32]) {
        for number in numbers {
            signal(number) { StopSignal.received.store($0, ordering: .relaxed) }
        }
    }

    /// Ignores USR1. For workers: rank 0 handles it.
    static func ignoreOnWorker() { signal(SIGUSR1, SIG_IGN) }

    /// The name of the signal that was received; `nil` before.
    static var name: String? {
        switch received.load(ordering: .relaxed) {
        case 0: nil
        case SIGUSR1: "SIGUSR1"
        case SIGTERM: "SIGTERM"
        case SIGINT: "SIGINT"
        case let other: "signal \(other)"
        }
    }
}
