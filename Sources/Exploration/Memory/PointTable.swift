import Atmospheres
import CPrefetch

/// The number of a point in a frontier: dense, in order of discovery.
public struct PointID: Hashable, Sendable, BitwiseCopyable {
    public let number: UInt32

    public init(_ number: UInt32) { self.number = number }

    var index: Int { Int(number) }
}

/// Every point that a search has met, 24 bytes each, found again by its key. One search has it, and one thread uses it.
///
/// Open addressing over 4-byte slots; at most 2/3 of the slots are taken, so that a point costs 30 to 36 bytes in all.
/// Sixteen keys that follow each other have their homes on one cache line: a search meets them one soon after the other.
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

    private var entries: PlainArray<Entry>
    /// Entry number + 1; 0 = free. The count is a power of two.
    private var slots: PlainArray<UInt32>
    private var shift: UInt64

    /// - Parameter points: at most so many will be met. To grow costs more than to search: the memory is new each time.
    init(for points: UInt64) {
        let points = Int(min(points, 1 << 22))
        entries = PlainArray(capacity: points)
        var bits = 10
        while bits < 21, points * 3 > 2 << bits { bits += 1 }
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

    func find(_ key: UInt64) -> PointID? { lookup.point(at: lookup.look(for: key)) }

    /// - Precondition: the table does not hold the entry's key.
    func insert(_ entry: Entry) -> PointID {
        reserve(1)
        return insert(entry, reservedAt: lookup.look(for: entry.key))
    }

    /// Where a key is in the table, or would be: good until the table grows.
    struct Place: BitwiseCopyable {
        fileprivate let slot: Int
    }

    /// The table's memory at one time, for an inner loop: good until something is inserted.
    struct Lookup {
        fileprivate let entries: UnsafeMutablePointer<Entry>
        fileprivate let slots: UnsafeMutablePointer<UInt32>
        fileprivate let mask: Int
        fileprivate let shift: UInt64

        @inline(__always)
        func look(for key: UInt64) -> Place { look(for: key, from: home(of: key)) }

        @inline(__always)
        func prepare(_ key: UInt64) { shim_prefetch(slots + home(of: key).slot) }

        @inline(__always)
        private func home(of key: UInt64) -> Place {
            // Fibonacci hashing (Knuth, TAOCP 3, section 6.4) of the line: the high bits of it x 2^64/phi.
            let line = ((key >> lineBits) &* 0x9E37_79B9_7F4A_7C15) &>> shift
            return Place(slot: Int(truncatingIfNeeded: line << lineBits | key & (1 << lineBits - 1)))
        }

        /// The first place from `start` on that refers to `key` or is free.
        @inline(__always)
        fileprivate func look(for key: UInt64, from start: Place) -> Place {
            var slot = start.slot
            while true {
                let taken = slots[slot]
                if taken == 0 || entries[Int(taken) &- 1].key == key { return Place(slot: slot) }
                slot = (slot &+ stride) & mask
            }
        }

        /// The point at a place; `nil` when the table does not hold the key.
        @inline(__always)
        func point(at place: Place) -> PointID? {
            let taken = slots[place.slot]
            return taken == 0 ? nil : PointID(taken &- 1)
        }
    }

    @inline(__always)
    var lookup: Lookup {
        Lookup(entries: entries.unchecked, slots: slots.unchecked, mask: slots.count &- 1, shift: shift)
    }

    /// Grows where so many more points would not fit, so that places stay good.
    @inline(__always)
    func reserve(_ more: Int) {
        precondition(entries.count + more < Int(UInt32.max) - 1, "a frontier holds fewer than 2^32 points")
        if (entries.count + more) * 3 > slots.count * 2 { grow(for: more) }
    }

    /// Inserts an entry at the place of its key, or after those that have taken that since it was looked for.
    ///
    /// - Precondition: room was reserved before the place was looked for, and the table does not hold the key.
    @inline(__always)
    func insert(_ entry: Entry, reservedAt place: Place) -> PointID {
        let slot = lookup.look(for: entry.key, from: place).slot
        precondition(slots[slot] == 0, "a point is inserted once")
        let id = PointID(UInt32(truncatingIfNeeded: entries.count))
        entries.append(entry)
        slots[slot] = id.number &+ 1
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
            slots[lookup.look(for: entries[number].key).slot] = UInt32(truncatingIfNeeded: number) + 1
        }
    }
}

/// Sixteen keys have their homes on one line.
private let lineBits: UInt64 = 4
/// From a taken slot to the next to look at: in the next line, and not in the same place of it, where the search might
/// have only keys of that place. Odd, so that it comes to every slot.
private let stride = 17
