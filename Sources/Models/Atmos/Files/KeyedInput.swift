/// A file of `KEY= value` lines, read by position: two blank-separated words a line, after a header and up to a blank
/// line.
///
/// Lines keep their order, spacing and comments; values are replaced in place.
struct KeyedInput: Sendable, Equatable {
    private let file: String
    private var lines: [[UInt8]]
    private let keyed: Range<Int>

    /// - Throws: when the file has no such lines.
    init(_ bytes: [UInt8], file: String) throws(AtmosFileError) {
        let text = FortranText(bytes, file: file)
        let isKeyed = (0..<text.lineCount).map { line in
            let words = text[line].words
            return words.count >= 2 && words[0].last == UInt8(ascii: "=")
        }
        guard let start = isKeyed.firstIndex(of: true) else {
            throw AtmosFileError(file, "holds no line 'KEY= value'; there is a blank between '=' and the value")
        }
        keyed = start..<(isKeyed[start...].firstIndex(of: false) ?? isKeyed.count)
        lines = (0..<text.lineCount).map { Array(text[$0]) }
        self.file = file
    }

    /// The keys, in order.
    var keys: [String] { keyed.map { lines[$0][...].words[0].dropLast().text } }

    var bytes: [UInt8] {
        var all: [UInt8] = []
        for line in lines {
            all += line
            all.append(UInt8(ascii: "\n"))
        }
        return all
    }

    /// The value of a key, as it is written.
    ///
    /// - Throws: when the file has no such key.
    func value(of key: String) throws(AtmosFileError) -> String {
        lines[try line(of: key)][...].words[1].text
    }

    func number(of key: String) throws(AtmosFileError) -> Double {
        let line = try line(of: key)
        guard let number = FortranNumber.parse(lines[line][...].words[1]) else {
            throw AtmosFileError(file, line: line + 1, "\(key) is '\(lines[line][...].words[1].text)', no number")
        }
        return number
    }

    mutating func set(_ key: String, to value: String) throws(AtmosFileError) {
        let line = try line(of: key)
        let word = lines[line][...].words[1]
        lines[line].replaceSubrange(word.startIndex..<word.endIndex, with: Array(value.utf8))
    }

    private func line(of key: String) throws(AtmosFileError) -> Int {
        guard let line = keyed.first(where: { lines[$0][...].words[0].dropLast().elementsEqual(key.utf8) }) else {
            throw AtmosFileError(file, "has no '\(key)='; it has: \(keys.joined(separator: ", "))")
        }
        return line
    }
}
