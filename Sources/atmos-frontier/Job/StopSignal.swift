internal import Glibc
internal import Synchronization

/// The signals that ask for an ordered stop.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

    /// Every rank, before MPI_Init: mpirun hands USR1 to all of them, and it must not end those that are not ready.
    static func prepare() { catchSignals([SIGUSR1]) }

    /// Rank 0: USR1 (a batch system's warning), TERM and INT ask for an ordered stop.
    static func catchOnMaster() {
        catchSignals([SIGUSR1, SIGTERM, SIGINT])
    }

    private static func catchSignals(_ numbers: [Int32]) {
        for number in numbers {
            signal(number) { StopSignal.received.store($0, ordering: .relaxed) }
        }
    }

    /// Workers: it is rank 0 that answers USR1.
    static func ignoreOnWorker() { signal(SIGUSR1, SIG_IGN) }

    /// The signal's name, once one has come.
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
