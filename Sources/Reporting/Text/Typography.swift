internal import Atmospheres
internal import Foundation

extension String {
    /// The text with its digits and signs raised: "-5" becomes "⁻⁵".
    var superscript: String {
        let raised: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
            "9": "⁹",
        ]
        return String(map { raised[$0] ?? $0 })
    }

    /// The text with the digits of known formulas lowered: "CO2 at 2 bar" becomes "CO₂ at 2 bar".
    var withSubscripts: String {
        var (result, word) = ("", "")
        func end() {
            result += Gas(word) == nil ? word : String(word.map { $0.isASCII ? $0.lowered : $0 })
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

    /// The text with numbers like "8.13e-08" as they are printed: "8.13·10⁻⁸".
    var withPowers: String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            let bare = word.hasSuffix(",") ? word.dropLast() : word
            let parts = bare.split(separator: "e")
            guard parts.count == 2, Double(bare) != nil, let power = Int(parts[1]) else { return String(word) }
            return "\(parts[0])·10\("\(power)".superscript)" + (word.hasSuffix(",") ? "," : "")
        }.joined(separator: " ")
    }

    /// A UDUNITS text as it is printed: "W m-2" becomes "W m⁻²".
    var printedUnit: String {
        split(separator: " ").map { part in
            let letters = part.prefix { !$0.isNumber && $0 != "-" }
            return letters.isEmpty ? String(part) : letters + String(part.dropFirst(letters.count)).superscript
        }.joined(separator: " ")
    }

    /// A name with its unit: "surface temperature (K)".
    func labelled(with unit: String) -> String {
        unit.isEmpty ? withSubscripts : "\(withSubscripts) (\(unit.printedUnit))"
    }
}

extension Character {
    fileprivate var lowered: Character {
        wholeNumberValue.flatMap { UnicodeScalar(0x2080 + UInt32($0)) }.map(Character.init) ?? self
    }
}

extension Int {
    /// The number with its thousands apart: "124,314".
    var grouped: String {
        var digits = String(abs(self))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }
}
