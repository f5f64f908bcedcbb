/// Open points in layers: those of a layer are asked when every point of the layer before it is settled.
///
/// A point of the next layer may be asked ahead, if it is certain that nothing in this layer changes its parent. What
/// follows from such a point then waits until its layer begins.
struct LayeredQueue: ~Copyable {
    /// Points of this layer.
    private var current = PlainQueue<PointID>()
    /// Points of the next layer, some of them already asked.
    private(set) var next = PlainArray<PointID>()
    /// Points of `next` whose parents are final.
    private var ready = PlainQueue<PointID>()
    /// Points of `next` that are settled already.
    private var toldAhead: [PointID] = []
    /// Points of this layer whose result may be known from an earlier run; the last one is settled first.
    private var recalled = PlainArray<PointID>()
    /// Whether points of `next` are asked, and `ready` is kept up to date.
    var isLookingAhead = false
    /// Points of this layer that are not settled.
    private(set) var unsettled = 0
    private var isOdd = false

    /// Returns whether a point belongs to this layer.
    @inline(__always)
    func contains(_ entry: PointTable.Entry) -> Bool { entry.inOddLayer == isOdd }

    /// Adds a point to the next layer.
    @inline(__always)
    mutating func append(_ id: PointID, in table: PointTable) {
        table[id].inOddLayer = !isOdd
        next.append(id)
    }

    /// Adds a point to this layer, to be asked again.
    mutating func reopen(_ id: PointID, in table: PointTable) {
        table[id].inOddLayer = isOdd
        unsettled += 1
        current.append(id)
    }

    @inline(__always)
    mutating func popFirst() -> PointID? { current.popFirst() }

    mutating func popRecalled() -> PointID? { recalled.popLast() }

    /// Notes that a point is settled.
    ///
    /// - Returns: whether it belongs to this layer, so that what follows from it is to be done now.
    @inline(__always)
    mutating func didSettle(_ id: PointID, _ entry: PointTable.Entry) -> Bool {
        if contains(entry) {
            unsettled -= 1
            return true
        }
        toldAhead.append(id)
        return false
    }

    /// Returns whether a point of the next layer is settled, and not yet allowed to be a parent.
    func isToldAhead(_ id: PointID) -> Bool { toldAhead.contains(id) }

    /// Makes the next layer the current one. Those of its points that were asked ahead are passed over in their turn.
    mutating func beginNext() {
        ready.removeAll()
        isLookingAhead = false
        isOdd.toggle()
        unsettled = next.count - toldAhead.count
        current.take(&next)
    }

    /// Returns the points of this layer that were settled before it began, and forgets them.
    mutating func takeToldAhead() -> [PointID] {
        defer { toldAhead = [] }
        return toldAhead
    }

    /// Sorts the points of this layer.
    mutating func sort(by areInOrder: (PointID, PointID) -> Bool) { current.sort(by: areInOrder) }

    /// Has every point of this layer returned by ``popRecalled()``, the first one first.
    mutating func recallAll() {
        recalled.removeAll()
        for i in (0..<current.count).reversed() { recalled.append(current[i]) }
    }

    mutating func appendReady(_ id: PointID) { ready.append(id) }

    mutating func popReady() -> PointID? { ready.popFirst() }
}
