internal import ArgumentParser
internal import Reporting
internal import Results

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compares two results files point by point.",
        discussion: """
            Points are matched by the mixing ratios of the explored gases. The group /run (when and where a point was \
            evaluated) is not compared. Without --tolerance, values must be bitwise identical. Of live and interrupted \
            files, the rows written so far are compared.

            EXAMPLES
              atmos-frontier compare old-build.h5 new-build.h5
              atmos-frontier compare a.h5 b.h5 --tolerance surface_temperature=0.5

            EXIT CODES
              0  the files are equal
              1  the files differ
              64-66, 70 and 74 as for every command
            """)

    @Argument(help: "A results file.", completion: .file(extensions: ["h5"]))
    var a: String

    @Argument(help: "Another results file.", completion: .file(extensions: ["h5"]))
    var b: String

    @Option(
        help: ArgumentHelp(
            "Largest difference of a variable that counts as equal, in the unit of the file; repeatable.",
            valueName: "name=number"))
    var tolerance: [String] = []

    func run() throws {
        var tolerances: [String: Double] = [:]
        for text in tolerance {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = Double(parts[1]), number >= 0, number.isFinite else {
                throw Failure(.usage, "--tolerance \(text): expected NAME=NUMBER, as in surface_temperature=0.5")
            }
            tolerances[parts[0]] = number
        }
        let readerOfA = try ResultsInput.open(a)
        let readerOfB = try ResultsInput.open(b)
        let comparison = try ResultsInput.reading("\(a) and \(b)") {
            do {
                return try Comparison(readerOfA, readerOfB, tolerances: tolerances)
            } catch let error as ComparisonError {
                throw Failure(.usage, "\(error)")
            }
        }
        print("A           \(a)\nB           \(b)")
        print(comparison.lines().joined(separator: "\n"))
        guard comparison.isEqual else { throw Exit.negative.code }
    }
}
