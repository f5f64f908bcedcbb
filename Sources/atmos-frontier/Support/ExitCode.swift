internal import ArgumentParser

/// The program's exit codes, after sysexits.h of BSD.
enum Exit: Int32 {
    /// The search is complete.
    case complete = 0
    /// `compare`: the files differ, as diff(1) says it.
    case different = 1
    /// The command line must be mended: an option, or what `--output` names.
    case usage = 64
    /// The experiment file must be mended, or does not fit the results file.
    case data = 65
    /// An input file is missing or unreadable.
    case noInput = 66
    /// An error of the program.
    case software = 70
    /// Results could not be written.
    case inputOutput = 74
    /// Stopped in order with work left: launch the same command again to go on.
    case workLeft = 75

    var code: ExitCode { ExitCode(rawValue) }
}

/// An error with a message for the person who started the program, and the exit code that goes with it.
struct Failure: Error, CustomStringConvertible {
    let exit: Exit
    let description: String

    init(_ exit: Exit, _ description: String) {
        self.exit = exit
        self.description = description
    }
}
