/// The state of the chemistry: `in.dist` and `out.dist`.
///
/// Levels are in order from the surface up. A file that is read and written again is the same to the byte: it has eight
/// digits of each number.
struct DistFile: Sendable, Equatable {
    /// The shape that a compiled program reads and writes.
    struct Shape: Sendable, Equatable {
        /// The number of long-lived species: NQ.
        let species: Int
        /// The number of levels: NZ.
        let levels: Int

        /// Creates a shape.
        init(species: Int, levels: Int = 200) {
            self.species = species
            self.levels = levels
        }

        /// The number of lines: species are in blocks of ten columns; temperature and the like, and the particles, have
        /// one block each.
        var lineCount: Int { levels * ((species + 9) / 10 + 2) }
    }

    /// The condition of a file, as far as it can be told without interpreting the numbers.
    enum Condition: Sendable, Equatable {
        /// The file has the shape, and its numbers are finite.
        case good
        /// There is no file.
        case missing
        /// The number of lines is not that of the shape, or a line is truncated.
        case incomplete(lines: Int, expected: Int)
        /// The line, counted from 1, has a NaN, an infinity, or a value too wide for its field.
        case notFinite(line: Int)
    }

    /// The number of columns of each number.
    private static let width = 17
    private static let digits = 8

    /// The number of species and levels.
    let shape: Shape

    /// Mixing ratios, shape (species, levels), species in the order of the species table.
    private(set) var mixingRatios: [[Double]]
    /// Temperature of each level, K.
    private(set) var temperature: [Double]
    /// Eddy diffusion coefficient of each level, cm2/s.
    private(set) var eddyDiffusion: [Double]
    /// Number density of each level, molecules/cm3.
    private(set) var numberDensity: [Double]
    /// Ozone mixing ratio.
    private(set) var ozone: [Double]
    /// Number density of carbon dioxide, molecules/cm3.
    private(set) var carbonDioxideDensity: [Double]
    /// Concentrations, fall speeds and radii of the particle types, shape (quantities, levels).
    private(set) var particles: [[Double]]

    /// Returns the condition of a file, given its contents; `nil` for a missing file.
    static func condition(of bytes: [UInt8]?, shape: Shape) -> Condition {
        guard let bytes else { return .missing }
        let text = FortranText(bytes, file: "out.dist")
        for (line, range) in text.lines.enumerated() {
            // Finite numbers consist of digits, signs, points, the exponent letter and blanks.
            let isFinite = bytes[range].allSatisfy { byte in
                byte <= UInt8(ascii: "9") && byte != UInt8(ascii: "*") || byte == UInt8(ascii: "E")
            }
            guard isFinite else { return .notFinite(line: line + 1) }
        }
        let isWhole =
            text.isComplete && text.lineCount == shape.lineCount
            && (0..<text.lineCount).allSatisfy { line in
                let columns = text[line].count / width
                return text[line].count % width == 0 && columns > 0
                    && shape.columns(line).map { $0 == columns } != false
            }
        return isWhole ? .good : .incomplete(lines: text.lineCount, expected: shape.lineCount)
    }

    /// Reads a state.
    ///
    /// - Throws: an error if the file does not have the shape, or a number is not finite.
    init(
        _ bytes: [UInt8], shape: Shape, file: String = "out.dist"
    ) throws(AtmosFileError) {
        switch Self.condition(of: bytes, shape: shape) {
        case .good: break
        case .notFinite(let line): throw AtmosFileError(file, line: line, "has a number that is not finite")
        case .incomplete(let lines, let expected) where lines != expected:
            throw AtmosFileError(file, "has \(lines) lines, not \(expected)")
        default: throw AtmosFileError(file, "has a truncated line")
        }
        let text = FortranText(bytes, file: file)
        let levels = shape.levels
        var mixingRatios: [[Double]] = []
        var line = 0
        while mixingRatios.count < shape.species {
            mixingRatios += try Self.block(text, line, levels, min(10, shape.species - mixingRatios.count))
            line += levels
        }
        let state = try Self.block(text, line, levels, 5)
        self.shape = shape
        self.mixingRatios = mixingRatios
        temperature = state[0]
        eddyDiffusion = state[1]
        numberDensity = state[2]
        ozone = state[3]
        carbonDioxideDensity = state[4]
        particles = try Self.block(text, line + levels, levels, text[line + levels].count / Self.width)
    }

    /// All columns, in the order of the file: species, temperature and the like, particles.
    var columns: [[Double]] {
        mixingRatios + [temperature, eddyDiffusion, numberDensity, ozone, carbonDioxideDensity] + particles
    }

    /// Creates a state of columns in the order of ``columns``: the species, five of the atmosphere, the particles.
    init(columns: [[Double]], shape: Shape) {
        precondition(columns.count >= shape.species + 5 && columns.allSatisfy { $0.count == shape.levels })
        self.shape = shape
        let others = columns[shape.species...]
        mixingRatios = Array(columns[..<shape.species])
        temperature = others[shape.species]
        eddyDiffusion = others[shape.species + 1]
        numberDensity = others[shape.species + 2]
        ozone = others[shape.species + 3]
        carbonDioxideDensity = others[shape.species + 4]
        particles = Array(others.dropFirst(5))
    }

    /// The contents of the file.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((shape.species + 5 + particles.count) * shape.levels * (Self.width + 1))
        func append(_ columns: ArraySlice<[Double]>) {
            for level in 0..<shape.levels {
                for column in columns {
                    FortranNumber.append(column[level], digits: Self.digits, width: Self.width, to: &bytes)
                }
                bytes.append(UInt8(ascii: "\n"))
            }
        }
        for start in stride(from: 0, to: shape.species, by: 10) {
            append(mixingRatios[start..<min(start + 10, shape.species)])
        }
        append([temperature, eddyDiffusion, numberDensity, ozone, carbonDioxideDensity])
        append(particles[...])
        return bytes
    }

    /// Reads a block of `levels` lines with `columns` numbers each; returns one array for each column.
    private static func block(
        _ text: FortranText, _ line: Int, _ levels: Int, _ columns: Int
    ) throws(AtmosFileError) -> [[Double]] {
        var block: [[Double]] = []
        for column in 0..<columns {
            var values: [Double] = []
            values.reserveCapacity(levels)
            for level in 0..<levels {
                values.append(try text.number(line + level, column * width..<(column + 1) * width))
            }
            block.append(values)
        }
        return block
    }
}

extension DistFile.Shape {
    /// Returns the number of columns of a line, counted from 0; `nil` for the particles, whose number is not part of
    /// the shape.
    fileprivate func columns(_ line: Int) -> Int? {
        let block = line / levels
        let blocks = (species + 9) / 10
        return block < blocks ? min(10, species - 10 * block) : block == blocks ? 5 : nil
    }
}
