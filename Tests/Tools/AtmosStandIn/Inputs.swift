/// A species of `species.dat`.
struct StandInSpecies {
    let name: String
    let kind: String
    var lowerBoundary = 0
    /// cm/s
    var depositionVelocity = 0.0
    /// The mixing ratio at the surface if ``lowerBoundary`` is 1.
    var fixedMixingRatio = 0.0
    /// molecules/cm2/s
    var flux = 0.0
}

/// Reads the inputs as a Fortran program does: values by position, separated by blanks.
enum Inputs {
    static func words(_ line: Substring) -> [Substring] { line.split { $0 == " " || $0 == "\t" } }

    /// Parses a number as list-directed input does; `nil` if it is not a number.
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
            func value(_ index: Int) throws -> Double {
                guard index < words.count, let value = number(words[index]) else {
                    throw Stop.runtimeError(
                        unit: 4, file: speciesFile, "Bad real number in item \(index + 1) of list input")
                }
                return value
            }
            if species.kind == "LL" {
                species.lowerBoundary = Int(try value(8))
                species.depositionVelocity = try value(9)
                species.fixedMixingRatio = try value(10)
                species.flux = try value(11)
                for index in 12..<16 { _ = try value(index) }
            } else if species.kind == "IN" {
                species.fixedMixingRatio = try value(8)
            }
            all.append(species)
        }
        return all
    }

    /// Returns the mixing ratios that `species.dat` fixes, which select the fault of a run.
    static func composition(of species: [StandInSpecies]) -> [String: Double] {
        var composition: [String: Double] = [:]
        for row in species where row.kind == "LL" && row.lowerBoundary == 1 {
            composition[row.name] = row.fixedMixingRatio
        }
        return composition
    }

    /// Reads the values of a file of `KEY= value` lines, by key.
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

    /// Reads the first `count` numbers of a file, in rows of any length.
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

    /// Reads the blocks of `in.dist`: numbers of 17 columns, `levels` lines per block.
    ///
    /// Returns one array for each column, shape (columns, levels).
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

    /// Parses a number in the format E17.8, where a three-digit exponent has no letter.
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
