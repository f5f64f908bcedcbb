internal import Atmospheres

extension String {
    /// The text with its digits and minus signs as superscripts: "-5" becomes "⁻⁵".
    var superscript: String {
        let raised: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
            "9": "⁹",
        ]
        return String(map { raised[$0] ?? $0 })
    }

    /// The text with the digits of known chemical formulas as subscripts: "CO2 at 2 bar" becomes "CO₂ at 2 bar".
    var withSubscripts: String {
        var (result, word) = ("", "")
        func end() {
            result += Gas(word) == nil ? word : String(word.map { $0.isASCII ? $0.asSubscript : $0 })
            word = ""
        }
        for character in self {
            if character.isLetter || character.isNumber {
                word.append(character)
            } else {
                end()
                result.append(character)
            }
        }
        end()
        return result
    }

    /// The text with exponents as powers of ten: "8.13e-08" becomes "8.13·10⁻⁸".
    var withPowers: String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            let bare = word.hasSuffix(",") ? word.dropLast() : word
            let parts = bare.split(separator: "e")
            guard parts.count == 2, Double(bare) != nil, let power = Int(parts[1]) else { return String(word) }
            return "\(parts[0])·10\("\(power)".superscript)" + (word.hasSuffix(",") ? "," : "")
        }.joined(separator: " ")
    }

    /// The text, a UDUNITS unit, with superscripts: "W m-2" becomes "W m⁻²".
    var printedUnit: String {
        split(separator: " ").map { part in
            let letters = part.prefix { !$0.isNumber && $0 != "-" }
            return letters.isEmpty ? String(part) : letters + String(part.dropFirst(letters.count)).superscript
        }.joined(separator: " ")
    }

    /// Returns the text, a name, with its unit in print: "surface temperature (K)".
    func labelled(with unit: String) -> String {
        unit.isEmpty ? withSubscripts : "\(withSubscripts) (\(unit.printedUnit))"
    }
}

extension Character {
    /// A digit as a subscript; any other character unchanged.
    fileprivate var asSubscript: Character {
        wholeNumberValue.flatMap { UnicodeScalar(0x2080 + UInt32($0)) }.map(Character.init) ?? self
    }
}
