/// A species of `species.dat`.
struct StandInSpecies {
    let name: String
    let kind: String
    var lowerBoundary = 0
    /// cm/s
    var depositionVelocity = 0.0
    /// The mixing ratio at the surface where ``lowerBoundary`` is 1.
    var fixedMixingRatio = 0.0
    /// molecules/cm2/s
    var flux = 0.0
}

/// Reading the inputs as a Fortran program does: values by position, blanks between them.
enum Inputs {
    static func words(_ line: Substring) -> [Substring] { line.split { $0 == " " || $0 == "\t" } }

    /// A number as list-directed input takes it; `nil` for what is none.
    static func number(_ word: Substring) -> Double? {
        Double(word.last == "." ? word + "0" : word.replacing(".E", with: ".0E").replacing(".e", with: ".0e")[...])
    }

    static let speciesFile = "PHOTOCHEM/INPUTFILES/species.dat"

    static func species() throws -> [StandInSpecies] {
        var all: [StandInSpecies] = []
        for line in try Files.lines(speciesFile, unit: 4) {
            let words = words(line)
            guard words.count >= 2, !words[0].contains("*") else { continue }
            var species = StandInSpecies(name: String(words[0]), kind: String(words[1]))
            func value(_ place: Int) throws -> Double {
                guard place < words.count, let value = number(words[place]) else {
                    throw Stop.runtimeError(
                        unit: 4, file: speciesFile, "Bad real number in item \(place + 1) of list input")
                }
                return value
            }
            if species.kind == "LL" {
                species.lowerBoundary = Int(try value(8))
                species.depositionVelocity = try value(9)
                species.fixedMixingRatio = try value(10)
                species.flux = try value(11)
                for place in 12..<16 { _ = try value(place) }
            } else if species.kind == "IN" {
                species.fixedMixingRatio = try value(8)
            }
            all.append(species)
        }
        return all
    }

    /// The mixing ratios that `species.dat` fixes, by which a run chooses its fault.
    static func composition(of species: [StandInSpecies]) -> [String: Double] {
        var composition: [String: Double] = [:]
        for row in species where row.kind == "LL" && row.lowerBoundary == 1 {
            composition[row.name] = row.fixedMixingRatio
        }
        return composition
    }

    /// The values of a file of `KEY= value` lines, by key.
    static func keyed(_ path: String, unit: Int) throws -> [String: Substring] {
        var values: [String: Substring] = [:]
        var begun = false
        for line in try Files.lines(path, unit: unit) {
            let words = words(line)
            let isKeyed = words.count >= 2 && words[0].hasSuffix("=")
            if begun, !isKeyed { break }
            guard isKeyed else { continue }
            begun = true
            values[String(words[0].dropLast())] = words[1]
        }
        return values
    }

    /// The numbers of a file, of which there must be `count`, in rows of any length.
    static func numbers(_ path: String, unit: Int, count: Int) throws -> [Double] {
        var numbers: [Double] = []
        numbers.reserveCapacity(count)
        for line in try Files.lines(path, unit: unit) {
            for word in words(line) {
                guard let value = number(word) else {
                    throw Stop.runtimeError(unit: unit, file: path, "Bad real number in item 1 of list input")
                }
                numbers.append(value)
            }
            if numbers.count >= count { return numbers }
        }
        throw Stop.runtimeError(unit: unit, file: path, "End of file")
    }

    /// Blocks of `in.dist`: numbers of 17 columns, `levels` lines a block.
    ///
    /// - Returns: one array for each column, (column, level).
    static func state(_ path: String, species: Int, levels: Int) throws -> [[Double]] {
        let lines = try Files.lines(path, unit: 17)
        let widths = stride(from: 0, to: species, by: 10).map { min(10, species - $0) } + [5, 6]
        var state: [[Double]] = []
        var line = 0
        for width in widths {
            var block = [[Double]](repeating: [], count: width)
            for _ in 0..<levels {
                guard line < lines.count, lines[line].utf8.count >= 17 * width else {
                    throw Stop.runtimeError(unit: 17, file: path, "End of file")
                }
                let text = lines[line].utf8
                var start = text.startIndex
                for column in 0..<width {
                    let end = text.index(start, offsetBy: 17)
                    block[column].append(fixed(Substring(text[start..<end])))
                    start = end
                }
                line += 1
            }
            state += block
        }
        return state
    }

    /// A number of `E17.8`, whose three-digit exponent has no letter; NaN for NaN.
    private static func fixed(_ field: Substring) -> Double {
        let text = field.drop { $0 == " " }
        if let value = Double(text) { return value }
        guard let sign = text.dropFirst().lastIndex(where: { $0 == "-" || $0 == "+" }) else { return .nan }
        return Double(text[..<sign] + "E" + text[sign...]) ?? .nan
    }
}

/// The planet: `PLANET.dat`, values by line.
struct StandInPlanet {
    let gravity: Double
    let argon: Double
    /// bar
    let dryPressure: Double

    init() throws {
        let path = "PHOTOCHEM/INPUTFILES/PLANET.dat"
        let lines = try Files.lines(path, unit: 7)
        func value(_ line: Int) throws -> Double {
            guard line < lines.count else { throw Stop.runtimeError(unit: 7, file: path, "End of file") }
            guard let value = Inputs.words(lines[line].prefix(8)).first.flatMap(Inputs.number) else {
                throw Stop.runtimeError(unit: 7, file: path, "Bad value during floating point read")
            }
            return value
        }
        gravity = try value(0)
        argon = try value(4)
        dryPressure = try value(6)
    }
}
