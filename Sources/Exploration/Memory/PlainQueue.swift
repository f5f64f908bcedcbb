/// A queue of elements in one ``PlainArray``: first in, first out.
package struct PlainQueue<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var elements = PlainArray<Element>()
    @usableFromInline var first = 0

    /// Creates an empty queue.
    package init() {}

    /// Number of elements.
    @inlinable @inline(__always) package var count: Int { elements.count - first }
    /// Whether there are no elements.
    @inlinable @inline(__always) package var isEmpty: Bool { elements.count == first }

    /// The element `index` elements behind the first.
    @inlinable @inline(__always) package subscript(index: Int) -> Element { elements[first + index] }

    /// Appends an element. Amortised constant time.
    @inlinable @inline(__always)
    package mutating func append(_ element: Element) {
        if first == elements.count {
            removeAll()
        } else if elements.isFull, first > elements.count / 2 {
            elements.removeFirst(first)
            first = 0
        }
        elements.append(element)
    }

    /// Removes and returns the first element; `nil` if there is none.
    @inlinable @inline(__always)
    package mutating func popFirst() -> Element? {
        guard first < elements.count else { return nil }
        defer { first += 1 }
        return elements[first]
    }

    /// Removes elements from the front while `isToGo` holds for their index behind the first and themselves.
    @inlinable @inline(__always)
    package mutating func removeFirst(while isToGo: (Int, Element) -> Bool) {
        let start = first
        while first < elements.count, isToGo(first - start, elements[first]) { first += 1 }
    }

    /// Removes the element `index` elements behind the first. Linear time.
    package mutating func remove(at index: Int) {
        for i in first + index..<elements.count - 1 { elements[i] = elements[i + 1] }
        _ = elements.popLast()
    }

    /// Removes all elements and keeps the memory.
    @inlinable @inline(__always)
    package mutating func removeAll() {
        elements.removeAll()
        first = 0
    }

    /// Replaces the elements by those of `others`, which gets the memory and no elements.
    mutating func take(_ others: inout PlainArray<Element>) {
        swap(&elements, &others)
        others.removeAll()
        first = 0
    }

    mutating func sort(by areInOrder: (Element, Element) -> Bool) { elements.sort(by: areInOrder) }
}
