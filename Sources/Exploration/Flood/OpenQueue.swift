/// The open points of a flood, in the order that its rules ask for.
///
/// It has both queues and uses one. An enumeration would be the obvious type, but its payload cannot be changed in place.
struct OpenQueue: ~Copyable {
    /// Whether the order is ``Frontier/Order/generations``.
    let isLayered: Bool
    var layered = LayeredQueue()
    private var arrival: ArrivalQueue

    init(_ rules: Frontier.Rules) {
        isLayered = rules.order == .generations
        arrival = ArrivalQueue(keepsFirstParent: rules.keepsFirstParent)
    }

    /// Adds a point that was just opened.
    @inline(__always)
    mutating func append(_ id: PointID, in table: PointTable) {
        if isLayered { layered.append(id, in: table) } else { arrival.append(id, isRecalled: table[id].isRecalled) }
    }

    /// Adds a settled point that is to be asked again.
    mutating func reopen(_ id: PointID, in table: PointTable) {
        if isLayered { layered.reopen(id, in: table) } else { arrival.append(id, isRecalled: false) }
    }

    @inline(__always)
    mutating func popFirst() -> PointID? { isLayered ? layered.popFirst() : arrival.popFirst() }

    /// Returns a point that the search has reached and whose result may be known from an earlier run.
    mutating func popRecalled() -> PointID? { isLayered ? layered.popRecalled() : arrival.popRecalled() }

    /// Notes that a point is settled.
    ///
    /// - Returns: whether what follows from it is to be done now.
    @inline(__always)
    mutating func didSettle(_ id: PointID, _ entry: PointTable.Entry) -> Bool {
        isLayered ? layered.didSettle(id, entry) : true
    }

    /// Returns whether an open point may still get another parent.
    @inline(__always)
    func mayChangeParent(of entry: PointTable.Entry) -> Bool {
        isLayered ? !layered.contains(entry) : arrival.mayChangeParent(of: entry)
    }

    /// Returns whether a settled point must not be a parent yet.
    func isHeldBack(_ id: PointID) -> Bool { isLayered && layered.isToldAhead(id) }
}
