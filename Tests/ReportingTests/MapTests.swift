import Atmospheres
import Exploration
import Foundation
import Results
import TestSupport
import Testing

@testable import Cairo
@testable import Reporting

@Suite struct MapTests {
    private func map(_ change: (inout MapRequest) -> Void = { _ in }) throws -> StabilityMap {
        let scratch = try Scratch()
        try MadeUp.write(scratch.path("a.h5"))
        var request = MapRequest()
        change(&request)
        return try StabilityMap(of: try ResultsReader(at: scratch.path("a.h5")), request)
    }

    @Test("A slice shows the points with one value, and names it")
    func slice() throws {
        let map = try map { $0.slices = [.init(gas: "O2", value: 0.2)] }
        #expect(map.selection == ["O2 = 0.2"])
        #expect(map.pointCount == MadeUp.points.filter { $0[2] == 1 }.count)
        #expect(map.cellCounts.reduce(0) { $0 + $1.count } == map.pointCount)
        #expect(map.showsOrigin && map.x.gas == "CO2" && map.y.gas == "CH4")
        let (x, y) = (try #require(map.x.origin), try #require(map.y.origin))
        #expect(map.outcomes[y * map.x.values.count + x] == .stable)
        #expect(map.x.values[x] == MadeUp.lattice.axes[0].values[4])
    }

    @Test("A slice between two values uses the nearest, with a note; one beyond the axis is refused")
    func sliceBetween() throws {
        let near = try map { $0.slices = [.init(gas: "o2", value: 0.21)] }
        #expect(near.selection == ["O2 = 0.2"])
        #expect(near.notes.count == 1)
        #expect(try map { $0.slices = [.init(gas: "O2", value: nil)] }.outcomes == near.outcomes)
        #expect(throws: MapError.self) { try map { $0.slices = [.init(gas: "O2", value: 0.5)] } }
        #expect(throws: MapError.self) { try map { $0.slices = [.init(gas: "H2", value: 0.5)] } }
        #expect(throws: MapError.self) {
            try map {
                $0.x = "CO2"; $0.y = "CO2"
            }
        }
        #expect(throws: MapError.self) { try map { $0.color = "grid_index" } }
    }

    @Test(
        "A projected cell is stable when any of its points is, or when all are",
        arguments: MapRequest.Projection.allCases)
    func projection(projection: MapRequest.Projection) throws {
        let map = try map { $0.projection = projection }
        #expect(map.isProjection && map.selection.count == 1 && map.selection[0].contains(projection.rawValue))
        let columns = Dictionary(grouping: MadeUp.points) { [$0[0], $0[1]] }
        for (column, points) in columns {
            let stable = points.filter { MadeUp.outcome($0) == .stable }
            let x = try #require(map.x.values.firstIndex(of: MadeUp.lattice.axes[0].values[column[0]]))
            let y = try #require(map.y.values.firstIndex(of: MadeUp.lattice.axes[1].values[column[1]]))
            let isStable = projection == .any ? !stable.isEmpty : stable.count == points.count
            #expect((map.outcomes[y * map.x.values.count + x] == .stable) == isStable, "\(column)")
        }
        #expect(map.cellCounts.reduce(0) { $0 + $1.count } == columns.count)
    }

    @Test("The colour of a cell shows the mean over its stable points")
    func shade() throws {
        let map = try map { $0.color = "surface_temperature" }
        let shade = try #require(map.shade)
        #expect(shade.unit == "K" && shade.longName.contains("mean"))
        let points = MadeUp.points.filter { $0[0] == 4 && $0[1] == 5 && MadeUp.outcome($0) == .stable }
        let mean = points.reduce(0) { $0 + MadeUp.temperature($1) } / Double(points.count)
        let cell = try #require(map.y.origin) * map.x.values.count + #require(map.x.origin)
        #expect(map.values[cell] == mean)
        #expect(try #require(shade.range).contains(mean))
    }

    @Test("A terminal map has a line for each row, works without colours, and has a legend with counts")
    func terminal() throws {
        let map = try map { $0.slices = [.init(gas: "O2", value: nil)] }
        let plain = TerminalMap(map, columns: 80, rows: 40, isColored: false).lines
        #expect(!plain.joined().contains("\u{1B}"))
        #expect(plain.allSatisfy { $0.count <= 90 })
        for text in ["O2 = 0.2", "* origin", "o stable", "x unstable", "? not_converged", "! failed", "blank"] {
            #expect(plain.contains { $0.contains(text) }, "\(text) in \(plain.joined(separator: "\n"))")
        }
        let marks = plain.filter { $0.contains("|") || $0.contains("+") }.joined()
        #expect(marks.filter { $0 == "*" }.count == 1)
        let colored = TerminalMap(map, columns: 80, rows: 40, isColored: true).lines
        #expect(colored.joined().contains("\u{1B}[30;48;2;230;159;0mx\u{1B}[0m"), "orange, with its mark")
        let small = TerminalMap(map, columns: 80, rows: 12, isColored: false).lines
        #expect(small.count < plain.count)
    }

    @Test("Pictures of all formats and widths are drawn")
    func picture() throws {
        let scratch = try Scratch()
        // Set the variable to a folder to keep the pictures and look at them.
        let folder = ProcessInfo.processInfo.environment["ATMOS_FRONTIER_PICTURES"] ?? scratch.folder.path
        for color in ["status", "surface_temperature"] {
            let map = try map {
                $0.slices = [.init(gas: "O2", value: nil)]
                $0.color = color
            }
            for width in [85.0, 120, 180] {
                for format in Canvas.FileFormat.allCases {
                    let path = "\(folder)/marks-\(color)-\(Int(width)).\(format)"
                    try MapPicture(map, footer: "a.h5").draw(format, at: path, width: width)
                    #expect(try Data(contentsOf: URL(filePath: path)).count > 3000)
                }
            }
        }
    }

    @Test("In a dense picture every outcome is visible, and unexplored cells are transparent")
    func cells() throws {
        let map = try map { $0.slices = [.init(gas: "O2", value: nil)] }
        let raster = MapPicture(map, footer: "").cells(30, 20, least: 2)
        var seen: Set<UInt32> = []
        for row in 0..<20 { for column in 0..<30 { seen.insert(raster[column, row]) } }
        for (outcome, _) in map.cellCounts {
            let (red, green, blue) = Palette.color(of: outcome).bytes
            #expect(seen.contains(0xff00_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)), "\(outcome)")
        }
        #expect(seen.contains(0), "what was not explored stays blank")
    }
}
