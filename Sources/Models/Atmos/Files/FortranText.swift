internal import Foundation
internal import Glibc

/// A text file written by a Fortran program, read by lines and fixed columns.
struct FortranText: Sendable {
    /// The file's name, for error messages.
    let file: String
    /// The contents of the file.
    let bytes: [UInt8]

    /// The range of each line in ``bytes``, without its line break.
    let lines: [Range<Int>]

    /// Whether the last line ends with a line break; that of a truncated file rarely does.
    let isComplete: Bool

    /// Splits the contents of a file into lines; `file` is its name, for error messages.
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

    /// Reads the file at `path`.
    init(contentsOf path: String) throws(AtmosFileError) {
        self.init(try Self.read(path), file: path)
    }

    /// Returns the contents of a file with these lines, each ended by a line feed.
    static func bytes(of lines: [[UInt8]]) -> [UInt8] { lines.flatMap { $0 + [UInt8(ascii: "\n")] } }

    /// Reads the file at `path`.
    ///
    /// - Throws: an error if the file is missing or unreadable.
    static func read(_ path: String) throws(AtmosFileError) -> [UInt8] {
        do {
            return Array(try Data(contentsOf: URL(filePath: path)))
        } catch {
            let reason = access(path, F_OK) == 0 ? "cannot be read" : "no such file"
            throw AtmosFileError(path, reason)
        }
    }

    /// The number of lines.
    var lineCount: Int { lines.count }

    /// The bytes of a line without its line break; lines count from 0.
    subscript(line: Int) -> ArraySlice<UInt8> { bytes[lines[line]] }

    /// Returns the part of a line in a range of columns, which count from 0; less where the line is shorter.
    func field(_ line: Int, _ columns: Range<Int>) -> ArraySlice<UInt8> {
        let whole = lines[line]
        let start = min(whole.upperBound, whole.lowerBound + columns.lowerBound)
        let end = min(whole.upperBound, whole.lowerBound + columns.upperBound)
        return bytes[start..<end]
    }

    /// Returns the number in a range of columns of a line, both counted from 0.
    ///
    /// - Throws: an error with the line and columns if there is no number.
    func number(_ line: Int, _ columns: Range<Int>) throws(AtmosFileError) -> Double {
        let field = field(line, columns)
        guard let number = FortranNumber.parse(field) else {
            throw error(
                line, "columns \(columns.lowerBound + 1)-\(columns.upperBound) hold '\(field.text)', not a number")
        }
        return number
    }

    /// Returns the first line, from `start` on, that begins with `text` after blanks; `nil` if none does.
    func firstLine(_ text: StaticString, from start: Int = 0) -> Int? {
        (start..<max(start, lineCount)).first { begins($0, text) }
    }

    /// Returns the last line that begins with `text` after blanks; `nil` if none does.
    func lastLine(_ text: StaticString) -> Int? {
        lines.indices.last { begins($0, text) }
    }

    /// Whether a line begins with `text` after blanks.
    func begins(_ line: Int, _ text: StaticString) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var start = lines[line].lowerBound
            let end = lines[line].upperBound
            while start < end, buffer[start].isBlank { start += 1 }
            return end - start >= text.utf8CodeUnitCount
                && memcmp(buffer.baseAddress! + start, text.utf8Start, text.utf8CodeUnitCount) == 0
        }
    }

    /// Returns an error about a line, counted from 0.
    func error(_ line: Int, _ message: String) -> AtmosFileError { AtmosFileError(file, line: line + 1, message) }
    /// Returns an error about the whole file.
    func error(_ message: String) -> AtmosFileError { AtmosFileError(file, message) }
}
