internal import Glibc

/// Why a run ends prematurely.
enum Stop: Error {
    /// An error of the Fortran runtime: a message on standard error and exit code 2.
    case runtimeError(unit: Int, file: String, String)
    /// The program stops because of its inputs, with exit code 0.
    case quiet

    /// Ends the process.
    func end() -> Never {
        Console.flush()
        switch self {
        case .runtimeError(let unit, let file, let message):
            Console.error("At line 1 of file StandIn.f (unit = \(unit), file = '\(file)')\n")
            Console.error("Fortran runtime error: \(message)\n\nError termination. Backtrace:\n#0  0x0 in ???\n")
            exit(2)
        case .quiet: exit(0)
        }
    }
}
