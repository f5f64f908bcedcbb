internal import Foundation
internal import HDF5
internal import SeededRandom
internal import TestSupport
internal import Testing

@Suite(.namesSeeds) struct DatasetTests {
    @Test("Rows appended in chunks, rewritten and cut off at random are those of an array", arguments: [nil, 1, 9])
    func randomRows(level: Int?) throws {
        let scratch = try Scratch()
        var random = SeededGenerator(seed: Seeds.new)
        let width = Int.random(in: 1...5, using: &random)
        var expected: [Double] = []
        do {
            let file = try scratch.makeFile()
            let rows = try makeRows(
                "rows", of: Double.self, trailing: width == 1 ? [] : [width],
                chunkRows: Int.random(in: 1...40, using: &random),
                fill: -1, level: level, in: file)
            for _ in 0..<60 {
                let count = expected.count / width
                switch Int.random(in: 0..<4, using: &random) {
                case 0 where count > 0:
                    let first = Int.random(in: 0..<count, using: &random)
                    let range = first..<Int.random(in: first...count, using: &random)
                    let values = (0..<range.count * width).map { _ in Double.random(in: 0...1, using: &random) }
                    try rows.write(values.span.bytes, of: .float64, rows: range)
                    expected.replaceSubrange(range.lowerBound * width..<range.upperBound * width, with: values)
                case 1:
                    let length = Int.random(in: 0...count + 10, using: &random)
                    try rows.setCount(length)
                    expected = Array(expected.prefix(length * width))
                    expected += Array(repeating: -1, count: length * width - expected.count)
                default:
                    let values = (0..<Int.random(in: 0...50, using: &random) * width).map { _ in
                        Double.random(in: 0...1, using: &random)
                    }
                    try append(values, to: rows)
                    expected += values
                }
                #expect(try rows.read() == expected)
            }
        }
        let file = try scratch.open()
        let rows = try Dataset(opening: "rows", in: file)
        #expect(try rows.count == expected.count / width)
        #expect(try rows.read() == expected)
        let bytes = try rows.readBytes(of: .float64, rows: 0..<rows.count)
        #expect(expected.withUnsafeBytes { Array($0) } == bytes)
    }

    @Test("Compression makes even numbers small and changes none")
    func compression() throws {
        let scratch = try Scratch()
        let values = (0..<100_000).map { Double($0 / 100) }
        for (name, level) in [("plain.h5", nil), ("small.h5", 6)] as [(String, Int?)] {
            let file = try scratch.makeFile(name)
            try append(values, to: try makeRows("rows", of: Double.self, chunkRows: 10_000, level: level, in: file))
            try file.close()
        }
        let sizes = try ["plain.h5", "small.h5"].map { try Data(contentsOf: URL(filePath: scratch.path($0))).count }
        #expect(sizes[0] >= 800_000 && sizes[1] < sizes[0] / 20, "\(sizes)")
        #expect(try Dataset(opening: "rows", in: scratch.open("small.h5")).read() == values)
    }

    @Test("A dataset says how it is laid out")
    func layout() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        let rows = try makeRows("rows", of: Int16.self, trailing: [3, 2], chunkRows: 8, fill: -5, in: file)
        #expect(try rows.shape == [0, 3, 2] && rows.count == 0 && rows.trailing == [3, 2])
        #expect(try rows.chunk == [8, 3, 2] && rows.isGrowing && !rows.isScalar)
        #expect(try rows.elementType == .int16 && rows.fill(.int16) == .scalar(Int16(-5)))
        let fixed = try Dataset(
            creating: "fixed", in: file, try Datatype(.uint8), try Dataspace([4]), try .datasetCreation())
        #expect(try fixed.chunk == nil && !fixed.isGrowing && fixed.fill(.uint8) == .scalar(UInt8(0)))
        let text = try Dataset.create("text", in: file, text: "x")
        #expect(try text.isScalar && text.shape == [] && text.count == 1 && !text.isGrowing)
        #expect(try text.elementType == nil, "variable-length text has no element type")
        let names = try Dataset(
            creating: "names", in: file, try Datatype(.character), try Dataspace([2, 4]), try .datasetCreation())
        try names.write(characters: Array("abcdef\0\0".utf8))
        #expect(try names.elementType == .character && names.readCharacterTable() == ["abcd", "ef"])
    }

    @Test("HDF5 converts between number types, and text is not read as numbers")
    func conversion() throws {
        let scratch = try Scratch()
        let file = try scratch.makeFile()
        let rows = try makeRows("rows", of: Int32.self, in: file)
        try append([Int32(-1), 70_000, 5], to: rows)
        #expect(try rows.read(Double.self) == [-1, 70_000, 5])
        #expect(try rows.read(Int16.self) == [-1, .max, 5], "what does not fit is clipped")
        let error = #expect(throws: HDF5Error.self) { try rows.readText() }
        #expect(error?.kind == .refused)
    }
}
