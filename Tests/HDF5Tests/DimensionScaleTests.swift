internal import HDF5
internal import TestSupport
internal import Testing

@Suite struct DimensionScaleTests {
    @Test("A scale has a name and is the dimension that it was attached to")
    func scales() throws {
        let scratch = try Scratch()
        do {
            let file = try scratch.makeFile()
            let x = try makeRows("x", of: Int64.self, in: file)
            let y = try makeRows("y", of: Float.self, in: file)
            try x.makeScale("a long name, with blanks")
            try y.makeScale("y")
            let table = try makeRows("table", of: Double.self, trailing: [3], in: file)
            #expect(try !table.isScale && table.scaleName == nil)
            try table.attach(x, to: 0)
            try table.attach(y, to: 1)
        }
        let file = try scratch.open()
        let x = try Dataset(opening: "x", in: file)
        let y = try Dataset(opening: "y", in: file)
        let table = try Dataset(opening: "table", in: file)
        #expect(try x.isScale && x.scaleName == "a long name, with blanks" && y.scaleName == "y")
        #expect(try table.isAttached(x, to: 0) && table.isAttached(y, to: 1))
        #expect(try !table.isAttached(x, to: 1) && !table.isAttached(y, to: 0))
    }

    @Test("Attaching to a dimension that is not there is an error that says to what")
    func errors() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        let scale = try makeRows("x", of: Int64.self, in: file)
        try scale.makeScale("x")
        let rows = try makeRows("rows", of: Double.self, in: file)
        let error = #expect(throws: HDF5Error.self) { try rows.attach(scale, to: 1) }
        #expect(error?.action == "attaching the scale /x of a.h5 to /rows of a.h5")
    }
}
