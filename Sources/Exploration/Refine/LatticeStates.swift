/// What is known of every position of a lattice, one byte each.
struct LatticeStates: Sendable {
    enum Kind: UInt8 {
        case unknown = 0
        case stable = 1
        /// Evaluated, with any other outcome.
        case other = 2
        /// No such atmosphere: its filler would be negative.
        case missing = 3
    }

    private static let kindBits: UInt8 = 0b11
    /// The kind that the last estimate gave an unknown position; 0 for none.
    private static let predictedShift: UInt8 = 2
    private static let predictedBits: UInt8 = 0b1100
    /// An evaluated point that a flood from the stable points known would not visit.
    private static let wasteBit: UInt8 = 0b1_0000
    /// Chosen for the round that is being made.
    private static let chosenBit: UInt8 = 0b10_0000

    let shape: LatticeShape
    private var bytes: [UInt8]

    init(_ lattice: Lattice) {
        shape = lattice.shape
        bytes = Array(repeating: 0, count: shape.count)
        markMissing(lattice)
    }

    var count: Int { bytes.count }

    /// Number of positions along each axis.
    var axes: [Int] { shape.counts }
    /// What one step along each axis adds to a key.
    var strides: [Int] { shape.strides }

    /// Marks the positions that have no atmosphere.
    ///
    /// Values ascend along the last axis, so these are at the end of each line along it, and bisection finds the first.
    private mutating func markMissing(_ lattice: Lattice) {
        let last = lattice.dimensions - 1
        let length = axes[last]
        // A line for each position whose last index is 0.
        let lines = axes.dropLast().map { 0..<$0 } + [0..<1]
        var probe = [Int](repeating: 0, count: lattice.dimensions)
        shape.forEach(in: lines) { line, indices in
            for axis in 0..<last { probe[axis] = indices[axis] }
            probe[last] = length - 1
            if lattice.isFeasible(probe) { return }
            var (low, high) = (0, length - 1)
            while low < high {
                probe[last] = (low + high) / 2
                if lattice.isFeasible(probe) { low = probe[last] + 1 } else { high = probe[last] }
            }
            for key in line + low..<line + length { bytes[key] = Kind.missing.rawValue }
        }
    }

    subscript(key: Int) -> Kind {
        get { Kind(rawValue: bytes[key] & Self.kindBits)! }
        set { bytes[key] = bytes[key] & ~Self.kindBits | newValue.rawValue }
    }

    func predicted(_ key: Int) -> Kind {
        Kind(rawValue: (bytes[key] & Self.predictedBits) >> Self.predictedShift)!
    }

    mutating func predict(_ key: Int, _ kind: Kind) {
        bytes[key] = bytes[key] & ~Self.predictedBits | kind.rawValue << Self.predictedShift
    }

    /// Returns the known kind of a position, or else the predicted one.
    func label(_ key: Int) -> Kind {
        let kind = self[key]
        return kind == .unknown ? predicted(key) : kind
    }

    func isWaste(_ key: Int) -> Bool { bytes[key] & Self.wasteBit != 0 }

    mutating func setWaste(_ key: Int, _ isWaste: Bool) {
        bytes[key] = bytes[key] & ~Self.wasteBit | (isWaste ? Self.wasteBit : 0)
    }

    func isChosen(_ key: Int) -> Bool { bytes[key] & Self.chosenBit != 0 }

    mutating func setChosen(_ key: Int, _ isChosen: Bool) {
        bytes[key] = bytes[key] & ~Self.chosenBit | (isChosen ? Self.chosenBit : 0)
    }
}
