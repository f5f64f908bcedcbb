internal import ArgumentParser

/// The program's exit codes. Those from 64 on are those of BSD's sysexits.h.
enum Exit: Int32, CaseIterable {
    /// The command succeeded; for `run`, the search is complete.
    case complete = 0
    /// The command worked and its answer is negative: the files of `compare` differ, as with diff(1), or the model failed
    /// at the point of `try`.
    case negative = 1
    /// The command line is wrong: an option, or the path of `--output`.
    case usage = 64
    /// The experiment file is wrong or does not belong to the results file, or an input is not a results file.
    case data = 65
    /// An input file is missing or unreadable.
    case noInput = 66
    /// An internal error, or more failed points than `--max-failures` allows.
    case software = 70
    /// The results could not be written.
    case inputOutput = 74
    /// Stopped with points left to evaluate: the same command resumes.
    case workLeft = 75

    /// The code as ArgumentParser's type, which can be thrown.
    var code: ExitCode { ExitCode(rawValue) }
}

/// An error that ends the program: a message for the user and an exit code.
struct Failure: Error, CustomStringConvertible {
    /// The exit code.
    let exit: Exit
    /// The message: where, what is wrong, what to do.
    let description: String

    init(_ exit: Exit, _ description: String) {
        self.exit = exit
        self.description = description
    }
}
