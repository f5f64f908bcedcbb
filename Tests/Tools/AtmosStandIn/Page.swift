internal import Foundation
internal import Glibc

/// A text file under way, in Fortran's formats.
struct Page {
    fileprivate(set) var bytes: [UInt8] = []

    mutating func line(_ text: String = "") {
        bytes += text.utf8
        bytes.append(10)
    }

    mutating func endLine() { bytes.append(10) }

    mutating func text(_ text: String) { bytes += text.utf8 }

    /// Text from the left in `width` columns.
    mutating func left(_ text: String, _ width: Int) {
        bytes += text.utf8
        for _ in 0..<max(0, width - text.utf8.count) { bytes.append(32) }
    }

    /// `1PEw.d`: 1.23E-05. An exponent of three digits takes the letter's place, or `exponentDigits` is 3.
    mutating func e(_ value: Double, _ width: Int, _ decimals: Int, exponentDigits: Int = 2) {
        scientific(value, width, figures: decimals + 1, leadingZero: false, exponentDigits)
    }

    /// `Ew.d`: 0.12345678E-05.
    mutating func e0(_ value: Double, _ width: Int, _ decimals: Int) {
        scientific(value, width, figures: decimals, leadingZero: true, 2)
    }

    /// `Fw.d`
    mutating func f(_ value: Double, _ width: Int, _ decimals: Int) {
        let text = withVaList([value]) { NSString(format: "%.\(decimals)f", arguments: $0) as String }
        right(value.isFinite ? text : "NaN", width)
    }

    /// Text from the right in `width` columns; stars when it is too long.
    mutating func right(_ text: String, _ width: Int) {
        let count = text.utf8.count
        if count > width {
            for _ in 0..<width { bytes.append(42) }
        } else {
            for _ in 0..<width - count { bytes.append(32) }
            bytes += text.utf8
        }
    }

    private mutating func scientific(
        _ value: Double, _ width: Int, figures: Int, leadingZero: Bool, _ exponentDigits: Int
    ) {
        guard value.isFinite else { return right(value.isNaN ? "NaN" : "Infinity", width) }
        var exponent = 0
        var digits = 0
        let size = abs(value)
        if size > 1e-290 {
            exponent = Int(log10(size).rounded(.down))
            digits = Int((size * pow(10, Double(figures - 1 - exponent))).rounded())
            let limit = Int(pow(10, Double(figures)).rounded())
            if digits >= limit {
                digits /= 10
                exponent += 1
            } else if digits < limit / 10 {
                exponent -= 1
                digits = Int((size * pow(10, Double(figures - 1 - exponent))).rounded())
            }
            if leadingZero { exponent += 1 }
        }
        var tail = String(abs(exponent))
        let sign = exponent < 0 ? "-" : "+"
        if tail.utf8.count <= exponentDigits {
            tail = "E" + sign + String(repeating: "0", count: exponentDigits - tail.utf8.count) + tail
        } else {
            tail = sign + tail
        }
        let written = String(digits)
        let padded = String(repeating: "0", count: figures - written.utf8.count) + written
        let head = leadingZero ? "0." + padded : padded.prefix(1) + "." + padded.dropFirst()
        right((value.sign == .minus ? "-" : "") + head + tail, width)
    }
}

/// Files as a Fortran program has them.
enum Files {
    /// Opens a file for writing as Fortran does: it is made when it is not there, and keeps its old content until
    /// something is written.
    static func open(_ path: String) {
        let file = Glibc.open(path, O_RDWR | O_CREAT, 0o644)
        if file >= 0 { close(file) }
    }

    static func write(_ page: Page, to path: String) throws {
        try page.bytes.withUnsafeBytes { buffer in
            let file = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
            guard file >= 0 else {
                throw Stop.runtimeError(unit: 18, file: path, "Cannot open file '\(path)': \(reason())")
            }
            defer { close(file) }
            var done = 0
            while done < buffer.count {
                let count = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
                guard count > 0 else { throw Stop.runtimeError(unit: 18, file: path, reason()) }
                done += count
            }
        }
    }

    /// The lines of a file.
    ///
    /// - Throws: the Fortran library's words when it is not there.
    static func lines(_ path: String, unit: Int) throws -> [Substring] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Stop.runtimeError(unit: unit, file: path, "Cannot open file '\(path)': No such file or directory")
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func reason() -> String { String(cString: strerror(errno)) }
}

extension Page {
    /// Forgets what is beyond `count` bytes.
    mutating func cut(to count: Int) { bytes.removeLast(max(0, bytes.count - count)) }
}
