internal import HDF5
internal import TestSupport
internal import Testing

@Suite struct AttributeTests {
    /// Values of every shape and type.
    private static let values: [(String, AttributeValue)] = [
        ("int8", .scalar(Int8(-7))), ("uint8", .scalar(UInt8(200))), ("int16", .scalar(Int16(-300))),
        ("int32", .scalar(Int32.min)), ("int64", .scalar(Int64.max)), ("float32", .scalar(Float(0.1))),
        ("float64", .scalar(0.1)), ("one", .list([Int8(1)])), ("many", .list([1.5, -2.5, .infinity])),
        ("empty", .text("")), ("text", .text("žluťoučký 金星\nsecond line")),
        ("long", .text(String(repeating: "x", count: 60_000))),
    ]

    @Test("Attributes of files, groups and datasets come back as they were, in order of creation")
    func roundTrip() throws {
        let scratch = try Scratch()
        do {
            let file = try scratch.makeFile()
            let group = try Group(creating: "group", in: file)
            let dataset = try makeRows("rows", of: Double.self, in: group)
            for (name, value) in Self.values {
                try file.setAttribute(name, value)
                try group.setAttribute(name, value)
                try dataset.setAttribute(name, value)
            }
        }
        let file = try scratch.open()
        let group = try Group(opening: "group", in: file)
        let dataset = try Dataset(opening: "group/rows", in: file)
        #expect(try file.attributeNames == Self.values.map(\.0))
        #expect(try group.attributeNames == Self.values.map(\.0))
        #expect(try dataset.attributeNames == Self.values.map(\.0))
        for (name, value) in Self.values {
            #expect(try file.attribute(name) == value, "\(name)")
            #expect(try group.attribute(name) == value, "\(name)")
            #expect(try dataset.attribute(name) == value, "\(name)")
        }
    }

    @Test("An attribute is replaced by one of another type, and removed")
    func replacing() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        try file.setAttribute("a", .text("before"))
        try file.setAttribute("a", .list([Int32(1), 2]))
        #expect(try file.attribute("a")?.numbers(as: Int32.self) == [1, 2])
        #expect(try file.attributeNames == ["a"])
        try file.removeAttribute("a")
        try file.removeAttribute("a")
        #expect(try !file.hasAttribute("a") && file.attribute("a") == nil)
    }

    @Test("A value is read as what it is and nothing else")
    func types() {
        let number = AttributeValue.scalar(Int32(5))
        #expect(number.text == nil && number.numbers(as: Int64.self) == nil && number.numbers() == [Int32(5)])
        #expect(number != .list([Int32(5)]) && number.elementType == .int32)
        let text = AttributeValue.text("5")
        #expect(text.text == "5" && text.numbers(as: UInt8.self) == nil && text.elementType == .character)
    }

    @Test("What is neither numbers nor text has no value: the references of dimension scales")
    func others() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        let scale = try makeRows("scale", of: Int64.self, in: file)
        try scale.makeScale("scale")
        let rows = try makeRows("rows", of: Double.self, in: file)
        try rows.attach(scale, to: 0)
        #expect(try rows.attributeNames == ["DIMENSION_LIST"])
        #expect(try rows.attribute("DIMENSION_LIST") == nil && rows.hasAttribute("DIMENSION_LIST"))
        #expect(try Set(scale.attributeNames) == Dataset.scaleAttributes.subtracting(["DIMENSION_LIST"]))
    }
}
