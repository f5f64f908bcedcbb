import Atmospheres
import CPrefetch

/// Every point that a search has met, 24 bytes each, found by id or by key. One search owns it, and one thread uses it.
///
/// Open addressing over 4-byte slots; at most 2/3 of the slots are taken, so that a point costs 30 to 36 bytes in all.
/// Sixteen consecutive keys hash to one cache line: a search meets them soon after one another.
package final class PointTable {
    enum Phase: UInt8 {
        /// Known from an earlier run's results, not yet reached in this one.
        case recalled
        /// Reached and waiting to be asked.
        case open
        case pending
        case settled
    }

    struct Entry: BitwiseCopyable, Sendable {
        static let none = UInt32.max

        let key: UInt64
        /// Number of the parent; `none` for the origin.
        private(set) var parent = none
        /// What the search's owner keeps with a settled point; `none` until then.
        var tag = none
        var generation: Int32 = 0
        var outcome: Outcome = .pending
        /// Evaluations told so far.
        var attempts: UInt8 = 0
        /// The step that leads here from the parent; ``unknownStep`` if it is not known, or does not fit.
        private(set) var step: UInt8 = unknownStep
        /// The phase in the two lowest bits, and then the layer.
        private var bits: UInt8

        static let unknownStep = UInt8.max

        private static let phaseBits: UInt8 = 0b011
        private static let oddLayerBit: UInt8 = 0b100

        init(
            key: UInt64, parent: UInt32 = none, step: Int = Int(unknownStep), tag: UInt32 = none,
            generation: Int32 = 0, outcome: Outcome = .pending, phase: Phase, attempts: UInt8 = 0
        ) {
            self.key = key
            self.parent = parent
            self.step = UInt8(clamping: step)
            self.tag = tag
            self.generation = generation
            self.outcome = outcome
            self.attempts = attempts
            bits = phase.rawValue
        }

        var phase: Phase {
            get { Phase(rawValue: bits & Self.phaseBits)! }
            set { bits = bits & ~Self.phaseBits | newValue.rawValue }
        }

        /// Whether the point belongs to an odd layer of the search: tells this layer from the next.
        var inOddLayer: Bool {
            get { bits & Self.oddLayerBit != 0 }
            set { bits = bits & ~Self.oddLayerBit | (newValue ? Self.oddLayerBit : 0) }
        }

        /// Whether the point is open and has its outcome from an earlier run.
        var isRecalled: Bool { phase == .open && outcome != .pending }

        mutating func setParent(_ id: PointID, step: Int, generation: Int32) {
            parent = id.number
            self.step = UInt8(clamping: step)
            self.generation = generation
        }
    }

    private var entries: PlainArray<Entry>
    /// Entry number + 1; 0 for a free slot. The count is a power of two.
    private var slots: PlainArray<UInt32>
    private var shift: UInt64

    /// Entries for which memory is reserved at most: 96 MiB of address space.
    private static let mostReserved: UInt64 = 1 << 22
    /// Slots at the start, as powers of two.
    private static let fewestSlotBits = 10
    private static let mostSlotBits = 21

    /// Creates an empty table.
    ///
    /// - Parameter points: upper bound on the points that will be met. Reserving memory for them avoids growing, which
    ///   costs more than the search itself.
    init(for points: UInt64) {
        let points = Int(min(points, Self.mostReserved))
        entries = PlainArray(capacity: points)
        var bits = Self.fewestSlotBits
        while bits < Self.mostSlotBits, points * 3 > 2 << bits { bits += 1 }
        slots = PlainArray(zeros: 1 << bits)
        shift = 64 - UInt64(bits) + lineBits
    }

    var count: Int { entries.count }

    var bytesPerPoint: Double {
        let bytes = entries.count * MemoryLayout<Entry>.stride + slots.count * MemoryLayout<UInt32>.stride
        return Double(bytes) / Double(max(entries.count, 1))
    }

    subscript(id: PointID) -> Entry {
        @inline(__always) get { entries[id.index] }
        @inline(__always) _modify { yield &entries[id.index] }
    }

    /// Returns the point with this key, if it was met. Constant time on average.
    func find(_ key: UInt64) -> PointID? { lookup.point(in: lookup.find(key)) }

    /// Inserts an entry. Constant time on average.
    ///
    /// - Precondition: the table does not hold the entry's key.
    func insert(_ entry: Entry) -> PointID {
        reserve(1)
        return insert(entry, in: lookup.find(entry.key))
    }

    /// The slot that refers to a key, or would: valid until the table grows.
    struct Slot: BitwiseCopyable {
        fileprivate let index: Int
    }

    /// The table's memory, for an inner loop: valid until something is inserted.
    struct Lookup {
        fileprivate let entries: UnsafeMutablePointer<Entry>
        fileprivate let slots: UnsafeMutablePointer<UInt32>
        fileprivate let mask: Int
        fileprivate let shift: UInt64

        /// Returns the slot that refers to `key`, or the free one that would.
        @inline(__always)
        func find(_ key: UInt64) -> Slot { find(key, from: home(of: key)) }

        /// Has the processor fetch the memory in which the search for `key` begins.
        @inline(__always)
        func prefetch(_ key: UInt64) { shim_prefetch(slots + home(of: key).index) }

        @inline(__always)
        private func home(of key: UInt64) -> Slot {
            // Fibonacci hashing (Knuth, TAOCP 3, section 6.4) of the line: its product with 2^64/phi, the high bits.
            let line = ((key >> lineBits) &* 0x9E37_79B9_7F4A_7C15) &>> shift
            return Slot(index: Int(truncatingIfNeeded: line << lineBits | key & (1 << lineBits - 1)))
        }

        @inline(__always)
        fileprivate func find(_ key: UInt64, from start: Slot) -> Slot {
            var index = start.index
            while true {
                let taken = slots[index]
                if taken == 0 || entries[Int(taken) &- 1].key == key { return Slot(index: index) }
                index = (index &+ stride) & mask
            }
        }

        /// Returns the point that a slot refers to; `nil` if it is free.
        @inline(__always)
        func point(in slot: Slot) -> PointID? {
            let taken = slots[slot.index]
            return taken == 0 ? nil : PointID(taken &- 1)
        }
    }

    @inline(__always)
    var lookup: Lookup {
        Lookup(entries: entries.unchecked, slots: slots.unchecked, mask: slots.count &- 1, shift: shift)
    }

    /// Grows if `more` points would not fit, so that slots stay valid while they are inserted.
    @inline(__always)
    func reserve(_ more: Int) {
        precondition(entries.count + more < Int(UInt32.max) - 1, "a search meets fewer than 2^32 points")
        if (entries.count + more) * 3 > slots.count * 2 { grow(for: more) }
    }

    /// Inserts an entry in the slot found for its key, or in the next free one if that was taken since.
    ///
    /// - Precondition: room was reserved before the slot was found, and the table does not hold the key.
    @inline(__always)
    func insert(_ entry: Entry, in slot: Slot) -> PointID {
        let index = lookup.find(entry.key, from: slot).index
        precondition(slots[index] == 0, "a point is inserted once")
        let id = PointID(UInt32(truncatingIfNeeded: entries.count))
        entries.append(entry)
        slots[index] = id.number &+ 1
        return id
    }

    private func grow(for more: Int) {
        var count = slots.count
        while (entries.count + more) * 3 > count * 2 {
            count *= 2
            shift -= 1
        }
        slots = PlainArray(zeros: count)
        for number in 0..<entries.count {
            slots[lookup.find(entries[number].key).index] = UInt32(truncatingIfNeeded: number) + 1
        }
    }
}

/// Sixteen 4-byte slots fill a cache line of 64 bytes.
private let lineBits: UInt64 = 4
/// From a taken slot to the next to try: the next line plus one slot, as a search may hold only keys of one offset within
/// their lines. Odd, so that it reaches every slot.
private let stride = 17
