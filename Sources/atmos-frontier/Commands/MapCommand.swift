public import ArgumentParser
internal import Cairo
internal import Foundation
public import Reporting
internal import Results

struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Draws which atmospheres are stable, in the terminal or as a picture for print.",
        discussion: """
            The map shows two axes of the experiment. Points that differ only on other axes share a cell: a slice \
            (--slice) shows one value of an axis, the nearest to the one given or 'origin'; a projection (--project) \
            combines the points of a cell. The file may be live or left by a crash; it is not changed.

            EXAMPLES
              atmos-frontier map earthlike.h5
              atmos-frontier map earthlike.h5 --color surface_temperature --output map.png
              atmos-frontier map five.h5 --x CO2 --y CH4 --slice H2=origin \\
                --slice O2=0.21 --output map.svg
              atmos-frontier map five.h5 --x O2 --y H2 --project all
            """)

    @OptionGroup var input: ResultsInput

    @Option(help: ArgumentHelp("Gas on the horizontal axis (default: the first without a slice).", valueName: "gas"))
    var x: String?

    @Option(help: ArgumentHelp("Gas on the vertical axis (default: the next without a slice).", valueName: "gas"))
    var y: String?

    @Option(help: ArgumentHelp("Show only points with this value, or 'origin'; repeatable.", valueName: "gas=value"))
    var slice: [String] = []

    @Option(help: "Show a cell as stable where any of its points is, or all are.")
    var project: MapRequest.Projection = .any

    @Option(
        help: ArgumentHelp(
            "Colour stable cells by status, or by a variable such as surface_temperature.", valueName: "name"))
    var color = "status"

    @Option(
        name: [.short, .long], help: ArgumentHelp("Write a picture instead (.png, .svg or .pdf).", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Width of the picture in mm, 60 to 400.", valueName: "mm"))
    var width: Double = 120

    @Option(help: "Scale of a picture's axes; auto spaces the values more evenly.")
    var scale: MapPicture.ScaleChoice = .auto

    @Flag(help: "Replace the output if it exists.")
    var overwrite = false

    @Flag(help: "Draw without colours in the terminal.")
    var plain = false

    func validate() throws {
        guard width >= 60, width <= 400 else { throw ValidationError("--width \(width): expected 60 to 400 mm") }
    }

    func run() throws {
        let request = try request
        let reader = try input.open()
        let map = try ResultsInput.reading(input.file) {
            do {
                return try StabilityMap(of: reader, request)
            } catch let error as MapError {
                throw Failure(.usage, "\(error)")
            }
        }
        for note in map.notes { Log.message(note) }
        guard let output else { return show(map) }
        try draw(map, at: output)
    }

    private var request: MapRequest {
        get throws {
            var request = MapRequest()
            request.x = x
            request.y = y
            request.projection = project
            request.color = color
            for text in slice {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else {
                    throw Failure(.usage, "--slice \(text): expected GAS=VALUE or GAS=origin")
                }
                guard parts[1] == "origin" || Double(parts[1]).map({ $0.isFinite }) ?? false else {
                    throw Failure(
                        .usage, "--slice \(text): expected a mixing ratio or 'origin', found '\(parts[1])'")
                }
                request.slices.append(.init(gas: parts[0], value: Double(parts[1])))
            }
            return request
        }
    }

    private func show(_ map: StabilityMap) {
        var size = winsize()
        let isTerminal = isatty(1) == 1
        let isKnown = isTerminal && ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        // https://no-color.org
        let isColored = isTerminal && !plain && (LaunchEnvironment.variable("NO_COLOR") ?? "").isEmpty
        let picture = TerminalMap(
            map, columns: isKnown ? Int(size.ws_col) : 100, rows: isKnown ? Int(size.ws_row) : 40,
            isColored: isColored)
        print(picture.lines.joined(separator: "\n"))
    }

    private func draw(_ map: StabilityMap, at path: String) throws {
        let suffix = URL(fileURLWithPath: path).pathExtension.lowercased()
        guard let format = Canvas.FileFormat(rawValue: suffix) else {
            throw Failure(
                .usage, "--output \(path): unknown picture format; use a name that ends in .png, .svg or .pdf")
        }
        try OutputPath.check(path)
        guard overwrite || !FileManager.default.fileExists(atPath: path) else { throw OutputPath.exists(path) }
        let picture = MapPicture(map, footer: URL(fileURLWithPath: input.file).lastPathComponent, scale: scale)
        do {
            try Draft.write(path) { draft in try picture.draw(format, at: draft, width: width) }
        } catch {
            throw Failure(.inputOutput, "\(error)")
        }
        print("\(path): \(map.pointCount) points")
    }
}

extension MapRequest.Projection: ExpressibleByArgument {}
extension MapPicture.ScaleChoice: ExpressibleByArgument {}
