public import ArgumentParser
internal import Cairo
internal import Foundation
public import Reporting
internal import Results

struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Draws which atmospheres are stable: in the terminal, or as a picture for print.",
        discussion: """
            On two axes of the experiment. Points that differ on other axes lie behind one another: a slice picks one
            value of an axis (the nearest, or 'origin'), a projection says what stands for them (any stable, or all).
            The file may be live or left by a crash; it is not changed.

            EXAMPLES
              atmos-frontier map earthlike.h5
              atmos-frontier map earthlike.h5 --color surface_temperature --output map.png
              atmos-frontier map five.h5 --x CO2 --y CH4 --slice H2=origin --slice O2=0.21 --output map.svg
              atmos-frontier map five.h5 --x O2 --y H2 --project all
            """)

    @OptionGroup var input: ResultsInput

    @Option(help: ArgumentHelp("Gas of the horizontal axis; default: the first without a slice.", valueName: "gas"))
    var x: String?

    @Option(help: ArgumentHelp("Gas of the vertical axis; default: the next.", valueName: "gas"))
    var y: String?

    @Option(help: ArgumentHelp("Only points with this value, or 'origin'; repeatable.", valueName: "gas=value"))
    var slice: [String] = []

    @Option(help: "What stands for points behind one another: any (stable where any is) or all.")
    var project: MapRequest.Projection = .any

    @Option(help: ArgumentHelp("What colours: status, or a variable such as surface_temperature.", valueName: "name"))
    var color = "status"

    @Option(name: [.short, .long], help: ArgumentHelp("A picture instead: .png, .svg or .pdf.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Width of the picture in mm, 60 to 400.", valueName: "mm"))
    var width: Double = 120

    @Option(help: "Axes of a picture: auto (where the steps are more even), log or linear.")
    var scale: MapPicture.ScaleChoice = .auto

    @Flag(help: "Replace the picture if it exists.")
    var overwrite = false

    @Flag(help: "Characters without colours in the terminal.")
    var plain = false

    func validate() throws {
        guard width >= 60, width <= 400 else { throw ValidationError("--width is 60 to 400 mm.") }
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
                guard parts.count == 2 else { throw Failure(.usage, "--slice \(text): write GAS=VALUE or GAS=origin") }
                guard parts[1] == "origin" || Double(parts[1]).map({ $0.isFinite }) ?? false else {
                    throw Failure(
                        .usage, "--slice \(text): '\(parts[1])' is no mixing ratio; write a number or 'origin'")
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
            throw Failure(.usage, "--output \(path): ends in none of .png, .svg and .pdf; say which you want")
        }
        try OutputPath.check(path)
        guard overwrite || !FileManager.default.fileExists(atPath: path) else { throw OutputPath.exists(path) }
        let partial = path + ".partial"
        do {
            let picture = MapPicture(map, footer: URL(fileURLWithPath: input.file).lastPathComponent, scale: scale)
            try picture.draw(format, at: partial, width: width)
            guard rename(partial, path) == 0 else {
                throw Failure(.inputOutput, "renaming \(partial) to \(path): \(String(cString: strerror(errno)))")
            }
        } catch let error as CairoError {
            unlink(partial)
            throw Failure(.inputOutput, "\(error)")
        }
        print("\(path): \(map.pointCount) points")
    }
}

extension MapRequest.Projection: ExpressibleByArgument {}
extension MapPicture.ScaleChoice: ExpressibleByArgument {}
