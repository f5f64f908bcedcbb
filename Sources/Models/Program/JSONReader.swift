/// Reads one JSON text (RFC 8259) from the front, value by value, without building a tree of it.
struct JSONReader {
    /// What is wrong with a text, and where.
    struct Problem: Error {
        let description: String
        /// Offset in bytes.
        let offset: Int
    }

    private let bytes: [UInt8]
    private var place = 0
    /// Whether the last thing read opened an object or an array, whose first member has no comma before it.
    private var hasJustOpened = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    // MARK: objects and arrays

    mutating func beginObject() throws(Problem) { try begin(UInt8(ascii: "{"), "an object, {...}") }

    /// The key of the next member, whose value is to be read next; `nil` at the end of the object.
    mutating func nextKey() throws(Problem) -> String? {
        guard try hasNext(before: UInt8(ascii: "}"), "'}'") else { return nil }
        guard next == UInt8(ascii: "\"") else { throw expected("a key in quotes") }
        let key = try string()
        skipSpace()
        guard next == UInt8(ascii: ":") else { throw expected("':' after the key '\(key)'") }
        place += 1
        return key
    }

    mutating func beginArray() throws(Problem) { try begin(UInt8(ascii: "["), "an array, [...]") }

    /// Whether another element follows, which is to be read next.
    mutating func nextElement() throws(Problem) -> Bool { try hasNext(before: UInt8(ascii: "]"), "']'") }

    /// - Throws: when anything but space follows.
    mutating func end() throws(Problem) {
        skipSpace()
        guard place == bytes.count else { throw expected("the end") }
    }

    private mutating func begin(_ byte: UInt8, _ name: String) throws(Problem) {
        skipSpace()
        guard next == byte else { throw expected(name) }
        place += 1
        hasJustOpened = true
    }

    private mutating func hasNext(before close: UInt8, _ name: String) throws(Problem) -> Bool {
        skipSpace()
        let isFirst = hasJustOpened
        hasJustOpened = false
        if next == close {
            place += 1
            return false
        }
        if !isFirst {
            guard next == UInt8(ascii: ",") else { throw expected("',' or \(name)") }
            place += 1
            skipSpace()
        }
        return true
    }

    // MARK: values

    /// What programs write for numbers that JSON has not.
    private static let nonFinite: [StaticString] = [
        "NaN", "nan", "Infinity", "inf", "-Infinity", "-inf", "-nan",
    ]

    /// A number; `nil` for null.
    mutating func number() throws(Problem) -> Double? {
        skipSpace()
        let start = place
        if take("null") { return nil }
        for word in Self.nonFinite where take(word) {
            throw Problem(
                description: "\(word) is no number in JSON; write null where there is no value", offset: start)
        }
        if next == UInt8(ascii: "-") { place += 1 }
        let firstDigit = place
        let whole = takeDigits()
        guard whole > 0 else {
            place = start
            throw expected("a number or null")
        }
        guard whole == 1 || bytes[firstDigit] != UInt8(ascii: "0") else {
            throw Problem(description: "a number begins with 0", offset: start)
        }
        if next == UInt8(ascii: ".") {
            place += 1
            guard takeDigits() > 0 else { throw expected("a digit") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            guard takeDigits() > 0 else { throw expected("a digit") }
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw Problem(description: "the number \(text.prefix(40)) is too large", offset: start)
        }
        return value
    }

    mutating func string() throws(Problem) -> String {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw expected("a text in quotes") }
        place += 1
        let start = place
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { place += 1 }
        if next == UInt8(ascii: "\"") {
            guard let text = String(validating: bytes[start..<place], as: UTF8.self) else { throw notUTF8(start) }
            place += 1
            return text
        }
        return try stringWithEscapes(from: start)
    }

    /// Reads past a value of any kind.
    mutating func skip() throws(Problem) { try skip(depth: 0) }

    private mutating func skip(depth: Int) throws(Problem) {
        skipSpace()
        guard depth < 100 else { throw expected("a value in less than 100 brackets") }
        switch next {
        case UInt8(ascii: "{"):
            try beginObject()
            while try nextKey() != nil { try skip(depth: depth + 1) }
        case UInt8(ascii: "["):
            try beginArray()
            while try nextElement() { try skip(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t") where take("true"): break
        case UInt8(ascii: "f") where take("false"): break
        default: _ = try number()
        }
    }

    // MARK: bytes

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard place + count <= bytes.count else { return false }
        for i in 0..<count where bytes[place + i] != word.utf8Start[i] { return false }
        place += count
        return true
    }

    private mutating func takeDigits() -> Int {
        let start = place
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { place += 1 }
        return place - start
    }

    private mutating func stringWithEscapes(from start: Int) throws(Problem) -> String {
        var text = Array(bytes[start..<place])
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw expected("no control character in a text") }
            place += 1
            if byte == UInt8(ascii: "\\") {
                text.append(contentsOf: try escaped())
            } else {
                text.append(byte)
            }
        }
        guard next != nil else { throw expected("a quote that ends the text") }
        place += 1
        guard let text = String(validating: text, as: UTF8.self) else { throw notUTF8(start) }
        return text
    }

    /// The UTF-8 of what follows a backslash.
    private mutating func escaped() throws(Problem) -> [UInt8] {
        guard let byte = next else { throw expected("an escape") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            var units = [try codeUnit()]
            // A character beyond 16 bits is a pair.
            if UTF16.isLeadSurrogate(units[0]), take("\\u") { units.append(try codeUnit()) }
            guard let text = String(validating: units, as: UTF16.self) else { throw expected("a whole character") }
            return Array(text.utf8)
        default: throw expected("one of \" \\ / b f n r t u after a backslash")
        }
    }

    private mutating func codeUnit() throws(Problem) -> UInt16 {
        guard place + 4 <= bytes.count,
            let text = String(validating: bytes[place..<place + 4], as: UTF8.self), text.allSatisfy(\.isHexDigit),
            let unit = UInt16(text, radix: 16)
        else { throw expected("four hexadecimal digits") }
        place += 4
        return unit
    }

    private func notUTF8(_ offset: Int) -> Problem { Problem(description: "the text is not UTF-8", offset: offset) }

    private func expected(_ what: String) -> Problem {
        let rest = bytes[place..<min(place + 12, bytes.count)]
        let found = rest.isEmpty ? "the end" : "'\(String(decoding: rest, as: UTF8.self))'"
        return Problem(description: "\(what) is expected, not \(found)", offset: place)
    }
}
