import Atmospheres

/// The number of a point in a frontier: dense, in order of discovery.
public struct PointID: Hashable, Sendable, BitwiseCopyable {
    public let number: UInt32

    public init(_ number: UInt32) { self.number = number }

    var index: Int { Int(number) }
}

/// Every point that a search has met, 24 bytes each, found again by its key.
///
/// Open addressing over 4-byte slots; at most 2/3 of the slots are taken, so that a point costs 30 to 36 bytes in all.
/// Sixteen keys that follow each other have their homes on one cache line: a search meets them one soon after the other.
package struct PointTable: Sendable {
    enum Phase: UInt8 {
        /// Known from an earlier run's results, not yet reached in this one.
        case recalled
        /// Reached and waiting to be asked.
        case open
        case pending
        case settled
    }

    struct Entry: Sendable {
        static let none = UInt32.max

        let key: UInt64
        /// Number of the parent; `none` for the origin.
        private(set) var parent = none
        /// Row of the results file; `none` until the result is recorded.
        var row = none
        var generation: Int32 = 0
        var outcome: Outcome = .pending
        /// Evaluations told so far.
        var attempts: UInt8 = 0
        /// The step that leads here from the parent; ``unknownStep`` where it is not known, or has a larger number.
        private(set) var step: UInt8 = unknownStep
        /// The phase in the two lowest bits, and then the layer.
        private var bits: UInt8

        static let unknownStep = UInt8.max

        init(
            key: UInt64, parent: UInt32 = none, step: Int = Int(unknownStep), row: UInt32 = none,
            generation: Int32 = 0, outcome: Outcome = .pending, phase: Phase, attempts: UInt8 = 0
        ) {
            self.key = key
            self.parent = parent
            self.step = UInt8(clamping: step)
            self.row = row
            self.generation = generation
            self.outcome = outcome
            self.attempts = attempts
            bits = phase.rawValue
        }

        var phase: Phase {
            get { Phase(rawValue: bits & 3)! }
            set { bits = bits & ~3 | newValue.rawValue }
        }

        /// Whether the point belongs to an odd layer of the search: tells this layer from the next.
        var inOddLayer: Bool {
            get { bits & 4 != 0 }
            set { bits = bits & ~4 | (newValue ? 4 : 0) }
        }

        mutating func setParent(_ id: PointID, step: Int, generation: Int32) {
            parent = id.number
            self.step = UInt8(clamping: step)
            self.generation = generation
        }
    }

    private(set) var entries: [Entry] = []
    /// Entry number + 1; 0 = free. The count is a power of two.
    private var slots: [UInt32]
    private var shift: UInt64

    private static let lineBits: UInt64 = 4
    /// From a taken slot to the next to look at: in the next line, and not in the same place of it, where the search
    /// might have only keys of that place. Odd, so that it comes to every slot.
    private static let stride = 1 << Int(lineBits) + 1

    /// - Parameter points: at most so many will be met. To grow costs more than to search: the memory is new each time.
    init(for points: UInt64) {
        let points = Int(min(points, 1 << 22))
        // Not touched, and so not there, before it is used.
        entries.reserveCapacity(points)
        var bits = 10
        while bits < 20, points * 3 > 2 << bits { bits += 1 }
        slots = Array(repeating: 0, count: 1 << bits)
        shift = 64 - UInt64(bits) + Self.lineBits
    }

    var count: Int { entries.count }

    var bytesPerPoint: Double {
        let bytes = entries.count * MemoryLayout<Entry>.stride + slots.count * MemoryLayout<UInt32>.stride
        return Double(bytes) / Double(max(entries.count, 1))
    }

    subscript(id: PointID) -> Entry {
        get { entries[id.index] }
        _modify { yield &entries[id.index] }
    }

    @inline(__always)
    func find(_ key: UInt64) -> PointID? {
        let slot = slot(of: key)
        return slots[slot] == 0 ? nil : PointID(slots[slot] - 1)
    }

    /// - Precondition: the table does not hold the entry's key.
    mutating func insert(_ entry: Entry) -> PointID {
        let slot = slot(of: entry.key)
        precondition(slots[slot] == 0, "a point is inserted once")
        precondition(entries.count < Int(UInt32.max) - 1, "a frontier holds fewer than 2^32 points")
        let id = PointID(UInt32(entries.count))
        entries.append(entry)
        slots[slot] = id.number + 1
        if entries.count * 3 > slots.count * 2 { grow() }
        return id
    }

    /// The slot that refers to the entry with `key`; where there is none, the free one that would.
    @inline(__always)
    private func slot(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = home(of: key)
        while slots[slot] != 0, entries[Int(slots[slot] - 1)].key != key { slot = (slot + Self.stride) & mask }
        return slot
    }

    private func home(of key: UInt64) -> Int {
        // Fibonacci hashing (Knuth, TAOCP 3, section 6.4) of the line: the high bits of it x 2^64/phi.
        let line = ((key >> Self.lineBits) &* 0x9E37_79B9_7F4A_7C15) &>> shift
        return Int(truncatingIfNeeded: line << Self.lineBits | key & (1 << Self.lineBits - 1))
    }

    private mutating func grow() {
        let count = slots.count * 2
        slots = []
        slots = Array(repeating: 0, count: count)
        shift -= 1
        for number in entries.indices { slots[slot(of: entries[number].key)] = UInt32(number) + 1 }
    }
}
