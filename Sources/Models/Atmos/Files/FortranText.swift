internal import Foundation
internal import Glibc

/// A text file that a Fortran program wrote, by lines and fixed columns.
struct FortranText: Sendable {
    /// The file's name, for errors.
    let file: String
    let bytes: [UInt8]

    /// Where each line lies, without its end.
    let lines: [Range<Int>]

    /// Whether the last line has its end: a file cut short seldom has.
    let isComplete: Bool

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        isComplete = bytes.last == UInt8(ascii: "\n")
        var lines: [Range<Int>] = []
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                let end =
                    memchr(buffer.baseAddress! + start, 10, buffer.count - start)
                    .map { UnsafeRawPointer($0) - buffer.baseAddress! } ?? buffer.count
                lines.append(start..<end)
                start = end + 1
            }
        }
        self.lines = lines
    }

    init(_ text: String, file: String) { self.init(Array(text.utf8), file: file) }

    init(contentsOf path: String) throws(AtmosFileError) {
        self.init(try Self.read(path), file: path)
    }

    /// The bytes of the file at `path`.
    static func read(_ path: String) throws(AtmosFileError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            let reason = access(path, F_OK) == 0 ? "cannot be read" : "there is no such file"
            throw AtmosFileError(path, reason)
        }
    }

    var lineCount: Int { lines.count }

    /// The bytes of a line, from 0, without its end.
    subscript(line: Int) -> ArraySlice<UInt8> { bytes[lines[line]] }

    /// The part of a line in some columns, from 0; shorter or empty where the line is.
    func field(_ line: Int, _ columns: Range<Int>) -> ArraySlice<UInt8> {
        let whole = lines[line]
        let start = min(whole.upperBound, whole.lowerBound + columns.lowerBound)
        let end = min(whole.upperBound, whole.lowerBound + columns.upperBound)
        return bytes[start..<end]
    }

    /// The number in some columns of a line, from 0.
    func number(_ line: Int, _ columns: Range<Int>) throws(AtmosFileError) -> Double {
        let field = field(line, columns)
        guard let number = FortranNumber.parse(field) else {
            throw error(line, "columns \(columns.lowerBound + 1)-\(columns.upperBound) hold '\(field.text)', no number")
        }
        return number
    }

    /// The first line, from `start` on, that begins with `text` after blanks; `nil` when none does.
    func firstLine(_ text: StaticString, from start: Int = 0) -> Int? {
        (start..<max(start, lineCount)).first { begins($0, text) }
    }

    /// The last line that begins with `text` after blanks; `nil` when none does.
    func lastLine(_ text: StaticString) -> Int? {
        lines.indices.last { begins($0, text) }
    }

    /// Whether a line begins with `text` after blanks.
    func begins(_ line: Int, _ text: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var place = lines[line].lowerBound
            let end = lines[line].upperBound
            while place < end, buffer[place].isBlank { place += 1 }
            return end - place >= text.utf8CodeUnitCount
                && memcmp(buffer.baseAddress! + place, text.utf8Start, text.utf8CodeUnitCount) == 0
        }
    }

    func error(_ line: Int, _ message: String) -> AtmosFileError { AtmosFileError(file, line: line + 1, message) }
    func error(_ message: String) -> AtmosFileError { AtmosFileError(file, message) }
}
