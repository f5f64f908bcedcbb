/// What is known of every point of a lattice, a byte each.
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
    /// The kind that the last estimate gave an unknown point; 0 for none.
    private static let predictedShift: UInt8 = 2
    private static let predictedBits: UInt8 = 0b1100
    /// An evaluated point that a flood from the stable points known would not visit.
    private static let wasteBit: UInt8 = 0b1_0000
    /// Chosen for the round at hand.
    private static let chosenBit: UInt8 = 0b10_0000

    let axes: [Int]
    let strides: [Int]
    private var bytes: [UInt8]

    init(_ lattice: Lattice) {
        axes = lattice.axes.map(\.count)
        strides = lattice.strides.map(Int.init)
        bytes = Array(repeating: 0, count: Int(lattice.count))
        markMissing(lattice)
    }

    var count: Int { bytes.count }

    /// Values ascend along the last axis, so that every line of it has its missing points at the end.
    private mutating func markMissing(_ lattice: Lattice) {
        let last = lattice.dimensions - 1
        let length = axes[last]
        var indices = [Int](repeating: 0, count: lattice.dimensions)
        var line = 0
        while line < bytes.count {
            indices[last] = length - 1
            if !lattice.isFeasible(indices) {
                var (low, high) = (0, length - 1)
                while low < high {
                    indices[last] = (low + high) / 2
                    if lattice.isFeasible(indices) { low = indices[last] + 1 } else { high = indices[last] }
                }
                for place in low..<length { bytes[line + place] = Kind.missing.rawValue }
            }
            line += length
            var axis = last - 1
            while axis >= 0 {
                indices[axis] += 1
                if indices[axis] < axes[axis] { break }
                indices[axis] = 0
                axis -= 1
            }
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

    /// The kind that is known of a point, else the one predicted for it.
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

    func decompose(_ key: Int, into indices: inout [Int]) {
        var rest = key
        for axis in axes.indices {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: strides[axis])
            indices[axis] = quotient
            rest = remainder
        }
    }

    /// Calls `body` with the key of every point one step along one axis from the point with `key` and `indices`.
    func forEachNeighbour(of key: Int, _ indices: [Int], _ body: (Int) -> Void) {
        for axis in axes.indices {
            if indices[axis] > 0 { body(key - strides[axis]) }
            if indices[axis] < axes[axis] - 1 { body(key + strides[axis]) }
        }
    }

    func hasNeighbour(of key: Int, _ indices: [Int], where condition: (Int) -> Bool) -> Bool {
        for axis in axes.indices {
            if indices[axis] > 0, condition(key - strides[axis]) { return true }
            if indices[axis] < axes[axis] - 1, condition(key + strides[axis]) { return true }
        }
        return false
    }
}
