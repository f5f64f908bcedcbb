/// A file of `KEY= value` lines, two blank-separated words each, after a header and up to a blank line.
///
/// The models read the values by their order, so lines keep their order, spacing and comments; values are replaced in
/// place.
struct KeyedInput: Sendable, Equatable {
    private let file: String
    private var lines: [[UInt8]]
    private let keyed: Range<Int>

    /// Reads a file.
    ///
    /// - Throws: an error if the file has no such lines.
    init(_ bytes: [UInt8], file: String) throws(AtmosFileError) {
        let text = FortranText(bytes, file: file)
        let isKeyed = (0..<text.lineCount).map { line in
            let words = text[line].words
            return words.count >= 2 && words[0].last == UInt8(ascii: "=")
        }
        guard let start = isKeyed.firstIndex(of: true) else {
            throw AtmosFileError(file, "has no line 'KEY= value' (a blank is needed between '=' and the value)")
        }
        keyed = start..<(isKeyed[start...].firstIndex(of: false) ?? isKeyed.count)
        lines = (0..<text.lineCount).map { Array(text[$0]) }
        self.file = file
    }

    /// The keys, in order.
    var keys: [String] { keyed.map { lines[$0][...].words[0].dropLast().text } }

    /// The contents of the file, with the values set so far.
    var bytes: [UInt8] { FortranText.bytes(of: lines) }

    /// Returns the value of a key.
    ///
    /// - Throws: an error if the file has no such key, or its value is not a number.
    func number(of key: String) throws(AtmosFileError) -> Double {
        let line = try line(of: key)
        guard let number = FortranNumber.parse(lines[line][...].words[1]) else {
            throw AtmosFileError(file, line: line + 1, "\(key) is '\(lines[line][...].words[1].text)', not a number")
        }
        return number
    }

    /// Replaces the value of a key.
    ///
    /// - Throws: an error if the file has no such key.
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
