internal import Glibc

/// The end of a run before its end.
enum Stop: Error {
    /// As the Fortran library ends a program: a message on the standard error output and exit code 2.
    case runtimeError(unit: Int, file: String, String)
    /// As a program ends itself when its inputs do not fit: exit code 0.
    case quiet

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
