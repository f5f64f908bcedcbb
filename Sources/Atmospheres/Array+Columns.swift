/// A column of a batch that is filled, handed on and emptied many thousand times a second, often with one element.
///
/// Measured for `Double` on the reference machine, ns a call: appending 1, 4, 8 and 16 elements takes 11, 12, 13 and 15
/// one by one, and 15 in bulk; emptying an array of one element takes 7 by `removeLast` and 13 by `removeAll`. Inlinable:
/// other modules would otherwise call generic code, which makes a batch cost four times as much.
extension Array where Element: BitwiseCopyable {
    /// Up to this many elements, appending one by one is not slower than a bulk copy.
    @inlinable package static var bulkCopyThreshold: Int { 8 }

    /// Appends a range of another column.
    @inlinable @inline(__always)
    package mutating func append(_ range: Range<Int>, ofColumn other: [Element]) {
        if range.count <= Self.bulkCopyThreshold {
            for i in range { append(other[i]) }
        } else {
            // From raw memory: an `ArraySlice` would retain the source array (20 ns instead of 15).
            other.withUnsafeBufferPointer { append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
        }
    }

    /// Appends elements from memory of any alignment.
    @inlinable @inline(__always)
    package mutating func append(columnAt bytes: UnsafeRawPointer, count: Int) {
        if count == 0 { return }
        let first = bytes.loadUnaligned(as: Element.self)
        if count == 1 {
            append(first)
        } else {
            // Makes room, then copies over it: appending unaligned elements one by one costs 3 ns each.
            let start = self.count * MemoryLayout<Element>.stride
            append(contentsOf: repeatElement(first, count: count))
            withUnsafeMutableBytes { memory in
                memory[start...].copyBytes(
                    from: UnsafeRawBufferPointer(start: bytes, count: count * MemoryLayout<Element>.stride))
            }
        }
    }

    /// Removes all elements and keeps the memory.
    @inlinable @inline(__always)
    package mutating func emptyColumn() {
        if count == 1 { removeLast() } else { removeAll(keepingCapacity: true) }
    }
}
