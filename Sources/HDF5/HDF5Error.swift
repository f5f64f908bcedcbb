/// An error in HDF5: what was being done to what, then the library's own words.
public struct HDF5Error: Error, Sendable, Equatable, CustomStringConvertible {
    /// Who reported the error.
    public enum Kind: Sendable {
        /// The library reported an error.
        case library
        /// The wrapper refused a call that the library would accept without carrying it out.
        case refused
    }

    /// Who reported the error.
    public let kind: Kind

    /// What was being done to what: "opening earthlike.h5".
    public let action: String

    /// The library's error stack, from the call that was made down to the cause.
    public let words: [String]

    init(_ kind: Kind, _ action: String, _ words: [String]) {
        self.kind = kind
        self.action = action
        self.words = words
    }

    /// The action, and what the operating system said, or else the library.
    public var description: String {
        if let systemError { return action + ": " + systemError }
        return words.isEmpty ? action + ": HDF5 gives no reason" : action + ": " + words.joined(separator: "; ")
    }

    /// What the operating system said, where the library quotes it: "No space left on device"; else `nil`.
    public var systemError: String? {
        for word in words {
            guard let begin = word.firstRange(of: "error message = '")?.upperBound,
                let end = word[begin...].firstIndex(of: "'")
            else { continue }
            return String(word[begin..<end])
        }
        return nil
    }
}
