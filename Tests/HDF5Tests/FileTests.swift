internal import HDF5
internal import TestSupport
internal import Testing

@Suite struct FileTests {
    @Test("Numbers of every type, texts and attributes come back as they were")
    func roundTrip() throws {
        let scratch = try Scratch()
        do {
            let file = try scratch.makeFile()
            try write([Int8.min, 0, 1, .max], file)
            try write([UInt8.min, 200, .max], file)
            try write([Int16.min, 0, .max], file)
            try write([Int32.min, 0, .max], file)
            try write([Int64.min, 0, .max], file)
            try write([Float(1.5), -.infinity, .pi], file)
            try write([Double(1.5), -.infinity, .pi], file)
            let text = try Dataset.create("text", in: file, text: "Žluťoučký 🐎")
            try text.setAttribute("empty", .text(""))
            try text.setAttribute("title", .text("金星"))
            try text.setAttribute("title", .text("земля"))
            try text.setAttribute("list", .list([Int32(1), 2, 3]))
            try file.close()
        }
        let file = try scratch.open()
        #expect(try read(file) == [Int8.min, 0, 1, .max])
        #expect(try read(file) == [UInt8.min, 200, .max])
        #expect(try read(file) == [Int16.min, 0, .max])
        #expect(try read(file) == [Int32.min, 0, .max])
        #expect(try read(file) == [Int64.min, 0, .max])
        #expect(try read(file) == [Float(1.5), -.infinity, .pi])
        #expect(try read(file) == [Double(1.5), -.infinity, .pi])
        let text = try Dataset(opening: "text", in: file)
        #expect(try text.readText() == "Žluťoučký 🐎")
        #expect(try text.attribute("empty")?.text == "")
        #expect(try text.attribute("title")?.text == "земля")
        #expect(try text.attribute("list") == .list([Int32(1), 2, 3]))
        #expect(try text.attribute("nothing") == nil)
        let names = ["float32", "float64", "int16", "int32", "int64", "int8", "text", "uint8"]
        #expect(try Group(opening: "/", in: file).names == names)
    }

    @Test("Rows are added, read in part, cut off, and read as the fill value before they are written")
    func rows() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        let creation = try PropertyList.datasetCreation(chunk: [4, 3])
        try creation.setFill(.scalar(Float.nan))
        let table = try Dataset(
            creating: "table", in: file, try Datatype(.float32), try Dataspace([0, 3], growing: true), creation)
        try table.setCount(5)
        let values: [Float] = [1, 2, 3, 4, 5, 6]
        try table.write(values.span.bytes, of: .float32, rows: 2..<4)
        #expect(try table.shape == [5, 3])
        #expect(try table.read(Double.self, rows: 2..<4) == [1, 2, 3, 4, 5, 6])
        #expect(try table.read(Float.self, rows: 4..<5).filter(\.isNaN).count == 3)
        try table.setCount(3)
        try table.setCount(4)
        #expect(try table.read(Float.self, rows: 2..<4).prefix(3) == [1, 2, 3])
        #expect(try table.read(Float.self, rows: 3..<4).filter(\.isNaN).count == 3)
    }

    @Test("Under SWMR nothing is created and no text is written, since HDF5 would not carry it out")
    func refusedUnderSWMR() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        let text = try Dataset.create("text", in: file, text: "before")
        let creation = try PropertyList.datasetCreation(chunk: [4])
        let rows = try Dataset(
            creating: "rows", in: file, try Datatype(.int8), try Dataspace([0], growing: true), creation)
        try file.startSWMRWrite()
        #expect(isRefused { () throws(HDF5Error) in try file.setAttribute("title", .text("x")) })
        #expect(isRefused { () throws(HDF5Error) in try rows.setAttribute("units", .text("1")) })
        #expect(isRefused { () throws(HDF5Error) in _ = try Group(creating: "group", in: file) })
        #expect(isRefused { () throws(HDF5Error) in _ = try Dataset.create("more", in: file, text: "x") })
        #expect(isRefused { () throws(HDF5Error) in try text.write(text: "after") })
        #expect(isRefused { () throws(HDF5Error) in try rows.makeScale("rows") })
        try rows.setCount(1)
        try rows.write([Int8(7)].span.bytes, of: .int8, rows: 0..<1)
        try file.flush()
        #expect(try rows.read() == [Int8(7)])
        #expect(try text.readText() == "before")
    }

    private func isRefused(_ attempt: () throws(HDF5Error) -> Void) -> Bool {
        do {
            try attempt()
            return false
        } catch {
            return error.kind == .refused
        }
    }

    private func write<T: Scalar>(_ values: [T], _ file: borrowing File) throws(HDF5Error) {
        let dataset = try Dataset(
            creating: T.elementType.rawValue, in: file, try Datatype(T.elementType), try Dataspace([values.count]),
            try .datasetCreation())
        try dataset.write(values)
    }

    private func read<T: Scalar>(_ file: borrowing File) throws(HDF5Error) -> [T] {
        let dataset = try Dataset(opening: T.elementType.rawValue, in: file)
        #expect(try dataset.elementType == T.elementType)
        return try dataset.read()
    }
}
