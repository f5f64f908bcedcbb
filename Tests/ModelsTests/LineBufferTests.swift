import Testing

@testable import Models

@Suite struct LineBufferTests {
    private func taken(_ buffer: inout LineBuffer) -> [String] {
        var lines: [String] = []
        while let line = buffer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }

    @Test("Lines are the same however the stream is cut into pieces", arguments: 1...7)
    func pieces(size: Int) {
        let stream = Array("one\n\nthree is longer\nfour\nfive".utf8)
        var buffer = LineBuffer()
        var lines: [String] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            buffer.append(stream[start..<min(start + size, stream.count)])
            lines += taken(&buffer)
        }
        #expect(lines == ["one", "", "three is longer", "four"])
        #expect(buffer.takeUnfinishedLine() == Array("five".utf8))
        #expect(buffer.takeUnfinishedLine() == nil && buffer.rest.isEmpty)
    }

    @Test("What has not been taken is kept as it came")
    func rest() {
        var buffer = LineBuffer()
        buffer.append("one\ntwo\nthr".utf8)
        #expect(buffer.next() == Array("one".utf8))
        #expect(buffer.hasLine && buffer.rest.elementsEqual("two\nthr".utf8))
        #expect(buffer.takeUnfinishedLine() == nil, "a whole line comes first")
        #expect(buffer.next() == Array("two".utf8))
        #expect(!buffer.hasLine && buffer.rest.elementsEqual("thr".utf8))
        buffer.append("ee\n".utf8)
        #expect(taken(&buffer) == ["three"])
    }

    @Test("The end of a line beyond the limit is dropped, and the next line is read")
    func limit() {
        var buffer = LineBuffer(longestLine: 10)
        for _ in 0..<100 { buffer.append(repeatElement(UInt8(ascii: "x"), count: 1000)) }
        #expect(buffer.rest.count == 10)
        buffer.append("\nshort\n".utf8)
        #expect(taken(&buffer) == ["xxxxxxxxxx", "short"])
    }
}
