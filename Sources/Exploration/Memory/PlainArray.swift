import Glibc

/// Elements side by side in memory, for the search's inner loop.
///
/// It has one owner, like `UniqueArray` of swift-collections, so that a change need not check whether the memory is shared.
/// Beyond that, large arrays are on large pages, as a search accesses its points in no order of memory: a flood of 5
/// million points takes 0.86 s of user time with them and 0.99 s without (medians of 5, master and worker in one process).
/// Memory can start as zeros without being written, and ``unchecked`` gives the inner loops a plain pointer.
package struct PlainArray<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var memory: UnsafeMutablePointer<Element>
    @usableFromInline var count: Int
    @usableFromInline var capacity: Int

    /// Creates an empty array. The kernel provides memory only when it is used.
    init(capacity: Int = 0) {
        memory = Self.allocate(capacity, isZeroed: false)
        self.capacity = capacity
        count = 0
    }

    init(repeating element: Element, count: Int) {
        self.init(capacity: count)
        for _ in 0..<count { append(element) }
    }

    init(zeros count: Int) where Element: FixedWidthInteger {
        memory = Self.allocate(count, isZeroed: true)
        capacity = count
        self.count = count
    }

    init(_ elements: some Collection<Element>) {
        self.init(capacity: elements.count)
        for element in elements { append(element) }
    }

    deinit { free(memory) }

    var isEmpty: Bool { count == 0 }

    /// The elements without bounds checks, for an inner loop: valid until the array grows.
    @inline(__always)
    var unchecked: UnsafeMutablePointer<Element> { memory }

    @usableFromInline subscript(index: Int) -> Element {
        @inlinable @inline(__always) get {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "the index is in the array")
            return memory[index]
        }
        @inlinable @inline(__always) _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "the index is in the array")
            yield &memory[index]
        }
    }

    @inlinable @inline(__always)
    mutating func append(_ element: Element) {
        if count == capacity { grow() }
        memory[count] = element
        count += 1
    }

    /// Whether the next element needs more memory.
    @inlinable @inline(__always) var isFull: Bool { count == capacity }

    /// Removes all elements and keeps the memory.
    @inlinable @inline(__always) mutating func removeAll() { count = 0 }

    @usableFromInline
    mutating func removeFirst(_ number: Int) {
        precondition(number >= 0 && number <= count, "there are that many elements")
        memory.update(from: memory + number, count: count - number)
        count -= number
    }

    mutating func popLast() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        return memory[count]
    }

    mutating func sort(by areInOrder: (Element, Element) -> Bool) {
        var elements = UnsafeMutableBufferPointer(start: memory, count: count)
        elements.sort(by: areInOrder)
    }

    @inline(never) @usableFromInline
    mutating func grow() {
        capacity = max(16, 2 * capacity)
        let larger = Self.allocate(capacity, isZeroed: false)
        larger.update(from: memory, count: count)
        free(memory)
        memory = larger
    }

    private static var largePage: Int { 1 << 21 }

    private static func allocate(_ capacity: Int, isZeroed: Bool) -> UnsafeMutablePointer<Element> {
        let bytes = max(1, capacity) * MemoryLayout<Element>.stride
        var memory: UnsafeMutableRawPointer?
        if bytes < 2 * largePage {
            memory = isZeroed ? calloc(bytes, 1) : malloc(bytes)
        } else if posix_memalign(&memory, largePage, bytes) == 0, let memory {
            // Only a hint: small pages do as well.
            madvise(memory, bytes, MADV_HUGEPAGE)
            if isZeroed { memset(memory, 0, bytes) }
        }
        guard let memory else { fatalError("no memory for \(bytes) bytes") }
        return memory.bindMemory(to: Element.self, capacity: capacity)
    }
}
