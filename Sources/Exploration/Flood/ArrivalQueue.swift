/// Open points in the order in which they were opened.
struct ArrivalQueue: ~Copyable {
    private var points = PlainQueue<PointID>()
    /// Points whose result is known from an earlier run, to be settled at once.
    private var recalled = PlainArray<PointID>()
    private let keepsFirstParent: Bool

    init(keepsFirstParent: Bool) { self.keepsFirstParent = keepsFirstParent }

    @inline(__always)
    mutating func append(_ id: PointID, isRecalled: Bool) {
        points.append(id)
        if isRecalled { recalled.append(id) }
    }

    @inline(__always)
    mutating func popFirst() -> PointID? { points.popFirst() }

    mutating func popRecalled() -> PointID? { recalled.popLast() }

    /// Returns whether an open point may still get another parent.
    func mayChangeParent(of entry: PointTable.Entry) -> Bool { entry.attempts == 0 && !keepsFirstParent }
}
