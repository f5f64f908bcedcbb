internal import HDF5
internal import TestSupport
internal import Testing

/// A handle that is not released keeps its file open, and an open file cannot be created again.
@Suite struct HandleTests {
    /// Uses every kind of handle, and fails in every way that leaves one half made.
    private func use(_ scratch: Scratch) throws {
        let file = try scratch.makeFile()
        let group = try Group(creating: "group", in: file)
        let rows = try makeRows("rows", of: Double.self, in: group)
        let scale = try makeRows("scale", of: Int64.self, in: group)
        try scale.makeScale("scale")
        try rows.attach(scale, to: 0)
        try append([1.0, 2.0], to: rows)
        try rows.setAttribute("units", .text("K"))
        _ = try (rows.attribute("units"), rows.elementType, rows.chunk, rows.fill(.float64), rows.isGrowing)
        _ = try (scale.scaleName, group.names, group.namesInOrder, rows.attributeNames, group.isGroup("rows"))
        let text = try Dataset.create("text", in: group, text: "x")
        _ = try text.readText()
        for name in ["missing", "group"] {
            #expect(throws: HDF5Error.self) { _ = try Dataset(opening: name, in: file) }
        }
        #expect(throws: HDF5Error.self) { _ = try Group(opening: "group/rows", in: file) }
        #expect(throws: HDF5Error.self) { _ = try Group(creating: "group", in: file) }
        #expect(throws: HDF5Error.self) { _ = try rows.read(Double.self, rows: 0..<3) }
        #expect(throws: HDF5Error.self) { _ = try group.isGroup("missing") }
        try file.startSWMRWrite()
        #expect(throws: HDF5Error.self) { try rows.setAttribute("units", .text("1")) }
    }

    @Test("Every handle is released when it goes out of scope, after errors too")
    func release() throws {
        let scratch = try Scratch()
        for _ in 0..<20 { try use(scratch) }
        let held = try scratch.makeFile()
        #expect(throws: HDF5Error.self, "the file is open") { _ = try scratch.makeFile() }
        try held.close()
        try scratch.makeFile().close()
    }

    @Test("Threads may use the library at the same time")
    func threads() async throws {
        let scratch = try Scratch()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<8 {
                let path = scratch.path("\(task).h5")
                tasks.addTask {
                    for round in 0..<20 {
                        let file = try File(creating: path, try .fileAccess(), try .fileCreation())
                        let rows = try makeRows("rows", of: Int32.self, in: file)
                        try append(Array(repeating: Int32(task), count: 100 + round), to: rows)
                        #expect(try rows.read() == Array(repeating: Int32(task), count: 100 + round))
                        #expect(throws: HDF5Error.self) { _ = try Dataset(opening: "task \(task)", in: file) }
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }
}
