internal import ArgumentParser
internal import Reporting
internal import Results

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Says which points of two results files differ, by how much, in what.",
        discussion: """
            Points are matched by the mixing ratios of the explored gases; what /run says (when, where) is not compared.
            Without --tolerance values are equal when they are the same to the last bit. Live and interrupted files
            are compared as far as they are.

            EXAMPLES
              atmos-frontier compare old-build.h5 new-build.h5
              atmos-frontier compare a.h5 b.h5 --tolerance surface_temperature=0.5

            EXIT CODES
              0 equal; 1 different; 64-66, 70 and 74 as for every command.
            """)

    @Argument(help: "A results file.", completion: .file(extensions: ["h5"]))
    var a: String

    @Argument(help: "Another.", completion: .file(extensions: ["h5"]))
    var b: String

    @Option(
        help: ArgumentHelp("Values this far apart count as equal, in the unit of the file.", valueName: "name=number"))
    var tolerance: [String] = []

    func run() throws {
        var tolerances: [String: Double] = [:]
        for text in tolerance {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let number = Double(parts[1]), number >= 0, number.isFinite else {
                throw Failure(.usage, "--tolerance \(text): write NAME=NUMBER, as in surface_temperature=0.5")
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
        guard comparison.isEqual else { throw Exit.different.code }
    }
}
