internal import Glibc

extension ArraySlice<UInt8> {
    /// The slice without blanks at both ends.
    var trimmingBlanks: ArraySlice<UInt8> {
        var slice = self
        while let byte = slice.first, byte.isBlank { slice = slice.dropFirst() }
        while let byte = slice.last, byte.isBlank { slice = slice.dropLast() }
        return slice
    }

    /// The blank-separated words, as slices of the same array.
    var words: [ArraySlice<UInt8>] { split(whereSeparator: \.isBlank) }

    /// The bytes as text.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// Returns the index at which `text` first occurs, from `start` on; `nil` if it does not occur.
    func index(of text: StaticString, from start: Int? = nil) -> Int? {
        let count = text.utf8CodeUnitCount
        return withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var offset = (start ?? startIndex) - startIndex
            while offset + count <= buffer.count,
                let found = memchr(base + offset, Int32(text.utf8Start.pointee), buffer.count - count + 1 - offset)
            {
                if memcmp(found, text.utf8Start, count) == 0 {
                    return startIndex + (UnsafeRawPointer(found) - UnsafeRawPointer(base))
                }
                offset = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
            }
            return nil
        }
    }

    /// Whether `text` occurs in the slice.
    func contains(_ text: StaticString) -> Bool { index(of: text) != nil }

    /// Returns what follows `label`, up to the label `next` or the end: a field of a progress line.
    func between(_ label: StaticString, _ next: StaticString?) -> ArraySlice<UInt8>? {
        guard let found = index(of: label) else { return nil }
        let start = found + label.utf8CodeUnitCount
        guard let next else { return self[start...] }
        guard let end = index(of: next, from: start) else { return nil }
        return self[start..<end]
    }

    /// Returns the number between two labels; see ``between(_:_:)``.
    func number(_ label: StaticString, _ next: StaticString?) -> Double? {
        between(label, next).flatMap(FortranNumber.parse)
    }
}

extension UInt8 {
    /// Whether Fortran's list-directed input treats the character as a blank: space, tab or carriage return.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r") }
}

extension String {
    /// Returns the text right-aligned in `width` columns.
    func padded(to width: Int) -> String { String(repeating: " ", count: max(0, width - utf8.count)) + self }
}
