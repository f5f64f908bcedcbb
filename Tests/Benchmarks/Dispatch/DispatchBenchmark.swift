internal import Atmospheres
internal import Clocks
internal import Ensemble
internal import Exploration
internal import Glibc
internal import Models

/// The program's own master, workers and writer, with a model that costs nothing or a given time:
///
///     mpirun -n 2 DispatchBenchmark flood SIDE [DIMENSIONS] [batch=N] [file=PATH] [cost=SECONDS] [spin=SECONDS]
///     DispatchBenchmark simulate SEARCH DIMENSIONS POINTS WORKERS SECONDS [message=SECONDS] [point=SECONDS]
///
/// Prints names and numbers on one line, for `jobs/bench`.
@main
struct DispatchBenchmark {
    static func main() throws {
        var words = Array(CommandLine.arguments.dropFirst())
        var settings: [String: String] = [:]
        for word in words where word.contains("=") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            settings[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        words.removeAll { $0.contains("=") }
        switch words.first {
        case "flood": try FloodJob(words.dropFirst().compactMap { Int($0) }, settings).run()
        case "simulate":
            guard let simulation = try Simulation(Array(words.dropFirst()), settings) else { fallthrough }
            try simulation.run()
        default:
            complain("DispatchBenchmark: flood or simulate; see its source")
            exit(64)
        }
    }
}

/// Writes a line to standard error.
func complain(_ text: String) {
    let line = text + "\n"
    write(STDERR_FILENO, line, line.utf8.count)
}

/// Returns a lattice of `side` positions per axis.
func stableLattice(side: Int, dimensions: Int) throws -> Lattice {
    try Lattice(
        axes: (0..<dimensions).map { axis in
            Axis(
                Gas.known[axis], values: (0..<side).map { 0.1 * Double($0 + 1) / Double(side) }, origin: side / 2)
        })
}

/// A model that finds every point stable, at no cost or a given one.
struct FreeModel: AtmosphereModel {
    static let description = ModelDescription(
        name: "free", version: "1", references: [], respondsTo: [], quantities: [.surfaceTemperature])

    var description: ModelDescription { Self.description }
    /// Time to sleep, s.
    var sleep = 0.0
    /// Processor time to use, s.
    var work = 0.0

    mutating func evaluate(_ inquiry: borrowing Inquiry, into evaluation: inout Evaluation, attend: Attend) {
        if sleep > 0 {
            let end = Time.monotonic() + sleep
            while Time.monotonic() < end {
                var time = timespec(tv_sec: 0, tv_nsec: Int(min(max(end - Time.monotonic(), 0), 0.1) * 1e9))
                nanosleep(&time, nil)
                if !attend(Progress()) { return }
            }
        }
        if work > 0 {
            let end = Usage.ofThread() + work
            while Usage.ofThread() < end {}
        }
        evaluation.values[0] = 288
        evaluation.outcome = .stable
    }
}

enum Usage {
    /// Returns the processor time of this thread, s.
    static func ofThread() -> Double { seconds(CLOCK_THREAD_CPUTIME_ID) }

    /// Returns the processor time of this process, s.
    static func ofProcess() -> Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Returns the peak resident memory of this process, bytes.
    static func peakMemory() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}
