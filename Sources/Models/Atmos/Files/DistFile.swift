/// The chemistry's state: `in.dist` and `out.dist`.
///
/// Levels run from the surface up. What is read and written again is the same to the byte: the file has eight digits of
/// each number.
package struct DistFile: Sendable, Equatable {
    /// The shape that a compiled program reads and writes.
    package struct Shape: Sendable, Equatable {
        /// Long-lived species: NQ.
        package let species: Int
        /// Levels: NZ.
        package let levels: Int

        package init(species: Int, levels: Int = 200) {
            self.species = species
            self.levels = levels
        }

        /// Species stand in blocks of ten columns; temperature and the like, and the particles, have a block each.
        package var lineCount: Int { levels * ((species + 9) / 10 + 2) }
    }

    /// What can be said of a file without its meaning.
    package enum Condition: Sendable, Equatable {
        case good
        case missing
        /// Older than the run that should have written it.
        case stale
        /// Other lines than the shape asks for, or a line cut short.
        case incomplete(lines: Int, expected: Int)
        /// NaN, an infinity, or a value too wide for its field, on that line, from 1.
        case notFinite(line: Int)
    }

    /// Width of every number.
    private static let width = 17
    private static let digits = 8

    package let shape: Shape

    /// Mixing ratios, (species, level), species in the order of the species table.
    package private(set) var mixingRatios: [[Double]]
    /// K
    package private(set) var temperature: [Double]
    /// cm2/s
    package private(set) var eddyDiffusion: [Double]
    /// molecules/cm3
    package private(set) var numberDensity: [Double]
    /// Ozone mixing ratio.
    package private(set) var ozone: [Double]
    /// Number density of carbon dioxide, molecules/cm3.
    package private(set) var carbonDioxideDensity: [Double]
    /// Concentrations, fall speeds and radii of the particle types: (quantity, level).
    package private(set) var particles: [[Double]]

    /// Looks at the bytes of a file; `nil` bytes are those of a missing file.
    ///
    /// - Parameter fresh: whether the file is newer than the start of the run.
    package static func condition(of bytes: [UInt8]?, shape: Shape, fresh: Bool = true) -> Condition {
        guard let bytes else { return .missing }
        guard fresh else { return .stale }
        let text = FortranText(bytes, file: "out.dist")
        for (line, range) in text.lines.enumerated() {
            // Numbers are made of digits, signs, points, exponent letters and blanks.
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

    /// - Throws: when the file has not the shape, or a number is not finite.
    package init(
        _ bytes: [UInt8], shape: Shape, file: String = "out.dist"
    ) throws(AtmosFileError) {
        switch Self.condition(of: bytes, shape: shape) {
        case .good: break
        case .notFinite(let line): throw AtmosFileError(file, line: line, "holds a number that is not finite")
        case .incomplete(let lines, let expected) where lines != expected:
            throw AtmosFileError(file, "has \(lines) lines, not \(expected)")
        default: throw AtmosFileError(file, "has a line that is cut short")
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

    /// Every column, in the order of the file: species, temperature and the like, particles.
    var columns: [[Double]] {
        mixingRatios + [temperature, eddyDiffusion, numberDensity, ozone, carbonDioxideDensity] + particles
    }

    /// - Parameter columns: as ``columns`` gives them: the shape's species, five of the atmosphere, the particles.
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

    /// The file.
    package var bytes: [UInt8] {
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

    /// `columns` numbers a line, `levels` lines: one array for each column.
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
    /// Numbers on a line, from 0; `nil` for the particles, whose kinds the shape does not know.
    fileprivate func columns(_ line: Int) -> Int? {
        let block = line / levels
        let blocks = (species + 9) / 10
        return block < blocks ? min(10, species - 10 * block) : block == blocks ? 5 : nil
    }
}
