/// What a solved point keeps for its neighbours: the files of both models, to the byte, and the temperatures of its
/// ancestors.
///
/// The state of the chemistry, by far the largest part, is encoded as little-endian numbers, which halves its size, if
/// they reproduce its text to the byte.
struct AtmosSolution: Sendable, Equatable {
    /// A solved point on the path from the origin.
    struct Ancestor: Sendable, Equatable {
        /// The mixing ratios, in the order of the composition.
        let mixingRatios: [Double]
        /// The temperature of each level of the climate model, K, from the top of the atmosphere to the surface.
        let temperature: [Double]
    }

    /// The number of ancestors that are kept.
    private static let longestTrail = 8
    private static let magic: [UInt8] = Array("ATMOS1\n\0".utf8)

    /// The contents of `out.dist`.
    var chemistry: [UInt8]
    /// The contents of `TempOut.dat`.
    var climate: [UInt8]
    /// The contents of `COUPLE/fromClima2Photo.dat`.
    var coupling: [UInt8]
    /// The number of steps after which the last pass of the climate model was at rest.
    var restSteps: Int
    /// The point itself and its ancestors, the nearest first.
    private(set) var trail: [Ancestor]

    /// Creates a solution; of `trail`, only the nearest ancestors are kept.
    init(chemistry: [UInt8], climate: [UInt8], coupling: [UInt8], restSteps: Int, trail: [Ancestor]) {
        self.restSteps = restSteps
        self.chemistry = chemistry
        self.climate = climate
        self.coupling = coupling
        self.trail = Array(trail.prefix(Self.longestTrail))
    }

    /// Encodes the solution; `shape` is that of the tree's chemistry.
    func bytes(_ shape: DistFile.Shape) -> [UInt8] {
        var writer = NumberWriter(bytes: Self.magic)
        if let state = try? DistFile(chemistry, shape: shape), state.bytes == chemistry {
            writer.put(state.columns.count)
            for column in state.columns { writer.put(column) }
        } else {
            writer.put(0)
            writer.put(chemistry)
        }
        writer.put(climate)
        writer.put(coupling)
        writer.put(restSteps)
        writer.put(trail.count)
        for ancestor in trail {
            writer.put(ancestor.temperature.count)
            writer.put(ancestor.mixingRatios + ancestor.temperature)
        }
        return writer.bytes
    }

    /// Decodes a solution.
    ///
    /// - Parameters:
    ///   - bytes: an encoded solution.
    ///   - shape: the shape of the tree's chemistry.
    ///   - gases: the number of gases in a composition.
    /// - Throws: an error if the bytes are not a solution of this tree.
    init(_ bytes: [UInt8], shape: DistFile.Shape, gases: Int) throws(AtmosFileError) {
        var reader = NumberReader(bytes: bytes)
        guard reader.raw(Self.magic.count) == Self.magic, let chemistry = reader.chemistry(shape),
            let climate = reader.raw(), let coupling = reader.raw(), let restSteps = reader.count(),
            let ancestors = reader.count()
        else { throw AtmosFileError("the parent's solution", "does not belong to this Atmos tree") }
        var trail: [Ancestor] = []
        for _ in 0..<ancestors {
            guard let levels = reader.count(), let numbers = reader.numbers(gases + levels) else {
                throw AtmosFileError("the parent's solution", "is truncated")
            }
            trail.append(
                Ancestor(mixingRatios: Array(numbers.prefix(gases)), temperature: Array(numbers.dropFirst(gases))))
        }
        self.init(chemistry: chemistry, climate: climate, coupling: coupling, restSteps: restSteps, trail: trail)
    }
}

private struct NumberWriter {
    var bytes: [UInt8]

    mutating func put(_ numbers: [Double]) {
        for number in numbers { withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 } }
    }

    mutating func put(_ count: Int) { withUnsafeBytes(of: UInt32(count).littleEndian) { bytes += $0 } }

    mutating func put(_ raw: [UInt8]) {
        put(raw.count)
        bytes += raw
    }
}

private struct NumberReader {
    let bytes: [UInt8]
    private var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func raw(_ count: Int) -> [UInt8]? {
        guard count >= 0, offset + count <= bytes.count else { return nil }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    mutating func raw() -> [UInt8]? { count().flatMap { raw($0) } }

    mutating func count() -> Int? {
        guard let raw = raw(4) else { return nil }
        return raw.enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    }

    mutating func numbers(_ count: Int) -> [Double]? {
        guard let raw = raw(8 * count) else { return nil }
        return raw.withUnsafeBytes { raw in
            (0..<count).map {
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
            }
        }
    }

    mutating func chemistry(_ shape: DistFile.Shape) -> [UInt8]? {
        guard let count = count() else { return nil }
        if count == 0 { return raw() }
        guard count >= shape.species + 5 else { return nil }
        var columns: [[Double]] = []
        for _ in 0..<count {
            guard let column = numbers(shape.levels) else { return nil }
            columns.append(column)
        }
        return DistFile(columns: columns, shape: shape).bytes
    }
}
