internal import HDF5
internal import TestSupport
internal import Testing

@Suite struct GroupTests {
    @Test("Members are listed in order of creation and by name, and are told apart")
    func members() throws {
        let scratch = try Scratch()
        do {
            let file = try scratch.makeFile()
            for name in ["zebra", "äpfel", "a name with blanks"] {
                try Dataset.create(name, in: file, text: name).close()
            }
            let group = try Group(creating: "group", in: file)
            _ = try Group(creating: "inner", in: group)
        }
        let file = try scratch.open()
        let root = try Group(opening: "/", in: file)
        #expect(try root.namesInOrder == ["zebra", "äpfel", "a name with blanks", "group"])
        #expect(try root.names == ["a name with blanks", "group", "zebra", "äpfel"])
        #expect(try root.contains("group") && !root.contains("inner") && root.contains("group/inner"))
        #expect(try root.isGroup("group") && !root.isGroup("zebra"))
        #expect(try Group(opening: "group", in: file).names == ["inner"])
    }

    @Test("A member is removed with what is in it, and its name is free again")
    func removing() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        do {
            let group = try Group(creating: "group", in: file)
            _ = try Dataset.create("text", in: group, text: "x")
        }
        let root = try Group(opening: "/", in: file)
        try root.remove("group")
        #expect(try root.names == [])
        #expect(throws: HDF5Error.self) { try root.remove("group") }
        _ = try Dataset.create("group", in: root, text: "now a text")
        #expect(try !root.isGroup("group"))
    }

    @Test("The members of an older format, without order of creation, are listed by name")
    func olderFormat() throws {
        let scratch = try Scratch()
        let file = try File(creating: scratch.path("b.h5"), try .archiveAccess(), try .fileCreation())
        for name in ["b", "a"] { _ = try Dataset.create(name, in: file, text: name) }
        let root = try Group(opening: "/", in: file)
        #expect(try root.namesInOrder == ["b", "a"], "the program's archives keep the order")
        #expect(try root.names == ["a", "b"])
    }
}
