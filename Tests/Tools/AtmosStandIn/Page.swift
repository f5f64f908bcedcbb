internal import Foundation
internal import Glibc
internal import SystemPackage

/// Builds a text file in Fortran's formats.
struct Page {
    fileprivate(set) var bytes: [UInt8] = []

    mutating func line(_ text: String = "") {
        bytes += text.utf8
        bytes.append(10)
    }

    mutating func endLine() { bytes.append(10) }

    mutating func text(_ text: String) { bytes += text.utf8 }

    /// Appends text, left-aligned in `width` columns.
    mutating func left(_ text: String, _ width: Int) {
        bytes += text.utf8
        for _ in 0..<max(0, width - text.utf8.count) { bytes.append(32) }
    }

    /// Appends a number in the format `1PEw.d`: 1.23E-05. A three-digit exponent replaces the letter, unless
    /// `exponentDigits` is 3.
    mutating func e(_ value: Double, _ width: Int, _ decimals: Int, exponentDigits: Int = 2) {
        scientific(value, width, figures: decimals + 1, leadingZero: false, exponentDigits)
    }

    /// Appends a number in the format `Ew.d`: 0.12345678E-05.
    mutating func e0(_ value: Double, _ width: Int, _ decimals: Int) {
        scientific(value, width, figures: decimals, leadingZero: true, 2)
    }

    /// Appends a number in the format `Fw.d`.
    mutating func f(_ value: Double, _ width: Int, _ decimals: Int) {
        let text = withVaList([value]) { NSString(format: "%.\(decimals)f", arguments: $0) as String }
        right(value.isFinite ? text : "NaN", width)
    }

    /// Appends text, right-aligned in `width` columns; asterisks if it is too long.
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

/// Opens, writes and reads files as a Fortran program does.
enum Files {
    /// Opens a file for writing as Fortran does: creates it if it is missing, and keeps its contents until something is
    /// written.
    static func open(_ path: String) {
        try? FileDescriptor.open(FilePath(path), .readWrite, options: .create, permissions: permissions).close()
    }

    static func write(_ page: Page, to path: String) throws {
        do {
            let file = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate], permissions: permissions)
            try file.closeAfter { _ = try file.writeAll(page.bytes) }
        } catch {
            throw Stop.runtimeError(unit: 18, file: path, "Cannot write file '\(path)': \(error)")
        }
    }

    /// Reads the lines of a file.
    ///
    /// - Throws: the error of the Fortran runtime if the file is missing.
    static func lines(_ path: String, unit: Int) throws -> [Substring] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Stop.runtimeError(unit: unit, file: path, "Cannot open file '\(path)': No such file or directory")
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static let permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
}

extension Page {
    /// Truncates the file to `count` bytes.
    mutating func cut(to count: Int) { bytes.removeLast(max(0, bytes.count - count)) }
}
