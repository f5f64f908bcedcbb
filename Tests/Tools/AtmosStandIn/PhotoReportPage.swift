internal import Glibc

/// Writes the `out.out` of the made-up chemistry.
struct PhotoReportPage {
    private(set) var page = Page()
    let names: [String]

    private static let speciesInRow = 18
    /// The levels of the last table, counted from 0: the first four, then every second.
    private static let levels = [0, 1, 2] + stride(from: 3, to: FakeTree.levels, by: 2)

    init(names: [String]) { self.names = names }

    mutating func begin(state: [[Double]]) {
        page.line("   1      H2O      +  O1D       =    OH       +  OH")
        page.line("\n NQ=\(names.count)     NZ=\(FakeTree.levels)     KJAC=0")
        page.line("\n TIME = 0.00E+00     TIMEY = 0.00E+00 YEARS\n\n NPHOT =    0")
        mixingRatios(state, Array(stride(from: 0, to: FakeTree.levels, by: 4)))
    }

    mutating func progress(_ line: String) { page.line(line) }

    mutating func end(_ result: PhotoResult) {
        page.line("\n TIME = 7.87E+17     TIMEY = 2.50E+10 YEARS\n\n NPHOT =   27")
        mixingRatios(result.mixingRatios, Self.levels)
        page.text("\n OZONE COLUMN DEPTH = ")
        page.e(result.ozoneColumn, 11, 4)
        page.line("\n")
        fluxes(result)
        page.line("\n ATMOSPHERIC PARAMETERS")
    }

    private mutating func mixingRatios(_ values: [[Double]], _ levels: [Int]) {
        page.line("\n MIXING RATIOS OF LONG-LIVED SPECIES\n")
        for columns in rows {
            header(columns, gap: 1)
            for level in levels {
                page.text(" ")
                page.e(StateFile.height(level), 9, 2)
                for column in columns { page.e(values[column][level], 9, 2) }
                page.endLine()
            }
            page.line("\n TP, TL\n           0.00E+00\n           0.00E+00")
        }
    }

    private mutating func fluxes(_ result: PhotoResult) {
        page.line("\n FLUXES OF LONG-LIVED SPECIES\n")
        let heights = [0] + stride(from: 0, to: FakeTree.levels, by: 2).map { Double($0 + 1) * 5e4 } + [1e7]
        for columns in rows {
            header(columns, gap: 2)
            for height in heights {
                page.text(" ")
                page.e(height, 9, 2)
                for column in columns { page.e(result.fluxes[column] * (1 - height / 1e7), 10, 2) }
                page.endLine()
            }
        }
    }

    private var rows: [Range<Int>] {
        stride(from: 0, to: names.count, by: Self.speciesInRow).map { $0..<min($0 + Self.speciesInRow, names.count) }
    }

    private mutating func header(_ columns: Range<Int>, gap: Int) {
        page.text("\n     Z        ")
        for column in columns { page.left(names[column], 8 + gap) }
        page.endLine()
    }
}
